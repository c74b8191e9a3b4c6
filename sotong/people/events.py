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
