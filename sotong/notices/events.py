"""What happened to notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sotong.bus.events import Event, Shown


@dataclass(frozen=True, kw_only=True)
class NoticeChanged(Event):
    """A notice was raised or closed. Whoever holds ``permission`` is told, or of them that person alone."""

    event_name: ClassVar[str] = "notices.notice_changed"
    notice_id: int
    permission: str
    person_id: int | None = None

    def shown(self) -> tuple[Shown, ...]:
        return (
            Shown(name="notice", ids={"notice": self.notice_id}, permission=self.permission, person_id=self.person_id),
        )
