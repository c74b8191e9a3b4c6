"""The people who wrote to us, found by name or handle."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from sotong.contacts.models import Identity
from sotong.inbox.queries.visible import Visible
from sotong.language.tokens import QueryTerms, tsquery

CANDIDATES = 300
"""Identities that are looked at, in no order: a surname alone has more than can be sorted at every key press."""

_SEEN = """
    SELECT i.id, c.id FROM (
        SELECT id, last_seen_at FROM contacts_identity WHERE search @@ %s::tsquery LIMIT %s
    ) i JOIN LATERAL (
        SELECT c.id FROM inbox_conversation c
        WHERE c.identity_id = i.id AND (c.channel_id = ANY(%s) OR c.also_channels && %s::bigint[])
        ORDER BY c.last_at DESC, c.id DESC LIMIT 1
    ) c ON true ORDER BY i.last_seen_at DESC, i.id DESC LIMIT %s
"""


@dataclass(frozen=True)
class Customer:
    """``conversation_id``: the newest conversation with them that the viewer may read."""

    identity: Identity
    conversation_id: int


def search_customers(terms: QueryTerms, visible: Visible, *, limit: int = 6) -> tuple[Customer, ...]:
    """The last seen first, among ``CANDIDATES`` of that name. Only people in a conversation that the viewer may read
    are there at all.
    """
    if not terms or not visible.ids:
        return ()
    ids = list(visible.ids)
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [tsquery(terms), CANDIDATES, ids, ids, limit])
        rows = cursor.fetchall()
    found = Identity.objects.defer("search").in_bulk([row[0] for row in rows])
    return tuple(Customer(found[identity], conversation) for identity, conversation in rows if identity in found)
