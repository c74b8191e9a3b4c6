"""Which channels a person may see, asked of all at once."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from sotong.access.rules import Actor, may
from sotong.channels.models import Channel

SLOW_AFTER = timedelta(seconds=60)
"""A check that is older is not shown as good any more."""
LOST_AFTER = timedelta(minutes=5)
"""A check that is older is shown as none."""


def seen_channels(viewer: Actor) -> QuerySet[Channel]:
    """The channels of which ``rules.permits.may_see`` is true; a test holds the two together."""
    if may(viewer, "channels.manage"):
        return Channel.objects.all()
    if not may(viewer, "channels.read"):
        return Channel.objects.none()
    teams = Channel.teams.through.objects.filter(channel=OuterRef("pk"))
    return Channel.objects.filter(~Exists(teams) | Exists(teams.filter(team__members=getattr(viewer, "pk", None))))


def notices_of_seen(viewer: Actor) -> Q:
    """The notices whose channel ``viewer`` may see."""
    return Q(detail__channel__in=list(seen_channels(viewer).values_list("pk", flat=True)))
