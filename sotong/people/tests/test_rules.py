"""Rules about people, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sotong.access.rules import ROLES
from sotong.people.roles import AUTHORITY_SENTENCES, AUTHORITY_TITLES, ROLE_SENTENCES, ROLE_TITLES
from sotong.people.rules import (
    LinkState,
    Refusal,
    address_of,
    device_of,
    hash_of,
    is_time_zone,
    link_state,
    new_token,
    refusal_of_change,
)

AT = datetime(2026, 5, 1, tzinfo=UTC)
CHANGE: dict[str, Any] = {
    "by_id": 1,
    "person_id": 2,
    "is_owner": False,
    "by_is_owner": False,
    "roles_before": ["agent"],
    "roles_after": ["agent", "lead"],
    "stays_active": True,
    "other_administrators": 1,
    "reason": "근무 책임을 맡았어요",
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, None),
        ({"person_id": 1}, Refusal.ONESELF),
        ({"person_id": 1, "is_owner": True, "by_is_owner": True}, Refusal.ONESELF),
        ({"is_owner": True}, Refusal.OWNER),
        ({"is_owner": True, "by_is_owner": True}, None),
        ({"reason": "  "}, Refusal.REASON_MISSING),
        ({"roles_before": ["administrator"], "roles_after": ["agent"]}, None),
        (
            {"roles_before": ["administrator"], "roles_after": ["agent"], "other_administrators": 0},
            Refusal.LAST_ADMINISTRATOR,
        ),
        (
            {
                "roles_before": ["administrator"],
                "roles_after": ["administrator"],
                "stays_active": False,
                "other_administrators": 0,
            },
            Refusal.LAST_ADMINISTRATOR,
        ),
        (
            {"roles_before": ["administrator"], "roles_after": ["administrator", "lead"], "other_administrators": 0},
            None,
        ),
        ({"roles_before": [], "roles_after": [], "other_administrators": 0}, None),
    ],
)
def test_who_may_change_whom(changed: dict[str, object], expected: Refusal | None) -> None:
    assert refusal_of_change(**{**CHANGE, **changed}) is expected


@pytest.mark.parametrize(
    ("used", "withdrawn", "at", "expected"),
    [
        (None, None, AT, LinkState.OPEN),
        (None, None, AT + timedelta(hours=24, seconds=-1), LinkState.OPEN),
        (None, None, AT + timedelta(hours=24), LinkState.EXPIRED),
        (None, AT, AT, LinkState.WITHDRAWN),
        (AT, None, AT + timedelta(days=9), LinkState.USED),
        (AT, AT, AT, LinkState.USED),
    ],
)
def test_a_link_holds_for_a_day_and_once(
    used: datetime | None, withdrawn: datetime | None, at: datetime, expected: LinkState
) -> None:
    state = link_state(expires_at=AT + timedelta(hours=24), used_at=used, withdrawn_at=withdrawn, at=at)
    assert state is expected


def test_tokens_are_long_and_never_kept_in_clear() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 and token not in hash_of(token) for token in tokens)
    assert hash_of("a\ud800") != hash_of("a")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Asia/Seoul", True),
        ("UTC", True),
        ("America/Argentina/Ushuaia", True),
        ("Etc/GMT+3", False),
        ("EST", False),
        ("../etc/passwd", False),
        ("Asia/../Seoul", False),
        ("", False),
        ("Asia/Atlantis", False),
    ],
)
def test_zones_are_places(name: str, expected: bool) -> None:
    assert is_time_zone(name) is expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            ("Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1",
            ("Safari", "iPhone"),
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", ("Firefox", "Linux")),
        ("curl/8.5", ("", "")),
        ("", ("", "")),
    ],
)
def test_devices_are_named_as_people_know_them(said: str, expected: tuple[str, str]) -> None:
    assert device_of(said) == expected


def test_every_role_and_level_has_its_words() -> None:
    assert set(ROLE_TITLES) == set(ROLE_SENTENCES) == set(ROLES)
    assert set(AUTHORITY_TITLES) == set(AUTHORITY_SENTENCES) == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (" Narae@Hansori.Example ", "narae@hansori.example"),
        ("ｎarae＠hansori.example", "narae@hansori.example"),
        ("\u212aim@x.example", "kim@x.example"),
        ("\u017fori@x.example", "sori@x.example"),
    ],
)
def test_an_address_has_one_form(typed: str, address: str) -> None:
    assert address_of(typed) == address
