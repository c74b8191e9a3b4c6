"""Keeping the search index in step with the messages: in batches, newest first, never in the intake's way."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection

from sotong.inbox.rules.search import WITHOUT_KIWI, any_of, lexemes_of
from sotong.language.client import LanguageClient
from sotong.language.search import analyse_texts

BATCH = 300

_CHOSEN = """
    SELECT m.id, m.xmin::text, m.text, m.posted_at,
        m.deleted_at IS NOT NULL
        OR EXISTS (SELECT 1 FROM channels_delivery d WHERE d.id = m.delivery_id AND d.state = 'cancelled'),
        c.channel_id, c.also_channels
    FROM inbox_message m JOIN inbox_conversation c ON c.id = m.conversation_id
"""
_UNINDEXED = _CHOSEN + " WHERE m.indexed_at IS NULL ORDER BY m.id DESC LIMIT %s"
_WITHOUT_KIWI = _CHOSEN + " WHERE m.id IN (SELECT id FROM inbox_message WHERE search @@ %s::tsquery LIMIT %s)"  # noqa: S608
# A row that changed since it was read, or that someone is changing, keeps its empty ``indexed_at`` and comes with the
# next batch. Nothing is waited for: whoever waits for one row while holding others can stand in a ring of waiters.
_WRITE = """
    WITH v AS (SELECT * FROM jsonb_to_recordset(%s::jsonb) AS r(id bigint, version text, terms text[])),
    free AS (
        SELECT m.id, v.terms FROM inbox_message m JOIN v ON m.id = v.id AND m.xmin::text = v.version
        FOR NO KEY UPDATE OF m SKIP LOCKED
    )
    UPDATE inbox_message m SET search = array_to_tsvector(free.terms), indexed_at = %s FROM free WHERE m.id = free.id
"""


def index_messages(client: LanguageClient | None, *, at: datetime, batch: int = BATCH) -> int:
    """Index one batch of messages that are new or changed; returns how many were looked at, 0 when all were busy.

    Where Kiwi does not answer they are indexed without it (words as written and pairs of syllables) and marked.
    """
    return _index(_UNINDEXED, [batch], client, at=at)


def index_again(client: LanguageClient | None, *, at: datetime, batch: int = BATCH) -> int:
    """Index one batch of those that were indexed without Kiwi; none while it still does not answer."""
    if client is None or client.health(1.0) is None:
        return 0
    return _index(_WITHOUT_KIWI, [any_of([WITHOUT_KIWI]), batch], client, at=at)


def _index(sql: str, values: list[Any], client: LanguageClient | None, *, at: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    if not rows:
        return 0
    texts = ["" if is_gone else text for _, _, text, _, is_gone, _, _ in rows]
    found = analyse_texts(texts, client)
    written: list[dict[str, Any]] = []
    for (pk, version, _, posted_at, is_gone, channel_id, also), analysed in zip(rows, found, strict=True):
        terms = lexemes_of(
            analysed.terms,
            posted_at=posted_at,
            channel_ids=dict.fromkeys((channel_id, *also)),
            used_kiwi=analysed.used_kiwi,
        )
        # What its author deleted, and a reply that was taken back before it left, is not found any more: the newest
        # hit of a conversation is one that stands.
        written.append({"id": pk, "version": version, "terms": [] if is_gone else terms})
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [json.dumps(written, ensure_ascii=False), at])
        return len(rows) if cursor.rowcount else 0
