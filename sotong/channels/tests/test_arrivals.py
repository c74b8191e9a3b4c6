"""What comes in: once each, whatever it is, and nothing in the way of the rest."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest
from django.db import DataError, OperationalError, connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotong.bus.actions import use_dispatcher
from sotong.channels.actions.arrivals import (
    RAW_KEPT,
    TRIES,
    record_arrivals,
    replay_arrivals,
    settle_arrivals,
)
from sotong.channels.events import ArrivalsRecorded
from sotong.channels.models import Arrival, Channel
from sotong.channels.records import from_plain
from sotong.networks.contract import InboundItem, InboundKind, Media, Page, RemoteAccount, Unreadable

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
KIM = RemoteAccount(remote_id="kim", handle="kim.example")


def item(name: str = "p1", text: str = "안녕하세요", **fields) -> InboundItem:
    values = {
        "kind": InboundKind.POST,
        "remote_id": name,
        "revision": "1",
        "thread_ref": name,
        "author": KIM,
        "text": text,
        "posted_at": NOW,
        "observed_at": NOW,
        "raw": b"{}",
    }
    return InboundItem(**{**values, **fields})


def page(*items, cursor: str = "1", **fields) -> Page:
    return Page(items=items, cursor=cursor, **fields)


@pytest.fixture
def lone(make_channel):
    """A channel whose network is never called."""
    return make_channel("http://127.0.0.1:9")


@pytest.fixture
def taken():
    """Who reacts: takes all but the items whose text says that they are poison."""
    ids: list[int] = []

    def react(event) -> None:
        if not isinstance(event, ArrivalsRecorded):
            return
        for arrival in Arrival.objects.filter(pk__in=event.arrival_ids).order_by("id"):
            if "poison" in from_plain(arrival.item or {}).text:
                raise ValueError(f"cannot take {arrival.pk}")
            ids.append(arrival.pk)

    use_dispatcher(react)
    yield ids
    use_dispatcher(lambda event: None)


def states(channel: Channel) -> dict[str, str]:
    return dict(Arrival.objects.filter(channel=channel).values_list("remote_id", "state"))


@pytest.mark.django_db
def test_the_same_item_twenty_times_is_one_arrival(lone):
    assert record_arrivals(channel_id=lone.pk, page=page(*[item()] * 20), at=NOW) == 1
    assert record_arrivals(channel_id=lone.pk, page=page(item(), item()), at=NOW) == 0
    assert Arrival.objects.count() == 1


@pytest.mark.django_db
def test_an_edit_and_a_deletion_are_versions_beside_the_first(lone):
    gone = item(kind=InboundKind.DELETION, revision="", text="")
    record_arrivals(channel_id=lone.pk, page=page(item(), item(revision="2", text="고침"), gone, gone), at=NOW)
    assert list(Arrival.objects.order_by("id").values_list("version", flat=True)) == ["1", "2", "deletion:"]


@pytest.mark.django_db
def test_without_revisions_versions_are_chained_across_pages(lone):
    first, second = item(revision=""), item(revision="", text="고침")
    for given_page in (page(first, first), page(first), page(second), page(second), page(first)):
        record_arrivals(channel_id=lone.pk, page=given_page, at=NOW)
    assert [row.item and row.item["text"] for row in Arrival.objects.order_by("id")] == [
        "안녕하세요",
        "고침",
        "안녕하세요",
    ]


@pytest.mark.django_db
def test_the_cursor_moves_with_the_items_and_never_backwards(lone):
    record_arrivals(channel_id=lone.pk, page=page(item("a"), cursor="5"), since="", at=NOW)
    record_arrivals(channel_id=lone.pk, page=page(item("b"), cursor="3"), since="", at=NOW)
    lone.refresh_from_db()
    assert lone.cursor == "5", "a page asked from an old cursor is stored, its cursor is not"
    assert Arrival.objects.count() == 2


@pytest.mark.django_db
def test_nothing_is_kept_of_a_page_whose_transaction_fails(lone):
    with pytest.raises(DataError):
        record_arrivals(channel_id=lone.pk, page=page(item("a"), cursor="bad\x00cursor"), since="", at=NOW)
    lone.refresh_from_db()
    assert (Arrival.objects.count(), lone.cursor) == (0, "")


@pytest.mark.django_db
def test_nul_and_lone_surrogates_are_kept_raw_and_readable(lone, taken):
    raw = b'{"text": "a\\u0000b"}'
    odd = item("a\x00b", "글\x00자\ud800", raw=raw, author=replace(KIM, display_name="\x00"), url="\udfff")
    record_arrivals(channel_id=lone.pk, page=page(odd, item("good")), at=NOW)
    settle_arrivals(channel_id=lone.pk, at=NOW)
    row = Arrival.objects.get(remote_id="a\ufffdb")
    assert (row.state, bytes(row.raw), (row.item or {})["text"]) == ("processed", raw, "글\ufffd자\ufffd")
    assert states(lone)["good"] == "processed"


BROKEN = [
    item(text=cast(str, None)),
    item(posted_at=None),
    item(posted_at=datetime(2026, 5, 1)),
    item(author=None),
    item(remote_id=""),
    item(remote_id=None),
    item(remote_id="x" * 900),
    item(revision="r" * 5000),
    item(kind="a kind of tomorrow"),
    item(media=[None]),
    item(media=None),
    Unreadable(remote_id="", raw=b"\x00\xff", why="\x00what", observed_at=NOW),
    Unreadable(remote_id="u", raw=b"", why="empty", observed_at=cast(datetime, None)),
]


@pytest.mark.django_db
@pytest.mark.parametrize("broken", BROKEN, ids=range(len(BROKEN)))
def test_an_item_that_breaks_the_contract_is_set_aside_with_its_raw_bytes_and_holds_nobody(lone, taken, broken):
    record_arrivals(channel_id=lone.pk, page=page(item("before"), broken, item("after"), broken), at=NOW)
    settle_arrivals(channel_id=lone.pk, at=NOW)
    aside = Arrival.objects.get(state="set_aside")
    assert (aside.kind, bytes(aside.raw)) == ("unreadable", broken.raw)
    assert aside.problem
    assert (states(lone)["before"], states(lone)["after"]) == ("processed", "processed")
    lone.refresh_from_db()
    assert lone.cursor == "1"


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(), name=st.text(max_size=600), url=st.text(), number=st.one_of(st.none(), st.integers()))
def test_any_text_can_be_recorded(lone, text, name, url, number):
    photo = Media(mime="image/png", url=url, alt=text, width=number)
    record_arrivals(channel_id=lone.pk, page=page(item(name, text, url=url, media=(photo,))), at=NOW)
    for row in Arrival.objects.exclude(item=None):
        assert from_plain(row.item or {})


@pytest.mark.django_db
def test_a_huge_payload_is_capped_and_everything_else_of_it_kept(lone, taken):
    record_arrivals(channel_id=lone.pk, page=page(item("big", "가" * 3_000_000, raw=b"x" * 9_000_000)), at=NOW)
    settle_arrivals(channel_id=lone.pk, at=NOW)
    row = Arrival.objects.get()
    assert (len(row.raw), len((row.item or {})["text"]), row.state) == (RAW_KEPT, 100_000, "processed")


@pytest.mark.django_db
def test_one_bad_item_among_many_is_set_aside_after_three_tries_and_holds_nobody(lone, taken):
    items = [item(f"p{n}", "poison" if n == 50 else "글") for n in range(100)]
    record_arrivals(channel_id=lone.pk, page=page(*items), at=NOW)
    settle_arrivals(channel_id=lone.pk, at=NOW)
    assert sum(state == "processed" for state in states(lone).values()) == 99
    for _ in range(TRIES - 1):
        settle_arrivals(channel_id=lone.pk, at=NOW)
    bad = Arrival.objects.get(remote_id="p50")
    assert (bad.state, bad.tries) == ("set_aside", TRIES)
    assert "cannot take" in bad.problem
    assert settle_arrivals(channel_id=lone.pk, at=NOW) == 0
    last = taken[-99:]
    assert last == sorted(set(last)), "one by one, in the order in which the network gave them"


@pytest.mark.django_db
def test_a_set_aside_item_can_be_replayed_after_a_fix_and_the_replay_is_recorded(lone, taken, person):
    record_arrivals(channel_id=lone.pk, page=page(item("p1", "poison")), at=NOW)
    for _ in range(TRIES):
        settle_arrivals(channel_id=lone.pk, at=NOW)
    bad = Arrival.objects.get()
    use_dispatcher(lambda event: None)
    assert replay_arrivals(ids=[bad.pk], by=person("lead"), at=NOW) == 1
    assert replay_arrivals(ids=[bad.pk], by=None, at=NOW) == 0, "it is not set aside any more"
    settle_arrivals(channel_id=lone.pk, at=NOW)
    bad.refresh_from_db()
    assert (bad.state, bad.problem) == ("processed", "")


@pytest.mark.django_db
def test_a_database_that_is_away_is_not_the_items_fault(lone):
    def away(event) -> None:
        raise OperationalError("the connection is closed")

    use_dispatcher(away)
    record_arrivals(channel_id=lone.pk, page=page(item()), at=NOW)
    with pytest.raises(OperationalError):
        settle_arrivals(channel_id=lone.pk, at=NOW)
    use_dispatcher(lambda event: None)
    assert Arrival.objects.get().tries == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_settle_a_channel_one_after_the_other(lone):
    """Each arrival is announced once, in order, though eight threads settle at once."""
    told: list[int] = []
    use_dispatcher(lambda event: told.extend(getattr(event, "arrival_ids", ())))
    record_arrivals(channel_id=lone.pk, page=page(*(item(f"p{n}") for n in range(300))), at=NOW)

    def work() -> None:
        while settle_arrivals(channel_id=lone.pk, at=NOW, limit=25):
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    use_dispatcher(lambda event: None)
    assert told == sorted(told)
    assert len(told) == len(set(told)) == 300


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_bring_the_same_page_store_it_once(lone):
    given_page = page(*(item(f"p{n}") for n in range(200)), cursor="200")
    counts: list[int] = []

    def work() -> None:
        counts.append(record_arrivals(channel_id=lone.pk, page=given_page, since="", at=NOW))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 0, 0, 0, 200]
    assert Arrival.objects.count() == 200
    assert json.loads(json.dumps(states(lone)))["p199"] == "recorded"
