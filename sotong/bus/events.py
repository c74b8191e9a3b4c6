"""What an event is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What open screens are told of an event: a name and ids, never texts."""

    name: str
    ids: dict[str, int]
    permission: str = "inbox.read"
    channel_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of every event: a frozen, keyword-only dataclass of plain values, named noun + past participle.

    ``event_name`` is its stable name in jobs and logs. Override ``shown()`` where screens must change.
    """

    event_name: ClassVar[str] = ""

    def shown(self) -> tuple[Shown, ...]:
        return ()
