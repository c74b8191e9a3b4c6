"""Which channels a person may read, asked once a request."""

from __future__ import annotations

from dataclasses import dataclass

from sotong.access.rules import may
from sotong.channels.models import Channel
from sotong.inbox.models import Conversation
from sotong.people.models import Person


@dataclass(frozen=True)
class Visible:
    """``ids``: channels whose conversations a person may read. ``is_all``: that is every channel there is."""

    ids: tuple[int, ...]
    is_all: bool

    def shows(self, conversation: Conversation) -> bool:
        """Whether a conversation belongs to one of them."""
        return not {conversation.channel_id, *conversation.also_channels}.isdisjoint(self.ids)


def visible_to(person: Person) -> Visible:
    """The channels that ``person`` may read; none without ``inbox.read``."""
    if not may(person, "inbox.read"):
        return Visible((), is_all=False)
    teams = set(person.teams.values_list("pk", flat=True))
    channels = list(Channel.objects.order_by("pk").only("pk").prefetch_related("teams"))
    ids = []
    for channel in channels:
        needed = {team.pk for team in channel.teams.all()}
        if not needed or needed & teams:
            ids.append(channel.pk)
    return Visible(tuple(ids), is_all=len(ids) == len(channels))
