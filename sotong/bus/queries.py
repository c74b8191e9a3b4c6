"""Reading the event log in an order that never skips."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, order=True)
class Place:
    """A place in the event log. Its text form is the SSE event id."""

    txid: int = 0
    id: int = 0

    def __str__(self) -> str:
        return f"{self.txid}-{self.id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that ``text`` names; None for anything else (a hostile or foreign Last-Event-ID)."""
        left, _, right = text.partition("-")
        if not (left.isascii() and left.isdigit() and right.isascii() and right.isdigit()):
            return None
        if len(left) > 19 or len(right) > 19 or max(int(left), int(right)) >= 2**63:
            return None
        return cls(int(left), int(right))


@dataclass(frozen=True)
class SignalRow:
    place: Place
    name: str
    permission: str
    channel_id: int | None
    person_id: int | None
    ids: dict[str, int]


def newest_place() -> Place:
    """Where a screen that opens now begins: everything that is already certain is behind it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1")
        (before,) = cursor.fetchone()
    return Place(before, 2**62)


def oldest_place() -> Place:
    """The first place that the log still holds; an older one cannot be resumed from."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT txid, id FROM event_log ORDER BY txid, id LIMIT 1")
        row = cursor.fetchone()
    return Place(row[0], row[1]) if row else newest_place()


AFTER = """
    SELECT txid, id, name, permission, channel_id, person_id, ids FROM event_log
    WHERE (txid, id) > (%s, %s) AND txid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
    ORDER BY txid, id LIMIT %s
"""
"""Only transactions below the snapshot's xmin have surely ended; a later one waits for the next call."""


def row_to_signal(row: Sequence[Any]) -> SignalRow:
    """A row of ``AFTER`` as a value (the driver may hand JSON out as text)."""
    ids = json.loads(row[6]) if isinstance(row[6], str) else row[6]
    return SignalRow(Place(row[0], row[1]), row[2], row[3], row[4], row[5], ids)


def signals_after(place: Place, limit: int = 500) -> list[SignalRow]:
    """What became certain after ``place``, oldest first, at most ``limit``."""
    with connection.cursor() as cursor:
        cursor.execute(AFTER, [place.txid, place.id, limit])
        return [row_to_signal(row) for row in cursor.fetchall()]
