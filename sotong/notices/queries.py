"""What someone should know."""

from __future__ import annotations

from django.db.models import QuerySet

from sotong.access.rules import Actor, permissions_of
from sotong.notices.models import Notice


def open_for(person: Actor) -> QuerySet[Notice]:
    """Open notices for whatever ``person`` may do, newest first; nothing for who may not act."""
    if not (person.is_authenticated and person.is_active):
        return Notice.objects.none()
    return Notice.objects.filter(closed_at__isnull=True, permission__in=permissions_of(person.roles)).order_by("-pk")
