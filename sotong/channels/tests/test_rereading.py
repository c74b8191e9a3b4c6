"""What could not be read is read again after a mend, and comes back when it still cannot be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sotong.bus.actions import use_dispatcher
from sotong.channels.actions.arrivals import record_arrivals, replay_arrivals
from sotong.channels.jobs import settle
from sotong.channels.models import Arrival, Channel
from sotong.channels.words import unread_words
from sotong.networks.contract import Page, Unreadable
from sotong.notices.models import Notice
from sotong.reactions import dispatch

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nobody_reacts() -> Any:
    use_dispatcher(lambda event: None)
    yield
    use_dispatcher(dispatch)


def aside(channel: Channel, raw: bytes) -> Arrival:
    item = Unreadable(remote_id="p1", raw=raw, why="the author is missing", observed_at=NOW)
    record_arrivals(channel_id=channel.pk, page=Page(items=(item,), cursor=""), at=NOW)
    return Arrival.objects.get()


def test_a_mended_parser_reads_it_and_it_is_settled(make_channel: Any, stand_in: Any) -> None:
    row = aside(make_channel(stand_in.url), b'{"id": "p1", "text": "\xec\x95\x88\xeb\x85\x95"}')
    replay_arrivals(ids=[row.pk], by=None, at=NOW)
    settle(channel_id=row.channel_id)
    row.refresh_from_db()
    assert row.item is not None
    assert (row.state, row.kind, row.item["text"], row.problem) == ("processed", "post", "안녕", "")


def test_what_still_cannot_be_read_comes_back_with_the_reason(make_channel: Any, stand_in: Any) -> None:
    row = aside(make_channel(stand_in.url), b"<html>")
    replay_arrivals(ids=[row.pk], by=None, at=NOW)
    settle(channel_id=row.channel_id)
    row.refresh_from_db()
    assert row.state == "set_aside"
    assert "JSONDecodeError" in row.problem
    assert Notice.objects.filter(kind="arrivals-set-aside", closed_at=None).count() == 1


def test_a_network_that_cannot_reread_loses_nothing(make_channel: Any, stand_in: Any) -> None:
    row = aside(make_channel(stand_in.url, network="blind"), b"{}")
    replay_arrivals(ids=[row.pk], by=None, at=NOW)
    settle(channel_id=row.channel_id)
    row.refresh_from_db()
    assert row.state == "set_aside"
    assert row.problem


def test_the_same_version_that_came_meanwhile_is_not_doubled(make_channel: Any, stand_in: Any) -> None:
    channel = make_channel(stand_in.url)
    row = aside(channel, b'{"id": "p1", "revision": "1"}')
    known = {"remote_id": "p1", "version": "1", "kind": "post", "state": "processed"}
    Arrival.objects.create(channel=channel, raw=b"", observed_at=NOW, **known)
    replay_arrivals(ids=[row.pk], by=None, at=NOW)
    settle(channel_id=channel.pk)
    row.refresh_from_db()
    assert (row.state, row.version.startswith("unreadable")) == ("processed", True)


@pytest.mark.parametrize(
    ("problem", "said", "detail"),
    [
        ("no author", "author 항목이 없어요", ""),
        (
            "JSONDecodeError: Unterminated string starting at: line 1",
            "이 항목을 읽을 수 없었어요",
            "JSONDecodeError: Unterminated string starting at: line 1",
        ),
        ("no author <b>", "이 항목을 읽을 수 없었어요", "no author <b>"),
    ],
)
def test_why_it_was_set_aside_is_words_first(problem, said, detail):
    assert unread_words(problem) == (said, detail)
