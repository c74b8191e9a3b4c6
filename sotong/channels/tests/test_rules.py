"""The rules, table by table."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from sotong.channels.queries.manifests import badge_of
from sotong.channels.rules import after, back_off, landing_over, lease_length, may_send, new_key, next_look, next_poll
from sotong.channels.rules.outcomes import GIVE_UP_AFTER, LONGEST_PAUSE
from sotong.channels.rules.texts import chain_of, length_of, refusal_of, signed_as_automatic
from sotong.channels.rules.timing import CALL_MAX, POLL_LEASE, START_WITHIN
from sotong.channels.rules.versions import LONGEST, version_of
from sotong.channels.tests.stand_in.manifest import MANIFEST
from sotong.networks import errors
from sotong.networks.contract import PostRef, RemoteAccount, TextUnit

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
YOUNG = timedelta(minutes=1)
OLD = GIVE_UP_AFTER + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("error", "age", "state", "is_trouble"),
    [
        (errors.Temporary("busy"), YOUNG, "due", False),
        (errors.Temporary("busy"), OLD, "failed", False),
        (errors.RateLimited("slow", retry_after=9), YOUNG, "due", False),
        (errors.RateLimited("slow", retry_after=9), OLD, "failed", False),
        (errors.Rejected("too long"), YOUNG, "failed", False),
        (errors.Gone("deleted"), YOUNG, "failed", False),
        (errors.Unsupported(), YOUNG, "failed", False),
        (errors.Unauthorized("dead"), YOUNG, "held", True),
        (errors.Unknown("no answer"), YOUNG, "unconfirmed", False),
        (errors.Unknown("no answer"), OLD, "unconfirmed", False),
        (errors.Forged("?"), YOUNG, "unconfirmed", False),
        (TimeoutError(), YOUNG, "unconfirmed", False),
        (ConnectionResetError(), YOUNG, "unconfirmed", False),
        (KeyError("id"), YOUNG, "unconfirmed", False),
        (MemoryError(), YOUNG, "unconfirmed", False),
    ],
)
def test_the_type_of_the_error_alone_decides(error, age, state, is_trouble):
    outcome = after(error, attempt=1, age=age, chance=0.5)
    assert (outcome.state, outcome.is_trouble) == (state, is_trouble)


@given(st.sampled_from([errors.Unknown, TimeoutError, OSError, ValueError, Exception]), st.integers(1, 500))
def test_an_outcome_that_is_not_known_never_makes_a_delivery_due(kind, attempt):
    for age in (YOUNG, OLD):
        assert after(kind("x"), attempt=attempt, age=age, chance=1.0).state == "unconfirmed"


@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [(9, 9), (0, 1), (-5, 1), (10**9, LONGEST_PAUSE), (float("nan"), 60), (float("inf"), 60), ("x", 60)],
)
def test_a_rate_limit_pauses_the_channel_for_as_long_as_the_network_asks_within_reason(retry_after, expected):
    outcome = after(errors.RateLimited(retry_after=retry_after), attempt=1, age=timedelta(0), chance=0.5)
    assert outcome.pause == expected


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_back_off_grows_never_passes_its_bound_and_never_is_nothing(failures, chance):
    assert 1.0 <= back_off(failures, chance) <= 300
    assert back_off(failures, 0) <= back_off(failures + 1, 0)


@pytest.mark.parametrize("landing", [timedelta(0), timedelta(seconds=60), timedelta(minutes=10)])
def test_a_lease_outlives_the_call_and_what_may_land_after_it(landing):
    assert lease_length(landing) > START_WITHIN + CALL_MAX + landing
    assert lease_length(landing, 4) > lease_length(landing)
    assert landing_over(landing) > landing


def test_looks_come_soon_and_then_seldom():
    assert next_look(0, 1.0) == timedelta(seconds=1)
    assert next_look(3, 1.0) == timedelta(seconds=8)
    assert next_look(40, 1.0) == timedelta(minutes=5)


def test_a_healthy_channel_is_asked_in_its_rhythm_and_a_sick_one_less_and_less():
    assert timedelta(seconds=13) < next_poll(15, None, 0, 0.5) < timedelta(seconds=17)
    assert next_poll(2, errors.Temporary(), 1, 1.0) == timedelta(seconds=2)
    assert next_poll(2, errors.Temporary(), 30, 1.0) == timedelta(minutes=5)
    assert next_poll(2, errors.RateLimited(retry_after=44), 1, 1.0) == timedelta(seconds=44)
    assert timedelta(minutes=1) > POLL_LEASE


OPEN = {"kind": "reply", "mode": "open", "allowed_kinds": ["reply"], "holds_on": [], "now": NOW}


@pytest.mark.parametrize(
    ("change", "verdict", "reason"),
    [
        ({}, "go", ""),
        ({"holds_on": ["all"]}, "hold", "Brake"),
        ({"holds_on": ["reply"]}, "hold", "Frozen"),
        ({"holds_on": ["promotion"]}, "go", ""),
        ({"mode": "shadow"}, "hold", "Shadow"),
        ({"mode": "closed"}, "hold", "Closed"),
        ({"mode": "a mode of tomorrow"}, "hold", "Shadow"),
        ({"allowed_kinds": []}, "hold", "KindRefused"),
        ({"kind": "promotion"}, "hold", "KindRefused"),
        ({"trouble": "Unauthorized"}, "hold", "Unauthorized"),
        ({"trouble": "Temporary"}, "go", ""),
        ({"paused_until": NOW + timedelta(seconds=1)}, "wait", "RateLimited"),
        ({"paused_until": NOW}, "go", ""),
        ({"holds_on": ["all"], "mode": "closed", "paused_until": NOW + timedelta(days=1)}, "hold", "Brake"),
    ],
)
def test_who_may_leave_now(change, verdict, reason):
    permit = may_send(**{**OPEN, **change})
    assert (permit.verdict, permit.reason) == (verdict, reason)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)), st.binary(min_size=10, max_size=10))
def test_a_key_is_a_version_7_uuid_of_its_time(moment, randomness):
    key = new_key(moment.replace(tzinfo=UTC), randomness)
    assert (key.version, key.variant) == (7, "specified in RFC 4122")
    assert key.int >> 80 == int(moment.replace(tzinfo=UTC).timestamp() * 1000)


def test_keys_sort_by_time_and_use_all_their_randomness():
    first, second = new_key(NOW, b"\xff" * 10), new_key(NOW + timedelta(milliseconds=1), b"\x00" * 10)
    assert first < second
    assert len({new_key(NOW, (1 << bit).to_bytes(10, "big")) for bit in range(74)}) == 74
    with pytest.raises(ValueError, match="ten"):
        new_key(NOW, b"short")


ITEM = {
    "kind": "post",
    "remote_id": "p1",
    "revision": "",
    "thread_ref": "p1",
    "author": {"remote_id": "a"},
    "text": "하나",
    "in_reply_to": "",
    "media": [],
    "url": "",
}


def test_a_network_with_revisions_names_its_versions_itself():
    assert version_of({**ITEM, "revision": "r1"}, "") == "r1"
    assert version_of({**ITEM, "revision": "r1", "kind": "deletion"}, "") == "deletion:r1"
    assert version_of({**ITEM, "kind": "deletion"}, "r1") == "deletion:"
    assert len(version_of({**ITEM, "revision": "x" * 500}, "")) <= LONGEST
    assert version_of({**ITEM, "revision": "x" * 500}, "") != version_of({**ITEM, "revision": "x" * 501}, "")


def test_without_revisions_a_version_is_chained_to_the_one_before():
    first = version_of(ITEM, "")
    assert version_of(ITEM, first) == first, "the same content again is the same version"
    second = version_of({**ITEM, "text": "둘"}, first)
    third = version_of(ITEM, second)
    assert len({first, second, third}) == 3, "a text that comes back after an edit is a version of its own"
    assert version_of({**ITEM, "observed_at": "later"}, first) == first


def test_a_chain_is_the_exchange_or_the_thread():
    reply, target = PostRef(remote_id="p2", thread_ref="p1"), RemoteAccount(remote_id="c1", handle="c")
    assert chain_of(reply, target) == "direct:c1"
    assert chain_of(reply, None) == "thread:p1"
    assert chain_of(PostRef(remote_id="p2"), None) == "thread:p2"
    assert chain_of(None, None) == ""


@pytest.mark.parametrize(
    ("text", "unit", "length"),
    [
        ("가나다", TextUnit.GRAPHEMES, 3),
        ("👨‍👩‍👧", TextUnit.GRAPHEMES, 1),
        ("👨‍👩‍👧", TextUnit.CODE_POINTS, 5),
        ("가a", TextUnit.WEIGHTED, 3),
    ],
)
def test_a_text_is_as_long_as_its_network_counts(text, unit, length):
    assert length_of(text, unit) == length


FITS = {
    "manifest": MANIFEST,
    "kind": "reply",
    "mode": "open",
    "allowed_kinds": ["reply"],
    "text": "네",
    "is_reply": True,
    "is_direct": False,
    "images": [],
}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, ""),
        ({"text": ""}, "empty"),
        ({"text": "", "images": [("image/png", 1, 0)]}, ""),
        ({"text": "가" * 501}, "too_long"),
        ({"mode": "shadow"}, "shadow"),
        ({"mode": "closed"}, "closed"),
        ({"kind": "game"}, "kind_refused"),
        ({"images": [("image/png", 1, 0)] * 3}, "images_refused"),
        ({"images": [("image/svg+xml", 1, 0)]}, "image_type"),
        ({"images": [("image/png", 10**9, 0)]}, "image_bytes"),
        ({"images": [("image/png", 1, 9999)]}, "alt_too_long"),
    ],
)
def test_what_a_network_would_refuse_is_refused_before_it_is_planned(change, code):
    assert refusal_of(**{**FITS, **change}) == code


def test_an_automatic_text_says_so_once() -> None:
    assert signed_as_automatic("접수했어요.", "ko") == "접수했어요. (자동)"
    assert signed_as_automatic("We have it.", "en") == "We have it. (automatic)"
    for said in ("접수했어요. (자동)", "This is an Automated word."):
        assert signed_as_automatic(said, "ko") == said


@pytest.mark.parametrize(
    ("network", "language", "badge"),
    [
        ("practice", "ko", "연"),
        ("practice", "en", "Pr"),
        ("bluesky", "ko", "Bs"),
        ("bluesky", "en", "Bs"),
        ("x", "en", "?"),
    ],
)
def test_a_badge_is_in_the_viewers_language_where_it_has_one(network: str, language: str, badge: str) -> None:
    with override(language):
        assert badge_of(network) == badge
