"""Founding the company."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from sotong.audit.models import Entry
from sotong.people.actions.first_run import SetupLinkDead, found_company, has_owner, is_open, issue_setup_token
from sotong.people.models import Company, Person, SetupToken
from sotong.people.tests.conftest import AT, SECRET

GIVEN: dict[str, Any] = {
    "company": "한소리텔레콤",
    "language": "ko",
    "time_zone": "Asia/Seoul",
    "name": "김나래",
    "email": "Narae@Hansori.example",
    "password": SECRET,
}


@pytest.mark.django_db
class TestTheLink:
    def test_is_kept_as_a_hash_only(self) -> None:
        token = issue_setup_token()
        assert token is not None
        assert token not in str(list(SetupToken.objects.values()))

    def test_dies_when_a_newer_one_is_issued(self) -> None:
        old, new = issue_setup_token(), issue_setup_token()
        assert old and new
        assert not is_open(old)
        assert is_open(new)
        with pytest.raises(SetupLinkDead):
            found_company(token=old, at=AT, **GIVEN)
        assert not Company.objects.exists()

    def test_is_not_issued_once_an_owner_exists(self, narae: Person) -> None:
        assert issue_setup_token() is None

    def test_works_once(self) -> None:
        token = issue_setup_token()
        assert token
        found_company(token=token, at=AT, **GIVEN)
        with pytest.raises(SetupLinkDead):
            found_company(token=token, at=AT, **GIVEN)
        assert Person.objects.count() == 1
        assert has_owner()


@pytest.mark.django_db
def test_founding_makes_an_owner_who_may_begin_at_once() -> None:
    token = issue_setup_token()
    assert token
    owner = found_company(token=token, at=AT, **GIVEN)
    assert owner.email == "narae@hansori.example"
    assert owner.check_password(SECRET)
    assert (owner.roles, owner.authority, owner.is_owner) == (["administrator", "lead", "agent"], 4, True)
    assert Company.objects.get().name == "한소리텔레콤"
    entry = Entry.objects.get(action="people.found_company")
    assert (entry.person_id, entry.actor) == (owner.pk, "김나래")
    assert SECRET not in str(entry.detail)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_found_one_company() -> None:
    token = issue_setup_token()
    assert token
    outcomes: list[str] = []

    def found(name: str) -> None:
        try:
            found_company(token=token, at=AT, **{**GIVEN, "email": f"{name}@x.example"})
            outcomes.append("founded")
        except SetupLinkDead:
            outcomes.append("dead")
        finally:
            connection.close()

    threads = [threading.Thread(target=found, args=(f"p{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["dead", "dead", "dead", "founded"]
    assert Person.objects.count() == 1


@pytest.mark.django_db
class TestThePage:
    def post(self, client: Client, token: str, **changed: str) -> Any:
        return client.post(f"/first-run/{token}/", {**GIVEN, **changed})

    def test_signs_the_owner_in_and_says_how_to_begin(self, client: Client) -> None:
        token = issue_setup_token()
        assert token
        response = self.post(client, token)
        assert response.status_code == 302
        assert response.url == "/welcome/"
        assert client.get("/welcome/").status_code == 200

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("company", ""),
            ("language", "fr"),
            ("time_zone", "Mars/Base"),
            ("name", " "),
            ("email", "narae"),
            ("password", "short"),
            ("password", "1234567890"),
            ("password", "password123"),
            ("password", "narae@hansori"),
            ("company", "가" * 121),
        ],
    )
    def test_keeps_what_was_typed_and_says_what_is_wrong(self, client: Client, field: str, value: str) -> None:
        token = issue_setup_token()
        assert token
        response = self.post(client, token, **{field: value})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == [field]
        text = response.content.decode()
        kept = {"company": "한소리텔레콤", "name": "김나래", "password": SECRET} | {field: ""}
        assert all(word in text for word in kept.values())
        assert not has_owner()
        assert is_open(token)

    def test_of_a_dead_link_says_what_to_do(self, client: Client) -> None:
        response = client.get("/first-run/nonsense/")
        assert response.status_code == 410
        assert "sotong up" in response.content.decode()

    def test_of_a_used_link_leads_to_the_sign_in(self, client: Client, narae: Person) -> None:
        response = client.get("/first-run/nonsense/")
        assert response.status_code == 410
        assert "/accounts/login/" in response.content.decode()

    def test_is_never_kept_by_a_cache(self, client: Client) -> None:
        token = issue_setup_token()
        assert "no-store" in client.get(f"/first-run/{token}/").headers["Cache-Control"]
