"""Which channels a person may see, asked of all at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from sotong.access.rules import Actor, may
from sotong.channels.models import Channel

SLOW_AFTER = timedelta(seconds=60)
"""A check that is older is not shown as good any more."""
LOST_AFTER = timedelta(minutes=5)
"""A check that is older is shown as none."""

# Every page of the desk asks this: as a query of Django's it took 1.4 ms to make, and a fourth of that to run.
# A channel without teams is everyone's.
ADMITTING = """
    SELECT c.id, c.name, c.network, c.mode, c.trouble, c.healthy_at,
        NOT EXISTS (SELECT FROM channels_channel_teams t WHERE t.channel_id = c.id)
        OR EXISTS (
            SELECT FROM channels_channel_teams t JOIN people_team_members m ON m.team_id = t.team_id
            WHERE t.channel_id = c.id AND m.person_id = %s
        )
    FROM channels_channel c ORDER BY c.name, c.id
"""


class ChannelRow(NamedTuple):
    """What lists show of a channel. ``admits``: what ``Channel.admits`` says of the person that was asked for."""

    pk: int
    name: str
    network: str
    mode: str
    trouble: str
    healthy_at: datetime | None
    admits: bool


def channel_rows(viewer: Actor) -> list[ChannelRow]:
    """Every channel by its name, and whether its teams admit ``viewer``."""
    with connection.cursor() as cursor:
        cursor.execute(ADMITTING, [getattr(viewer, "pk", None)])
        return [ChannelRow(*row) for row in cursor.fetchall()]


def seen_rows(viewer: Actor) -> list[ChannelRow]:
    """The channels of which ``rules.permits.may_see`` is true; a test holds the two together."""
    manages = may(viewer, "channels.manage")
    if not manages and not may(viewer, "channels.read"):
        return []
    return [row for row in channel_rows(viewer) if manages or row.admits]


def seen_channels(viewer: Actor) -> QuerySet[Channel]:
    """``seen_rows`` as rows of the table."""
    return Channel.objects.filter(pk__in=[row.pk for row in seen_rows(viewer)])


def notices_of_seen(viewer: Actor) -> Q:
    """The notices whose channel ``viewer`` may see."""
    # As text: other kinds of notices may keep something else under this name.
    seen = [str(row.pk) for row in seen_rows(viewer)]
    return Q(RawSQL("notices_notice.detail ->> 'channel' = ANY(%s)", [seen], BooleanField()))
