"""Reading: up to where a person has read a conversation."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from sotong.bus.actions import announce
from sotong.inbox.events import ConversationRead
from sotong.inbox.models import Message
from sotong.people.models import Person

MARK = """
INSERT INTO inbox_readmark (person_id, conversation_id, upto_id) VALUES (%s, %s, %s)
ON CONFLICT (person_id, conversation_id) DO UPDATE SET upto_id = excluded.upto_id
WHERE inbox_readmark.upto_id < excluded.upto_id
"""

UNREAD_AGAIN = """
UPDATE inbox_readmark r SET upto_id = m.before FROM unnest(%s::bigint[], %s::bigint[]) AS m (conversation_id, before)
WHERE r.conversation_id = m.conversation_id AND r.upto_id > m.before
"""


def mark_read(*, conversation_id: int, upto_id: int, by: Person) -> bool:
    """Note that ``by`` has read up to inbound message ``upto_id``; True when that was news. Only
    ``unread_again`` goes back.
    """
    if upto_id <= 0:
        return False
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(MARK, [by.pk, conversation_id, upto_id])
            is_news: bool = cursor.rowcount > 0
        if is_news:
            announce(ConversationRead(conversation_id=conversation_id, person_id=by.pk))
    return is_news


def unread_again(messages: Iterable[Message]) -> None:
    """Whoever has read these has not read what they say now: their customers have written them anew."""
    before: dict[int, int] = {}
    for message in messages:
        known = before.get(message.conversation_id, message.pk)
        before[message.conversation_id] = min(known, message.pk - 1)
    if before:
        with connection.cursor() as cursor:
            cursor.execute(UNREAD_AGAIN, [list(before), list(before.values())])
