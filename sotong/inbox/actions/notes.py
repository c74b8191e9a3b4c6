"""Private notes: what colleagues tell one another in a conversation. They never leave the house."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from sotong.audit.actions import record
from sotong.channels.records import clean
from sotong.inbox.actions.drafts import EVERYTHING, Screen, use_up
from sotong.inbox.actions.opening import open_conversation, tell
from sotong.inbox.models import Draft, Message
from sotong.inbox.rules import refusals
from sotong.jobs.face import enqueue
from sotong.language.length import is_blank
from sotong.people.models import Person

LONGEST = 20_000


def add_note(
    *, conversation_id: int, text: str, token: UUID, by: Person, at: datetime, screen: Screen = EVERYTHING
) -> Message:
    """Add a private note and use up what ``screen`` had of the person's note draft.

    The same ``token`` again returns the first note. It answers nobody: no clock, state or claim changes. Raises a
    ``Refusal``; the draft is then untouched.
    """
    said = clean(text, LONGEST + 1).strip()
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        earlier = Message.objects.filter(token=token).first()
        if earlier is not None:
            return _same(earlier, conversation.pk, by, said)
        if is_blank(said):
            raise refusals.EmptyText
        if len(said) > LONGEST:
            raise refusals.NoteTooLong(limit=LONGEST)
        values = {
            "conversation": conversation,
            "direction": Message.Direction.NOTE,
            "person": by,
            "text": said,
            "posted_at": at,
        }
        note, is_new = Message.objects.get_or_create(token=token, defaults=values)
        if not is_new:  # used in another conversation at this very moment
            raise refusals.BadValue(field="token")
        use_up(Draft.objects.filter(person=by, conversation=conversation, tab="note").first(), text=said, screen=screen)
        record(
            "inbox.add_note",
            by=by,
            subject=conversation,
            contact_id=conversation.identity.contact_id,
            message=note.pk,
        )
        enqueue("inbox.index_messages", once="inbox.index_messages")
        tell(conversation)
    return note


def _same(earlier: Message, conversation_id: int, by: Person, text: str) -> Message:
    if (
        earlier.conversation_id != conversation_id
        or earlier.person_id != by.pk
        or earlier.direction != Message.Direction.NOTE
    ):
        raise refusals.BadValue(field="token")
    if earlier.text != text:
        raise refusals.AlreadySent(message_id=earlier.pk)
    return earlier
