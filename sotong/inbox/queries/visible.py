"""Which channels a person may read, asked once a request."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from sotong.access.rules import Actor, Place, may
from sotong.channels.models import Channel
from sotong.inbox.models import Conversation
from sotong.people.models import Person

# A channel without teams is everyone's.
VISIBLE = """
    SELECT c.id, count(t.id) = 0 OR bool_or(m.id IS NOT NULL)
    FROM channels_channel c LEFT JOIN channels_channel_teams t ON t.channel_id = c.id
    LEFT JOIN people_team_members m ON m.team_id = t.team_id AND m.person_id = %s
    GROUP BY c.id ORDER BY c.id
"""


@dataclass(frozen=True)
class Visible:
    """``ids``: channels whose conversations a person may read. ``is_all``: that is every channel there is."""

    ids: tuple[int, ...]
    is_all: bool

    def shows(self, conversation: Conversation) -> bool:
        """Whether a conversation belongs to one of them."""
        return not {conversation.channel_id, *conversation.also_channels}.isdisjoint(self.ids)

    def place(self, channel: Channel) -> Place:
        """``channel`` for ``access.may(…, where=…)``, asked of this person alone and without a further query."""
        return _Answered(channel.pk in self.ids)


@dataclass(frozen=True)
class _Answered:
    """What a channel's own ``admits`` would say; it was asked of all channels at once."""

    admitted: bool

    def admits(self, actor: Actor) -> bool:
        return self.admitted


def visible_to(person: Person) -> Visible:
    """The channels that ``person`` may read; none without ``inbox.read``."""
    if not may(person, "inbox.read"):
        return Visible((), is_all=False)
    with connection.cursor() as cursor:
        cursor.execute(VISIBLE, [person.pk])
        rows = cursor.fetchall()
    ids = tuple(pk for pk, is_visible in rows if is_visible)
    return Visible(ids, is_all=len(ids) == len(rows))
