"""What happened to people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sotong.bus.events import Event, Shown


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Event):
    """Someone joined, left, or may do other things than before. Open screens look at their own rights again."""

    event_name: ClassVar[str] = "people.person_changed"
    person_id: int

    def shown(self) -> tuple[Shown, ...]:
        return (Shown(name="person", ids={"person": self.person_id}, permission="signed_in"),)


@dataclass(frozen=True, kw_only=True)
class SessionEnded(Event):
    """Someone is signed out of one browser. Their open screens look whether they may stay."""

    event_name: ClassVar[str] = "people.session_ended"
    person_id: int

    def shown(self) -> tuple[Shown, ...]:
        ids = {"person": self.person_id}
        return (Shown(name="session", ids=ids, permission="signed_in", person_id=self.person_id),)
