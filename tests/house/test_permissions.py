"""Who may use which page: written down from what the product promises, not from the code, and tried on every URL.

A new URL is added here first, under the people whom the product lets in; until then this test fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from sotong.access.rules import PERMISSIONS
from sotong.people.models import Person

pytestmark = pytest.mark.django_db

SOTONG = Path(__file__).parents[2] / "sotong"
ROLES = [
    "agent", "lead", "approver", "press_officer", "host", "moderator", "subject_owner", "rota_manager",
    "voice_manager", "analyst", "privacy_officer", "administrator",
]  # fmt: skip
"""The twelve roles of the product."""

EVERYONE = {"nobody", "former", "newcomer", *ROLES}
"""Also who is not signed in, who left the company, and who has no role yet."""
WHOM_TO_ASK_AT_AN_OPEN_DOOR = ("nobody", "former", "newcomer", "agent")
STAFF = EVERYONE - {"nobody", "former"}
COLLEAGUES = set(ROLES)
READERS = {
    "agent", "lead", "approver", "press_officer", "host", "moderator", "subject_owner", "voice_manager",
}  # fmt: skip
"""Who reads customers' words. The administrator runs the house and does not thereby read them."""
ANSWERERS = {"agent", "lead", "press_officer"}
LEADS = {"lead"}
WRITERS_OF_CANNED = {"lead", "administrator"}
SEE_CHANNELS = {"agent", "lead", "approver", "press_officer", "host", "moderator", "analyst", "administrator"}
MAY_BRAKE = {"lead", "press_officer", "administrator"}
MAY_DECIDE = {"lead", "administrator"}
AUDITORS = {"privacy_officer", "administrator"}
ADMINISTRATORS = {"administrator"}

PAGES: dict[str, set[str]] = {
    "people:first_run": EVERYONE,
    "people:invitation": EVERYONE,
    "people:new_password": EVERYONE,
    "people:welcome": STAFF,
    "people:me": STAFF,
    "people:company": ADMINISTRATORS,
    "people:list": COLLEAGUES,
    "people:teams": COLLEAGUES,
    "people:invite": ADMINISTRATORS,
    "people:new_team": ADMINISTRATORS,
    "people:team": ADMINISTRATORS,
    "people:person": ADMINISTRATORS,
    "mfa_index": STAFF,
    "account_login": EVERYONE,
    "account_logout": EVERYONE,
    "account_inactive": EVERYONE,
    "account_reauthenticate": STAFF,
    "account_change_password": STAFF,
    "mfa_authenticate": EVERYONE,
    "mfa_reauthenticate": STAFF,
    "mfa_activate_totp": STAFF,
    "mfa_deactivate_totp": STAFF,
    "mfa_view_recovery_codes": STAFF,
    "mfa_generate_recovery_codes": STAFF,
    "mfa_download_recovery_codes": STAFF,
    "mfa_list_webauthn": STAFF,
    "mfa_add_webauthn": STAFF,
    "mfa_reauthenticate_webauthn": STAFF,
    "mfa_remove_webauthn": STAFF,
    "mfa_edit_webauthn": STAFF,
    "mfa_login_webauthn": EVERYONE,
    "openid_connect_callback": EVERYONE,
    "audit:trail": AUDITORS,
    "audit:history": AUDITORS,
    "inbox:draft_images": ANSWERERS,
    "inbox:draft_media": ANSWERERS,
    "inbox:media": READERS,
    "inbox:sent_media": READERS,
    "inbox:canned": WRITERS_OF_CANNED,
    "inbox:new_canned": WRITERS_OF_CANNED,
    "inbox:change_canned": WRITERS_OF_CANNED,
    "design:gallery": EVERYONE,
    "channels:list": SEE_CHANNELS,
    "channels:channel": SEE_CHANNELS,
    "channels:doubtful": SEE_CHANNELS,
    "channels:connect": ADMINISTRATORS,
    "channels:connecting": ADMINISTRATORS,
    "channels:change": ADMINISTRATORS,
    "channels:sign_in": ADMINISTRATORS,
    "channels:raw": MAY_DECIDE,
    "channels:brake": MAY_BRAKE,
    "channels:there": MAY_DECIDE,
    "channels:official_accounts": EVERYONE,
    "channels:official_accounts_json": EVERYONE,
    "notices:list": STAFF,
    "notices:count": STAFF,
    "screens:home": EVERYONE,
    "screens:health": EVERYONE,
    "screens:events": STAFF,
    "screens:desk": READERS,
    "screens:rows": READERS,
    "screens:many": LEADS,
    "screens:search": READERS,
    "screens:conversation": READERS,
    "screens:panel": READERS,
    "screens:messages": READERS,
    "screens:older": READERS,
    "screens:take_back": ANSWERERS,
    "screens:history": READERS,
    "screens:notes": READERS,
    "screens:channels_state": SEE_CHANNELS,
    "screens:brake": SEE_CHANNELS,
}
"""What is read. Some of these also take their own form back."""

COMMANDS: dict[str, set[str]] = {
    "people:theme": STAFF,
    "people:end_session": STAFF,
    "people:renew_invitation": ADMINISTRATORS,
    "people:withdraw_invitation": ADMINISTRATORS,
    "people:remove_team": ADMINISTRATORS,
    "people:standing": ADMINISTRATORS,
    "people:joining": ADMINISTRATORS,
    "people:leaving": ADMINISTRATORS,
    "people:returning": ADMINISTRATORS,
    "people:resetting": ADMINISTRATORS,
    "people:losing": ADMINISTRATORS,
    "people:signing_out": ADMINISTRATORS,
    "openid_connect_login": EVERYONE,
    "audit:export": AUDITORS,
    "inbox:claim": ANSWERERS,
    "inbox:release": ANSWERERS,
    "inbox:take_over": LEADS,
    "inbox:reply": ANSWERERS,
    "inbox:note": ANSWERERS,
    "inbox:undo": ANSWERERS,
    "inbox:take_back": ANSWERERS,
    "inbox:draft": ANSWERERS,
    "inbox:draft_image": ANSWERERS,
    "inbox:presence": READERS,
    "inbox:resolve": ANSWERERS,
    "inbox:reopen": ANSWERERS,
    "inbox:snooze": ANSWERERS,
    "inbox:assign": ANSWERERS,
    "inbox:label": ANSWERERS,
    "inbox:bulk": LEADS,
    "inbox:describe_image": ANSWERERS,
    "inbox:remove_image": ANSWERERS,
    "inbox:remove_canned": WRITERS_OF_CANNED,
    "channels:open_practice": ADMINISTRATORS,
    "channels:look": MAY_DECIDE,
    "channels:again": MAY_DECIDE,
    "channels:leave": MAY_DECIDE,
    "channels:mistaken": MAY_DECIDE,
    "channels:release": MAY_DECIDE,
    "channels:explain_brake": MAY_BRAKE,
    "channels:lift_brake": MAY_BRAKE,
    "channels:mode": ADMINISTRATORS,
    "channels:examine": SEE_CHANNELS,
    "channels:close": ADMINISTRATORS,
    "channels:keep": ADMINISTRATORS,
    "channels:replay": MAY_DECIDE,
    "notices:close": STAFF,
}
"""What changes something: only by POST, so that no link and no image does it."""

ADMITTED = PAGES | COMMANDS
LOOKS_CLOSER = {"channels:release", "screens:events"}
"""Let in by tests of their own: one refuses an empty form with the same answer as a stranger, one never ends."""
NOTHING_THERE = {"int": "999999999", "slug": "practice", "str": "nonsense"}
"""A value for each converter; nothing has that number."""


def urls(resolver: URLResolver | None = None, space: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    """Every URL of the site: its full name and an address that leads there."""
    for item in (resolver or get_resolver()).url_patterns:
        full = route + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from urls(item, f"{item.namespace}:" if item.namespace else space, full)
        elif isinstance(item, URLPattern):
            name = f"{space}{item.name}" if item.name else f"/{full}"
            yield name, "/" + re.sub(r"<(\w+):\w+>", lambda found: NOTHING_THERE[found[1]], full)


URLS = list(urls())


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_permission_that_is_promised_is_asked_for_somewhere(permission: str) -> None:
    code = [file for file in SOTONG.rglob("*.py") if "tests" not in file.parts and file.parent.name != "access"]
    asked = re.compile(rf'(?:\b(?:may|allow|holds|usable_ids)\([^()]*|permission=)"{re.escape(permission)}"')
    assert any(asked.search(file.read_text(encoding="utf-8")) for file in code), "nothing asks for it: enforce it"


def browser_of(name: str) -> Client:
    """Someone's browser: of a role, of who has left or has no role yet, or of nobody."""
    browser = Client(raise_request_exception=False)
    if name == "nobody":
        return browser
    roles = [name] if name in ROLES else ["administrator", "agent"] if name == "former" else []
    person = Person.objects.create(
        email=f"{name}@matrix.example", name=name, roles=roles, language="ko", time_zone="Asia/Seoul"
    )
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    if name == "former":
        Person.objects.filter(pk=person.pk).update(is_active=False)
    return browser


def test_every_url_is_written_down_here_and_nothing_else() -> None:
    there = {name for name, _ in URLS}
    assert there - set(ADMITTED) == set(), "say above who may use these"
    assert set(ADMITTED) - there == set(), "these are gone: strike them above"
    assert not set(PAGES) & set(COMMANDS)


@pytest.mark.parametrize(("name", "path"), URLS, ids=[f"{name} {path}" for name, path in URLS])
def test_a_url_admits_whom_the_product_says_and_nobody_else(name: str, path: str) -> None:
    wanted = ADMITTED[name]
    cache.clear()
    for who in WHOM_TO_ASK_AT_AN_OPEN_DOOR if wanted is EVERYONE else sorted(EVERYONE):
        browser = browser_of(who)
        answer = browser.post(path) if name in COMMANDS else browser.get(path)
        if who not in wanted:
            assert is_kept_out(answer, is_stranger=who in {"nobody", "former"}), f"{who}: {answer}"
        elif name not in LOOKS_CLOSER:
            assert is_admitted(answer, is_public=wanted is EVERYONE), f"{who} should be let in: {answer}"


def is_kept_out(answer: Any, *, is_stranger: bool) -> bool:
    """A stranger is sent to the door; a colleague is told that this is not for them."""
    if is_stranger:
        return bool(answer.status_code == 302 and answer.headers["Location"].startswith("/accounts/login/?next="))
    return bool(answer.status_code == 403)


def is_admitted(answer: Any, *, is_public: bool) -> bool:
    """Neither refused, nor sent to the door, nor broken."""
    at_the_door = answer.headers.get("Location", "").startswith("/accounts/login/?next=")
    return answer.status_code not in {401, 403} and answer.status_code < 500 and (is_public or not at_the_door)


def test_no_link_and_no_foreign_page_gives_a_command() -> None:
    browsers = {who: Client(enforce_csrf_checks=True) for who in ROLES}
    for who, strict in browsers.items():
        strict.cookies = browser_of(who).cookies
    for name, path in URLS:
        if name in COMMANDS:
            strict = browsers[min(ADMITTED[name] & COLLEAGUES)]
            assert strict.get(path).status_code == 405, name
            assert strict.post(path).status_code == 403, name


def test_no_foreign_page_sends_a_form() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser_of("administrator").cookies
    for name, path in URLS:
        assert strict.post(path).status_code in {403, 405}, name
