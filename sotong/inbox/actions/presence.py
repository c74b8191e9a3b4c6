"""Presence: who has a conversation open just now, and who types in it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from sotong.bus.actions import announce
from sotong.inbox.actions.claiming import renew_claim
from sotong.inbox.actions.opening import open_conversation
from sotong.inbox.actions.standing import touched
from sotong.inbox.events import PresenceChanged
from sotong.inbox.models import Conversation, Presence
from sotong.inbox.models.desk import PRESENCE_LASTS
from sotong.people.models import Person


def note_presence(*, conversation_id: int, is_typing: bool, by: Person, at: datetime) -> None:
    """Note that ``by`` has the conversation open; whoever types also renews their own claim.

    Pages say so every few seconds; screens are told only when someone comes, begins to type or stops.
    Raises ``NotThere`` for a conversation that this person may not read.
    """
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by, permission="inbox.read", is_locked=False)
        rows = Presence.objects.filter(person=by, conversation=conversation)
        is_known = rows.filter(at__gt=Now() - PRESENCE_LASTS, is_typing=is_typing).exists()
        Presence.objects.update_or_create(
            person=by, conversation=conversation, defaults={"is_typing": is_typing, "at": Now()}
        )
        if is_typing:
            renew_claim(conversation_id=conversation.pk, by=by, at=at)
        if not is_known:
            announce(PresenceChanged(touched=touched(conversation)))


def leave(*, conversation_id: int, by: Person) -> None:
    """Note that ``by`` has closed the conversation; nothing happens when nobody knew of them there."""
    with transaction.atomic():
        gone, _ = Presence.objects.filter(person=by, conversation_id=conversation_id).delete()
        if gone:
            announce(PresenceChanged(touched=touched(Conversation.objects.get(pk=conversation_id))))
