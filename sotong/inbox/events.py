"""What happened in the inbox. Each names the conversation and every channel whose people may see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sotong.bus.events import Event, Shown


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A conversation that changed, and the channels that may see it."""

    conversation_id: int
    channel_ids: tuple[int, ...]

    def shown(self, name: str = "conversation") -> tuple[Shown, ...]:
        return tuple(
            Shown(name=name, ids={"conversation": self.conversation_id}, channel_id=channel_id)
            for channel_id in self.channel_ids
        )


@dataclass(frozen=True, kw_only=True)
class MessagesReceived(Event):
    """Customers wrote: ``message_ids`` are new, in the conversations ``touched``."""

    event_name: ClassVar[str] = "inbox.messages_received"
    message_ids: tuple[int, ...]
    touched: tuple[Touched, ...]

    def shown(self) -> tuple[Shown, ...]:
        return tuple(shown for one in self.touched for shown in one.shown())


@dataclass(frozen=True, kw_only=True)
class ConversationChanged(Event):
    """Something about a conversation is different: a claim, a state, a reply, a note, an edit, a label."""

    event_name: ClassVar[str] = "inbox.conversation_changed"
    touched: Touched

    def shown(self) -> tuple[Shown, ...]:
        return self.touched.shown()


@dataclass(frozen=True, kw_only=True)
class ConversationRead(Event):
    """A person read a conversation: only that person's screens change."""

    event_name: ClassVar[str] = "inbox.conversation_read"
    conversation_id: int
    person_id: int

    def shown(self) -> tuple[Shown, ...]:
        return (Shown(name="conversation", ids={"conversation": self.conversation_id}, person_id=self.person_id),)


@dataclass(frozen=True, kw_only=True)
class PresenceChanged(Event):
    """Someone came to a conversation, left it, or began or stopped typing."""

    event_name: ClassVar[str] = "inbox.presence_changed"
    touched: Touched

    def shown(self) -> tuple[Shown, ...]:
        return self.touched.shown("presence")
