"""The reply that a person is about to take back."""

from __future__ import annotations

from sotong.inbox.models import Message
from sotong.inbox.queries.visible import visible_to
from sotong.inbox.rules.taking_back import may_take_back
from sotong.people.models import Person


def reply_to_take_back(viewer: Person, conversation_id: int, message_id: int) -> Message | None:
    """A reply of this conversation with its delivery; None where the viewer may not take it back, or there is none."""
    rows = Message.objects.select_related("conversation", "delivery__channel", "person")
    message = rows.filter(pk=message_id, conversation_id=conversation_id).first()
    if message is None or message.delivery is None:
        return None
    visible = visible_to(viewer)
    where = visible.place(message.delivery.channel)
    is_permitted = may_take_back(viewer, is_own=message.person_id == viewer.pk, where=where)
    return message if is_permitted and visible.shows(message.conversation) else None
