"""Which way a search goes: once for rare words, by stretches of time for common ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sotong.channels.models import Channel
from sotong.inbox.actions.indexing import index_messages
from sotong.inbox.models import Conversation, Message
from sotong.inbox.queries import frequencies
from sotong.inbox.tests.searching import find, texts
from sotong.people.models import Person

STRETCH = re.compile(r"t:\d:\d")


@pytest.fixture
def known(care: Channel, say: Callable[..., Conversation], monkeypatch: pytest.MonkeyPatch) -> None:
    """Nine messages that say refund and one that says parcel, and statistics of them."""
    for number in range(9):
        say(care, f"refund {number}", ago=number)
    say(care, "parcel", ago=99_999)
    index_messages(None, at=datetime.now(UTC))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inbox_message")
    monkeypatch.setattr(frequencies, "_KEPT", frequencies._Kept())


def _asked(viewer: Person, text: str) -> tuple[list[str], list[bool]]:
    """What is found, and of each question to the index whether it names stretches of time."""
    with CaptureQueriesContext(connection) as captured:
        found = texts(find(viewer, text, None))
    return found, [bool(STRETCH.search(each["sql"])) for each in captured if "WITH near" in each["sql"]]


def test_statistics_are_read_once_in_a_while(known: None, hana: Person) -> None:
    with connection.cursor() as cursor:
        read = frequencies.frequencies(cursor)
        assert read.messages == 10
        assert read.shares["refund"] == pytest.approx(0.9)
        Message.objects.update(search=None)
        cursor.execute("ANALYZE inbox_message")
        assert frequencies.frequencies(cursor) is read
        frequencies._KEPT.until = 0
        assert not frequencies.frequencies(cursor).shares


def test_a_common_word_is_looked_for_by_stretches_of_time(
    known: None, hana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sotong.inbox.queries.walking.ONCE", 5)
    found, stretched = _asked(hana, "refund")
    assert len(found) == 9
    assert all(stretched)
    assert len(stretched) > 1


def test_a_rare_word_is_found_by_one_question_however_old(
    known: None, hana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sotong.inbox.queries.walking.ONCE", 5)
    found, stretched = _asked(hana, '"parcel"')
    assert found == ["parcel"]
    assert not any(stretched)
