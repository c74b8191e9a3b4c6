"""Opening a conversation for a change: found, locked, permitted."""

from __future__ import annotations

from collections.abc import Sequence

from sotong.access.rules import Actor, may
from sotong.bus.actions import announce
from sotong.channels.models import Channel
from sotong.inbox.actions.conversations import channels_of
from sotong.inbox.actions.standing import touched
from sotong.inbox.events import ConversationChanged
from sotong.inbox.models import Conversation
from sotong.inbox.rules.refusals import NotPermitted, NotThere


class Channels:
    """The channels of a conversation, as a place: whoever may use one of them is admitted."""

    def __init__(self, channels: Sequence[Channel]) -> None:
        self.channels = channels

    def admits(self, actor: Actor) -> bool:
        return any(channel.admits(actor) for channel in self.channels)


def open_conversation(
    conversation_id: int, *, by: Actor, permission: str = "inbox.reply", is_locked: bool = True
) -> Conversation:
    """The conversation, locked until the transaction ends (``is_locked``).

    Raises ``NotThere`` for one that this person may not read (as for one that does not exist), ``NotPermitted`` when
    ``permission`` is missing.
    """
    rows = Conversation.objects.select_related("channel", "identity")
    if is_locked:
        rows = rows.select_for_update(no_key=True, of=("self",))
    conversation = rows.filter(pk=conversation_id).first()
    if conversation is None:
        raise NotThere
    place = Channels(channels_of(conversation))
    if not may(by, "inbox.read", where=place):
        raise NotThere
    if not may(by, permission, where=place):
        raise NotPermitted
    return conversation


def tell(conversation: Conversation) -> None:
    """Announce that the conversation changed."""
    announce(ConversationChanged(touched=touched(conversation)))
