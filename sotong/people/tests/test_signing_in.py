"""Signing in and out, second factors, and who is kept out."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from sotong.audit.models import Entry
from sotong.bus.models import Signal
from sotong.people.actions.standing import deactivate_person
from sotong.people.adapters import SAID
from sotong.people.models import Person, RateLimit, Session
from sotong.people.tests.conftest import SECRET

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = SECRET, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def number(secret: str, shift: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + shift)))


def text_of(response: Any) -> str:
    return re.sub(
        r"csrfmiddlewaretoken\" value=\"\w+\"|nonce-\w+|nobody@\S+?\"|hana@\S+?\"", "", response.content.decode()
    )


def test_the_right_password_opens_the_page_that_was_wanted(hana: Person, client: Client) -> None:
    assert client.get("/people/").headers["Location"] == f"{LOGIN}?next=/people/"
    assert sign_in(client, "HANA@hansori.example", next="/people/").url == "/people/"
    assert client.get("/people/").status_code == 200
    assert Entry.objects.filter(action="people.sign_in", person_id=hana.pk).count() == 1


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_no_sign_in_leads_elsewhere(hana: Person, client: Client, there: str) -> None:
    assert sign_in(client, "hana@hansori.example", next=there).url == "/desk/"


def test_a_session_is_new_after_sign_in(hana: Person, client: Client, settings: Any) -> None:
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    sign_in(client, "hana@hansori.example")
    after = client.cookies[settings.SESSION_COOKIE_NAME]
    assert after.value != before
    assert not Session.objects.filter(session_key=before, person=hana).exists()
    assert after["httponly"]
    assert after["samesite"] == "Lax"


def test_an_unknown_address_is_told_the_same_as_a_wrong_password(hana: Person) -> None:
    for _ in range(7):
        known, unknown = (
            sign_in(Client(), who, "wrong password") for who in ("hana@hansori.example", "nobody@hansori.example")
        )
        assert known.status_code == unknown.status_code == 200
        assert text_of(known) == text_of(unknown)
    assert "1번 더 해 볼 수 있어요" in known.content.decode()


def test_a_deactivated_account_is_told_the_same_for_a_wrong_password(hana: Person) -> None:
    Person.objects.filter(pk=hana.pk).update(is_active=False)
    assert "이메일이나 비밀번호가 맞지 않아요" in sign_in(Client(), "hana@hansori.example", "wrong").content.decode()
    client = Client()
    assert sign_in(client, "hana@hansori.example").url == "/accounts/inactive/"
    assert client.get("/people/").status_code == 302


def test_eight_wrong_passwords_lock_the_account_from_here_and_only_from_here(hana: Person) -> None:
    for _ in range(8):
        response = sign_in(Client(), "hana@hansori.example", "wrong")
    assert response.status_code == 429
    assert "15분" in response.content.decode()
    locked = sign_in(Client(), "hana@hansori.example")
    assert locked.status_code == 429
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere, "hana@hansori.example").status_code == 302


def test_another_way_of_typing_the_address_is_no_second_lock(hana: Person) -> None:
    """The Kelvin sign and the long s fold to letters of an address that is known."""
    Person.objects.filter(pk=hana.pk).update(email="kims@hansori.example")
    for typed in ["kims@", "KIMS@", "\u212aims@", "kim\u017f@"] * 2:
        response = sign_in(Client(), f"{typed}hansori.example", "wrong")
    assert response.status_code == 429
    assert sign_in(Client(), "kims@hansori.example").status_code == 429


def test_tries_count_for_every_web_process(hana: Person, client: Client) -> None:
    """Another process shares nothing with this one but the database: what was counted lies there."""
    sign_in(client, "hana@hansori.example", "wrong")
    counted = RateLimit.objects.filter(cache_key__contains="password_failed")
    assert counted.count() == 2
    for _ in range(29):
        sign_in(client, "nobody@hansori.example", "wrong")
    assert "너무 많이" in sign_in(client, "hana@hansori.example").content.decode()
    RateLimit.objects.all().delete()
    assert sign_in(client, "hana@hansori.example").status_code == 302


def test_sign_out_ends_the_session_in_the_database(hana: Person, client: Client) -> None:
    sign_in(client, "hana@hansori.example")
    assert client.get("/accounts/logout/").status_code == 200, "a link alone signs nobody out"
    assert Session.objects.filter(person=hana).count() == 1
    client.post("/accounts/logout/")
    assert Session.objects.filter(person=hana).count() == 0


class TestSecondFactors:
    def activate(self, client: Client) -> str:
        page = client.get("/accounts/2fa/totp/activate/")
        if page.status_code == 302:
            client.post(page.headers["Location"], {"password": SECRET, "next": "/accounts/2fa/totp/activate/"})
            page = client.get("/accounts/2fa/totp/activate/")
        secret = str(page.context["form"].secret)
        assert client.post("/accounts/2fa/totp/activate/", {"code": number(secret)}).status_code == 302
        return secret

    def test_an_authenticator_app_is_asked_for_and_its_key_is_encrypted(self, hana: Person) -> None:
        client = Client()
        sign_in(client, "hana@hansori.example")
        secret = self.activate(client)
        kept = str(list(Authenticator.objects.values_list("data", flat=True)))
        assert secret not in kept
        codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
        assert len(codes) == 10
        assert not any(code in kept for code in codes)
        second = Client()
        assert sign_in(second, "hana@hansori.example").url == "/accounts/2fa/authenticate/"
        assert second.get("/people/").status_code == 302, "the password alone opens nothing"
        assert second.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
        assert second.post("/accounts/2fa/authenticate/", {"code": codes[0]}).headers["Location"] == "/desk/"
        third = Client()
        sign_in(third, "hana@hansori.example")
        assert third.post("/accounts/2fa/authenticate/", {"code": codes[0]}).status_code == 200, "a code works once"

    def test_five_wrong_numbers_close_the_door_for_a_while(self, hana: Person) -> None:
        client = Client()
        sign_in(client, "hana@hansori.example")
        secret = self.activate(client)
        second = Client()
        sign_in(second, "hana@hansori.example")
        for _ in range(5):
            second.post("/accounts/2fa/authenticate/", {"code": "000000"})
        refused = second.post("/accounts/2fa/authenticate/", {"code": number(secret, 1)})
        assert refused.status_code == 200
        assert "너무 많이" in refused.content.decode()
        assert second.get("/people/").status_code == 302

    def test_ways_in_change_only_after_the_password_was_asked_again(self, hana: Person, browser_of: Any) -> None:
        client = browser_of(hana)
        for path in ("totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
            response = client.get(f"/accounts/2fa/{path}")
            assert response.status_code == 302
            assert response.headers["Location"].startswith("/accounts/reauthenticate/"), path
        assert "맞지 않아요" in client.post("/accounts/reauthenticate/", {"password": "wrong"}).content.decode()


class TestPasswords:
    def test_a_new_one_keeps_this_browser_and_ends_the_others(self, hana: Person) -> None:
        here, there = Client(), Client()
        sign_in(here, "hana@hansori.example")
        sign_in(there, "hana@hansori.example")
        changed = here.post("/accounts/password/change/", {"oldpassword": SECRET, "password1": "달빛 아래 긴 산책"})
        assert changed.status_code == 302
        assert Session.objects.filter(person=hana).count() == 1
        assert here.get("/people/").status_code == 200
        assert there.get("/people/").status_code == 302
        assert Entry.objects.filter(action="people.change_password", person_id=hana.pk).exists()

    @pytest.mark.parametrize(
        ("old", "new", "field"),
        [
            ("wrong", "달빛 아래 긴 산책", "oldpassword"),
            (SECRET, "짧아요", "password1"),
            (SECRET, "hana@hansori", "password1"),
        ],
    )
    def test_a_bad_change_says_which_field(self, hana: Person, old: str, new: str, field: str) -> None:
        client = Client()
        sign_in(client, "hana@hansori.example")
        response = client.post("/accounts/password/change/", {"oldpassword": old, "password1": new})
        assert list(response.context["form"].errors) == [field]
        hana.refresh_from_db()
        assert hana.check_password(SECRET)


class TestSessions:
    def test_open_screens_of_that_person_alone_are_told_whichever_way_a_session_ends(
        self, hana: Person, garam: Person
    ) -> None:
        def told() -> int:
            """How often since the last time."""
            rows = Signal.objects.filter(name="session", person_id=hana.pk)
            count = rows.count()
            rows.delete()
            return count

        here, there, elsewhere = Client(), Client(), Client()
        for client in (here, there, elsewhere):
            sign_in(client, "hana@hansori.example")
        assert told() == 0
        here.post("/accounts/logout/")
        assert told() == 1
        sign_in(here, "hana@hansori.example")
        mark = here.get("/me/security/").context["sessions"][1].mark
        here.post("/me/sessions/end/", {"session": mark})
        assert told() == 1
        deactivate_person(person_id=hana.pk, reason="쉬어요", by=garam, at=timezone.now())
        assert told() == 2
        assert not Signal.objects.filter(name="session").exists()

    def test_other_devices_are_listed_and_ended_without_showing_their_keys(self, hana: Person) -> None:
        here, there, elsewhere = Client(), Client(), Client()
        for client in (here, there, elsewhere):
            sign_in(client, "hana@hansori.example")
        page = here.get("/me/security/")
        shown = page.context["sessions"]
        assert [item.is_this for item in shown] == [True, False, False]
        keys = Session.objects.values_list("session_key", flat=True)
        assert not any(key in page.content.decode() for key in keys)
        here.post("/me/sessions/end/", {"session": shown[1].mark})
        assert Session.objects.filter(person=hana).count() == 2
        here.post("/me/sessions/end/", {"session": "others"})
        assert here.get("/people/").status_code == 200
        assert there.get("/people/").status_code == elsewhere.get("/people/").status_code == 302

    def test_nobody_ends_the_session_of_another_by_its_mark(self, hana: Person, garam: Person) -> None:
        theirs, mine = Client(), Client()
        sign_in(theirs, "garam@hansori.example")
        sign_in(mine, "hana@hansori.example")
        mark = theirs.get("/me/security/").context["sessions"][0].mark
        mine.post("/me/sessions/end/", {"session": mark})
        assert theirs.get("/people/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "signup/",
        "email/",
        "password/reset/",
        "password/set/",
        "confirm-email/",
        "3rdparty/",
        "login/code/",
        "social/login/",
    ],
)
def test_doors_that_we_do_not_need_do_not_exist(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404


def test_new_recovery_codes_say_nothing_of_old_ones_that_may_never_have_been() -> None:
    assert "예전" not in str(SAID["mfa/messages/recovery_codes_generated.txt"])
