"""Inviting people."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from sotong.audit.models import Entry
from sotong.people.actions.inviting import (
    AlreadyHere,
    LinkDead,
    accept_invitation,
    invite_person,
    renew_invitation,
    withdraw_invitation,
)
from sotong.people.models import Invitation, Person, Team
from sotong.people.rules import LinkState
from sotong.people.tests.conftest import AT, SECRET

WHO: dict[str, Any] = {"email": "Dan@Hansori.example", "name": "최단", "roles": ["lead", "agent"], "authority": 2}
ACCEPT: dict[str, Any] = {"name": "최단", "password": SECRET, "language": "ko", "time_zone": "America/New_York"}
pytestmark = pytest.mark.django_db


def test_an_invitation_becomes_the_person_it_describes(narae: Person) -> None:
    team = Team.objects.create(name="밤")
    invitation, token = invite_person(**WHO, teams=[team.pk, 999], by=narae, at=AT)
    assert token not in str(Invitation.objects.values().get())
    person = accept_invitation(token=token, **ACCEPT, at=AT + timedelta(hours=23))
    assert (person.email, person.roles, person.authority) == ("dan@hansori.example", ["agent", "lead"], 2)
    assert (person.is_owner, person.time_zone) == (False, "America/New_York")
    assert list(person.teams.all()) == [team]
    invitation.refresh_from_db()
    assert invitation.person == person
    assert list(Entry.objects.order_by("id").values_list("action", "person_id")) == [
        ("people.invite_person", narae.pk),
        ("people.accept_invitation", person.pk),
    ]


def test_a_link_works_once(narae: Person) -> None:
    _, token = invite_person(**WHO, by=narae, at=AT)
    accept_invitation(token=token, **ACCEPT, at=AT)
    with pytest.raises(LinkDead) as dead:
        accept_invitation(token=token, **ACCEPT, at=AT)
    assert dead.value.state is LinkState.USED


@pytest.mark.parametrize("hours", [24, 24 * 400])
def test_a_link_is_dead_after_a_day(narae: Person, hours: int) -> None:
    _, token = invite_person(**WHO, by=narae, at=AT)
    with pytest.raises(LinkDead) as dead:
        accept_invitation(token=token, **ACCEPT, at=AT + timedelta(hours=hours))
    assert dead.value.state is LinkState.EXPIRED
    assert not Person.objects.filter(email="dan@hansori.example").exists()


def test_a_withdrawn_link_is_dead(narae: Person) -> None:
    invitation, token = invite_person(**WHO, by=narae, at=AT)
    withdraw_invitation(invitation_id=invitation.pk, by=narae, at=AT)
    with pytest.raises(LinkDead) as dead:
        accept_invitation(token=token, **ACCEPT, at=AT)
    assert dead.value.state is LinkState.WITHDRAWN


def test_a_renewed_link_replaces_the_old_one_even_after_a_day(narae: Person) -> None:
    invitation, old = invite_person(**WHO, by=narae, at=AT)
    later = AT + timedelta(days=3)
    _, new = renew_invitation(invitation_id=invitation.pk, by=narae, at=later)
    with pytest.raises(LinkDead):
        accept_invitation(token=old, **ACCEPT, at=later)
    assert accept_invitation(token=new, **ACCEPT, at=later).name == "최단"
    with pytest.raises(LinkDead):
        renew_invitation(invitation_id=invitation.pk, by=narae, at=later)


def test_the_newest_invitation_to_an_address_is_the_one_that_works(narae: Person) -> None:
    _, first = invite_person(**WHO, by=narae, at=AT)
    _, second = invite_person(**{**WHO, "roles": ["analyst"]}, by=narae, at=AT)
    with pytest.raises(LinkDead):
        accept_invitation(token=first, **ACCEPT, at=AT)
    assert accept_invitation(token=second, **ACCEPT, at=AT).roles == ["analyst"]


@pytest.mark.parametrize("is_active", [True, False])
def test_whoever_has_an_account_is_not_invited_again(narae: Person, hana: Person, is_active: bool) -> None:
    Person.objects.filter(pk=hana.pk).update(is_active=is_active)
    with pytest.raises(AlreadyHere):
        invite_person(**{**WHO, "email": "HANA@hansori.example"}, by=narae, at=AT)


def test_an_unknown_role_is_refused(narae: Person) -> None:
    with pytest.raises(ValueError, match="wizard"):
        invite_person(**{**WHO, "roles": ["agent", "wizard"]}, by=narae, at=AT)


@pytest.mark.django_db(transaction=True)
def test_a_link_opened_twice_at_once_makes_one_person(narae: Person) -> None:
    _, token = invite_person(**WHO, by=narae, at=AT)
    outcomes: list[str] = []

    def accept() -> None:
        try:
            accept_invitation(token=token, **ACCEPT, at=AT)
            outcomes.append("joined")
        except LinkDead:
            outcomes.append("dead")
        finally:
            connection.close()

    threads = [threading.Thread(target=accept) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["dead", "dead", "dead", "joined"]


class TestThePages:
    def test_the_link_is_shown_once_and_opens_the_house(self, narae: Person, browser_of: Any) -> None:
        client = browser_of(narae)
        response = client.post("/people/invite/", {**WHO, "roles": ["agent"], "authority": "1"})
        link = response.context["link"]
        assert link in response.content.decode()
        assert "no-store" in response.headers["Cache-Control"]
        assert link not in client.get("/people/").content.decode()
        guest = Client()
        assert "김나래" in guest.get(link).content.decode()
        joined = guest.post(link, ACCEPT)
        assert joined.status_code == 302
        assert guest.get("/people/").status_code == 200
        assert guest.get("/people/invite/").status_code == 403
        assert Client().get(link).status_code == 410

    def test_a_form_in_error_keeps_everything(self, narae: Person, browser_of: Any) -> None:
        response = browser_of(narae).post("/people/invite/", {"email": "dan@", "name": "최단", "authority": "9"})
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"email", "roles", "authority"}
        assert "최단" in response.content.decode()
        assert not Invitation.objects.exists()

    def test_a_weak_password_is_refused_and_the_link_lives_on(self, narae: Person) -> None:
        _, token = invite_person(**WHO, by=narae, at=timezone.now())
        response = Client().post(f"/invitation/{token}/", {**ACCEPT, "password": "dan@hansori"})
        assert response.status_code == 422
        assert "password" in response.context["form"].errors
        assert Client().get(f"/invitation/{token}/").status_code == 200
