"""Which channels a person may read, asked once a request."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sotong.access.rules import Actor, Place, may
from sotong.channels.models import Channel
from sotong.channels.queries.seen import ChannelRow, channel_rows
from sotong.inbox.models import Conversation
from sotong.people.models import Person


@dataclass(frozen=True)
class Visible:
    """``channels`` whose conversations a person may read, by name. ``is_all``: that is every channel there is."""

    channels: tuple[ChannelRow, ...]
    is_all: bool

    @cached_property
    def ids(self) -> tuple[int, ...]:
        return tuple(channel.pk for channel in self.channels)

    def shows(self, conversation: Conversation) -> bool:
        """Whether a conversation belongs to one of them."""
        return not {conversation.channel_id, *conversation.also_channels}.isdisjoint(self.ids)

    def place(self, channel: Channel) -> Place:
        """``channel`` for ``access.may(…, where=…)``, asked of this person alone and without a further query."""
        return self.place_of(channel.pk)

    def place_of(self, channel_id: int) -> Place:
        """The same for a channel of which only the id is known."""
        return _Answered(channel_id in self.ids)


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
    rows = channel_rows(person)
    admitting = tuple(row for row in rows if row.admits)
    return Visible(admitting, is_all=len(admitting) == len(rows))
