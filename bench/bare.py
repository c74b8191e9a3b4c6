"""The floors' queries: written by hand, one statement each, for the very rows that the product's pages show.

They are told which channels may be read and take everything else for granted.
"""

from __future__ import annotations

from typing import Any

UNCLAIMED = "c.state = 'open' AND c.claimed_by_id IS NULL AND c.assigned_to_id IS NULL AND c.snoozed_until IS NULL"
NARROWED = {
    "view=all": ("c.shelf = 'live'", ()),
    "view=unclaimed": (UNCLAIMED, ()),
    "view=resolved": ("c.shelf = 'resolved'", ()),
    "view=all&channel=1": ("c.shelf = 'live' AND c.channel_id = 1", ()),
    "view=unclaimed&channel=2": (f"{UNCLAIMED} AND c.channel_id = 2", ()),
    "view=all&direct=1": ("c.shelf = 'live' AND c.is_direct", ()),
}
"""Filters of a list that are conditions on its conversations."""

_COLUMNS = """
    c.id, c.channel_id, c.is_direct, c.state, c.preview, c.snoozed_until, c.claim_until, c.last_at, c.waiting_since,
    c.delivery_trouble, c.last_inbound_id > coalesce(r.upto_id, 0), i.handle, i.name, i.remote_id,
    holder.id, holder.name, holder.nickname, other.id, other.name, other.nickname, team.name,
    ARRAY(SELECT b.name || ':' || b.tone FROM inbox_labelling n JOIN inbox_label b ON b.id = n.label_id
        WHERE n.conversation_id = c.id ORDER BY b.name)
"""
_JOINED = """
    JOIN contacts_identity i ON i.id = c.identity_id
    LEFT JOIN people_person holder ON holder.id = c.claimed_by_id
    LEFT JOIN people_person other ON other.id = c.assigned_to_id
    LEFT JOIN people_team team ON team.id = c.assigned_team_id
    LEFT JOIN inbox_readmark r ON r.conversation_id = c.id AND r.person_id = %s
"""


def list_query(filters: str, person: int, channels: list[int], size: int = 51) -> tuple[str, list[Any]]:
    """The page of the list under ``filters`` (an address's query): statement and values."""
    source, order = "inbox_conversation c", "c.last_at DESC, c.id DESC"
    seen = "(c.channel_id = ANY(%s) OR c.also_channels && %s::bigint[])"
    values: list[Any] = []
    if filters == "view=mine":
        where, values = "c.shelf = 'live' AND (c.claimed_by_id = %s OR c.assigned_to_id = %s)", [person, person]
    elif filters == "view=all&label=1":
        source = "inbox_labelling l JOIN inbox_conversation c ON c.id = l.conversation_id"
        where, order = "l.label_id = 1 AND l.shelf = 'live'", "l.last_at DESC, l.conversation_id DESC"
    elif filters.startswith("view=all&after="):
        where = "c.shelf = 'live' AND (c.last_at, c.id) < ('epoch'::timestamptz + %s * interval '1 microsecond', %s)"
        values = [int(part) for part in filters.partition("after=")[2].split("-")]
    else:
        where, values = NARROWED[filters][0], list(NARROWED[filters][1])
    chosen = f"SELECT c.* FROM {source} WHERE {where} AND {seen} ORDER BY {order} LIMIT %s"
    statement = f"SELECT {_COLUMNS} FROM ({chosen}) c {_JOINED} ORDER BY c.last_at DESC, c.id DESC"
    return statement, [*values, channels, channels, size, person]


_THREAD = """
    SELECT c.*, channel.name, channel.network, channel.mode, i.handle, i.name, i.remote_id, i.contact_id,
        contact.name, contact.created_at, holder.name, holder.nickname, r.upto_id,
        m.id, m.direction, m.is_direct, m.is_automatic, m.text, m.url, m.posted_at, m.edited_at, m.deleted_at,
        writer.handle, writer.name, ours.name, ours.nickname, d.state, d.sent_at, d.seen_at, d.due_at,
        ARRAY(SELECT v.text FROM inbox_messageversion v WHERE v.message_id = m.id),
        ARRAY(SELECT w.alt FROM inbox_messagemedia w WHERE w.message_id = m.id),
        ARRAY(SELECT w.alt FROM channels_deliverymedia w WHERE w.delivery_id = d.id)
    FROM (SELECT * FROM inbox_conversation
        WHERE id = %s AND (channel_id = ANY(%s) OR also_channels && %s::bigint[])) c
    JOIN channels_channel channel ON channel.id = c.channel_id
    JOIN contacts_identity i ON i.id = c.identity_id
    JOIN contacts_contact contact ON contact.id = i.contact_id
    LEFT JOIN people_person holder ON holder.id = c.claimed_by_id
    LEFT JOIN inbox_readmark r ON r.conversation_id = c.id AND r.person_id = %s
    JOIN LATERAL (SELECT * FROM inbox_message m WHERE m.conversation_id = c.id
        ORDER BY posted_at DESC, network_order DESC, id DESC LIMIT 61) m ON true
    LEFT JOIN contacts_identity writer ON writer.id = m.identity_id
    LEFT JOIN people_person ours ON ours.id = m.person_id
    LEFT JOIN channels_delivery d ON d.id = m.delivery_id
    ORDER BY m.posted_at, m.network_order, m.id
"""


def thread_query(conversation: int, person: int, channels: list[int]) -> tuple[str, list[Any]]:
    """One conversation with its newest messages."""
    return _THREAD, [conversation, channels, channels, person]


_SEARCH = """
    SELECT h.*, m.text, m.direction, c.*, i.handle, i.name, i.remote_id, ours.name, holder.name, other.name FROM (
        SELECT * FROM (
            SELECT DISTINCT ON (m.conversation_id) m.id, m.posted_at, m.conversation_id
            FROM inbox_message m JOIN inbox_conversation c ON c.id = m.conversation_id
            WHERE m.search @@ %s::tsquery AND m.deleted_at IS NULL
                AND (c.channel_id = ANY(%s) OR c.also_channels && %s::bigint[]) AND {where}
            ORDER BY m.conversation_id, m.posted_at DESC, m.id DESC
        ) each ORDER BY posted_at DESC, id DESC LIMIT 31
    ) h
    JOIN inbox_message m ON m.id = h.id
    JOIN inbox_conversation c ON c.id = h.conversation_id
    JOIN contacts_identity i ON i.id = c.identity_id
    LEFT JOIN people_person ours ON ours.id = m.person_id
    LEFT JOIN people_person holder ON holder.id = c.claimed_by_id
    LEFT JOIN people_person other ON other.id = c.assigned_to_id
    ORDER BY h.posted_at DESC, h.id DESC
"""


def search_query(tsquery: str, view: str, channels: list[int]) -> tuple[str, list[Any]]:
    """The newest conversations with a message that matches; ``view`` is unclaimed or empty."""
    where = UNCLAIMED if view == "unclaimed" else "true"
    return _SEARCH.format(where=where), [tsquery, channels, channels]
