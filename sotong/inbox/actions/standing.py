"""Counting anew what a conversation's messages say about it.

Everything here follows from the messages alone, so that it does not matter in which order they came.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from sotong.inbox.events import Touched
from sotong.inbox.models import Conversation
from sotong.inbox.rules.previews import GONE, PREVIEW_LENGTH, SUBJECT_LENGTH, preview_of
from sotong.inbox.rules.standing import COUNTS_NOT, TROUBLE, gravest_trouble, is_open_again, state_after_history

# A reply that was deleted answers no more, and the customer waits again. When the first answer came is history: a
# person was there then, and that the words were taken back later does not change it. What a person let rest without
# knowing answers nothing, and is no trouble to look after any more.
COUNTED = """
WITH m AS (
    SELECT m.conversation_id, m.id, m.posted_at, m.direction, m.deleted_at, d.state, d.sent_at, d.settled_at,
           m.direction = 'outbound' AND NOT m.is_automatic
           AND (d.state IS NULL OR d.state <> ALL(%(not_counting)s)) AS leaves,
           m.deleted_at IS NULL AND (m.direction = 'inbound' OR NOT m.is_automatic AND d.state = ANY(%(trouble)s))
           AS waits,
           m.delivery_id IS NULL AS is_outside
    FROM inbox_message m LEFT JOIN channels_delivery d ON d.id = m.delivery_id
    WHERE m.conversation_id = ANY(%(ids)s) AND m.direction <> 'note'
), a AS (
    SELECT conversation_id,
           coalesce(max(id) FILTER (WHERE leaves AND deleted_at IS NULL AND NOT is_outside), 0) AS answered_id,
           max(posted_at) FILTER (WHERE leaves AND deleted_at IS NULL AND is_outside) AS answered_at,
           min(coalesce(sent_at, posted_at)) FILTER (WHERE leaves AND (is_outside OR state = 'sent')) AS first_answer,
           min(posted_at) FILTER (WHERE direction = 'inbound') AS first_inbound,
           coalesce(max(id) FILTER (WHERE direction = 'inbound'), 0) AS last_inbound,
           coalesce(max(posted_at) FILTER (WHERE state IS DISTINCT FROM 'cancelled'), max(posted_at)) AS last_at,
           coalesce(array_agg(DISTINCT state) FILTER (
               WHERE state = ANY(%(trouble)s) AND (state <> 'unconfirmed' OR settled_at IS NULL)), '{}') AS trouble
    FROM m GROUP BY conversation_id
)
SELECT a.conversation_id, a.answered_id, a.answered_at, a.first_answer, a.first_inbound, a.last_inbound, a.last_at,
       a.trouble::text[],
       (SELECT min(m.posted_at) FROM m
        WHERE m.conversation_id = a.conversation_id AND m.waits
              AND m.id > a.answered_id AND (a.answered_at IS NULL OR m.posted_at >= a.answered_at)) AS waiting_since
FROM a
"""
# The description of its first picture, where a message has no words; without pictures null.
ALT = """CASE WHEN m.text !~ '\\S' THEN coalesce(
        (SELECT alt FROM inbox_messagemedia w WHERE w.message_id = m.id ORDER BY position LIMIT 1),
        (SELECT alt FROM channels_deliverymedia w WHERE w.delivery_id = m.delivery_id ORDER BY position LIMIT 1)
    ) END AS alt"""
# Not taken back before it left.
STANDS = "NOT EXISTS (SELECT 1 FROM channels_delivery d WHERE d.id = delivery_id AND d.state = 'cancelled')"
ENDS = f"""
SELECT c.id, first.text, first.alt, first.deleted_at, newest.id, kept.direction, kept.text, kept.alt
FROM unnest(%(ids)s::bigint[]) AS c (id)
LEFT JOIN LATERAL (
    SELECT left(m.text, 2000) AS text, {ALT}, m.deleted_at FROM inbox_message m
    WHERE conversation_id = c.id AND direction = 'inbound'
    ORDER BY posted_at, network_order, id LIMIT 1
) first ON true
LEFT JOIN LATERAL (
    SELECT id FROM inbox_message WHERE conversation_id = c.id AND direction <> 'note' AND {STANDS}
    ORDER BY posted_at DESC, network_order DESC, id DESC LIMIT 1
) newest ON true
LEFT JOIN LATERAL (
    SELECT m.direction, left(m.text, 2000) AS text, {ALT} FROM inbox_message m
    WHERE conversation_id = c.id AND direction <> 'note' AND deleted_at IS NULL AND NOT is_automatic
          AND {STANDS}
    ORDER BY posted_at DESC, network_order DESC, id DESC LIMIT 1
) kept ON true
"""  # noqa: S608
SAVE = """
UPDATE inbox_conversation SET state = %s, snoozed_until = %s, reopened = %s, outcome = %s, outcome_reason = %s,
    resolved_at = %s, subject = %s, preview = %s, last_at = %s, last_message_id = %s, last_inbound_id = %s,
    waiting_since = %s, answered_id = %s, answered_at = %s, first_inbound_at = %s, first_human_reply_at = %s,
    delivery_trouble = %s, also_channels = %s, channel_id = %s
WHERE id = %s
"""


@dataclass(frozen=True)
class Counted:
    """What the messages of a conversation say about it."""

    answered_id: int
    answered_at: datetime | None
    first_answer: datetime | None
    first_inbound: datetime | None
    last_inbound: int
    last_at: datetime
    trouble: Collection[str]
    waiting_since: datetime | None

    @property
    def has_answer(self) -> bool:
        return self.answered_id > 0 or self.answered_at is not None


def recount(conversations: Sequence[Conversation]) -> dict[int, Counted]:
    """Count anew from the messages; changes the given rows in memory, and ``save`` writes them.

    The rows must be locked by the caller's transaction.
    """
    ids = sorted({conversation.pk for conversation in conversations})
    if not ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, {"ids": ids, "not_counting": list(COUNTS_NOT), "trouble": list(TROUBLE)})
        counted = {row[0]: Counted(*row[1:]) for row in cursor.fetchall()}
        cursor.execute(ENDS, {"ids": ids})
        ends = {row[0]: row[1:] for row in cursor.fetchall()}
    for conversation in conversations:
        if conversation.pk not in counted:
            continue
        found = counted[conversation.pk]
        first, first_alt, first_deleted, newest, direction, kept, kept_alt = ends[conversation.pk]
        conversation.subject = GONE if first_deleted else preview_of(first or "", SUBJECT_LENGTH, picture_alt=first_alt)
        conversation.preview = (
            preview_of(kept, PREVIEW_LENGTH, picture_alt=kept_alt, is_ours=direction != "inbound")
            if direction
            else GONE
        )
        conversation.last_message_id = newest or 0
        conversation.last_at = found.last_at
        conversation.last_inbound_id = found.last_inbound
        conversation.waiting_since = found.waiting_since
        conversation.answered_id = found.answered_id
        conversation.answered_at = found.answered_at
        conversation.first_inbound_at = found.first_inbound
        conversation.first_human_reply_at = found.first_answer
        conversation.delivery_trouble = gravest_trouble(set(found.trouble))
    return counted


def save(conversations: Sequence[Conversation]) -> None:
    """Write what ``recount`` and the state rules changed."""
    rows = [
        (
            c.state, c.snoozed_until, c.reopened, c.outcome, c.outcome_reason, c.resolved_at, c.subject, c.preview,
            c.last_at, c.last_message_id, c.last_inbound_id, c.waiting_since, c.answered_id, c.answered_at,
            c.first_inbound_at, c.first_human_reply_at, c.delivery_trouble, c.also_channels, c.channel_id, c.pk,
        )
        for c in sorted(conversations, key=lambda row: row.pk)
    ]  # fmt: skip
    with connection.cursor() as cursor:
        # One by one: who acts is told to the database in front of each statement, which executemany does not allow.
        for row in rows:
            cursor.execute(SAVE, row)


def open_again(conversation: Conversation) -> None:
    """Take it out of the resolved ones, as new; nothing is written."""
    conversation.reopened += 1
    conversation.outcome = conversation.outcome_reason = ""
    conversation.resolved_at = None
    conversation.state = Conversation.State.OPEN


def recount_and_move(conversation: Conversation, *, has_given_up: bool = False, may_pass: bool = False) -> None:
    """Count anew after something became of a reply, move the state where that changed who waits, and write.

    ``has_given_up``: ``rules.standing.is_given_up`` of that reply. ``may_pass``: it is in doubt since just now; that
    opens nothing that was resolved before it lasts. A read-back of a reply is no news: it must not undo what a person
    has said about the conversation since.
    """
    was_waiting, had_answer = conversation.waiting_since is not None, conversation.has_answer
    found = recount([conversation])[conversation.pk]
    waits = found.waiting_since is not None
    is_news = not may_pass and is_open_again(
        conversation.state, was_waiting=was_waiting, is_waiting=waits, has_given_up=has_given_up
    )
    if is_news:
        open_again(conversation)
    elif (was_waiting, had_answer) != (waits, found.has_answer):
        conversation.state = state_after_history(conversation.state, has_waiting=waits, has_answer=found.has_answer)
    save([conversation])


def touched(conversation: Conversation) -> Touched:
    """The conversation as an event names it."""
    channels = (conversation.channel_id, *conversation.also_channels)
    return Touched(conversation_id=conversation.pk, channel_ids=tuple(dict.fromkeys(channels)))
