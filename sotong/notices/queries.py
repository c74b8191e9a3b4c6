"""What someone should know."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from sotong.access.rules import Actor, permissions_of
from sotong.notices.models import Notice
from sotong.notices.wording import Wording, may_close, seen_by, wording_of

ENDED_LISTED = 30


@dataclass(frozen=True, kw_only=True)
class ShownNotice:
    notice: Notice
    words: Wording
    may_close: bool
    """A person may close it; else it ends with its cause alone."""


def _for(person: Actor) -> QuerySet[Notice]:
    if not (person.is_authenticated and person.is_active):
        return Notice.objects.none()
    addressed = Q(person=None) | Q(person=getattr(person, "pk", None))
    held = Notice.objects.filter(addressed, permission__in=permissions_of(person.roles))
    return held.filter(seen_by(person)).order_by("-pk")


def open_for(person: Actor) -> QuerySet[Notice]:
    """Open notices for whatever ``person`` may do, newest first; nothing for who may not act."""
    return _for(person).filter(closed_at__isnull=True)


def shown_for(person: Actor) -> tuple[list[ShownNotice], list[ShownNotice]]:
    """The open ones, and the last that ended, each in words."""
    ended = _for(person).filter(closed_at__isnull=False).select_related("closed_by").order_by("-closed_at")
    return _shown(open_for(person)), _shown(ended[:ENDED_LISTED])


def _shown(rows: QuerySet[Notice]) -> list[ShownNotice]:
    return [
        ShownNotice(notice=row, words=wording_of(row.kind, row.detail), may_close=may_close(row.kind)) for row in rows
    ]
