"""One conversation with its messages, in the network's order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from sotong.channels.models import Channel
from sotong.contacts.models import Contact, Identity
from sotong.inbox.models import Conversation, Draft, Message
from sotong.inbox.models.desk import PRESENCE_LASTS
from sotong.inbox.queries.visible import Visible, visible_to
from sotong.people.models import Person

PAGE = 60


@dataclass(frozen=True, slots=True)
class Image:
    """An image of a message. What the network said about it is known before it has been fetched."""

    id: int
    alt: str
    width: int | None
    height: int | None
    problem: str = ""
    is_here: bool = True
    """Whether it can be shown."""


@dataclass(frozen=True, slots=True)
class Removed:
    """That a reply of ours is taken off its network: how far it is, who wants it and why."""

    state: str
    deleted_at: datetime | None
    is_checked: bool
    problem: str
    reason: str
    person: str


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """One message as a thread shows it, with its delivery, earlier versions and images."""

    id: int
    direction: str
    is_direct: bool
    is_automatic: bool
    person_id: int | None
    text: str
    url: str
    posted_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    writer: str
    """Who wrote it outside; empty: we did."""
    person: str
    """Who of us wrote it; empty: nobody whom we know."""
    delivery_state: str
    """Empty: there is no delivery."""
    due_at: datetime | None
    sent_at: datetime | None
    seen_at: datetime | None
    settled_at: datetime | None
    problem: str
    """Why the delivery is not where it should be; empty: nothing is known to be wrong."""
    sent_by: int | None
    """The channel of the delivery."""
    removed: Removed | None
    versions: tuple[tuple[datetime, str], ...]
    """(when it was replaced, what it said)."""
    images: tuple[Image, ...]
    sent_images: tuple[Image, ...]
    """Those of the delivery."""


@dataclass(frozen=True)
class Thread:
    """``messages`` oldest first; ``older`` is the id to ask for the messages before them (0: there are none)."""

    conversation: Conversation
    messages: tuple[ThreadMessage, ...]
    older: int
    read_upto: int
    """Newest inbound message that the viewer had read before now."""
    visible: Visible
    """What else the viewer may read."""


_SHOWN: dict[str, tuple[type[Model], str]] = {
    "c": (
        Conversation,
        "id channel_id also_channels identity_id is_direct state outcome outcome_reason subject snoozed_until "
        "claimed_by_id claim_until assigned_to_id assigned_team_id last_at last_inbound_id waiting_since answered_id "
        "answered_at first_inbound_at first_human_reply_at resolved_at",
    ),
    "n": (Channel, "id network handle name mode paused_until"),
    "i": (Identity, "id contact_id network remote_id handle name"),
    "k": (Contact, "id name created_at"),
    "h": (Person, "id name nickname"),
}
"""What a thread's page shows of its conversation, in the models' own order; the rest is read when it is asked for."""
_COLUMNS = {alias: tuple(names.split()) for alias, (_, names) in _SHOWN.items()}
_ONE = f"""
    SELECT {", ".join(f"{alias}.{name}" for alias, names in _COLUMNS.items() for name in names)}
    FROM inbox_conversation c JOIN channels_channel n ON n.id = c.channel_id
    JOIN contacts_identity i ON i.id = c.identity_id JOIN contacts_contact k ON k.id = i.contact_id
    LEFT JOIN people_person h ON h.id = c.claimed_by_id WHERE c.id = %s
"""  # noqa: S608


def find_conversation(viewer: Person, conversation_id: int, *, visible: Visible | None = None) -> Conversation | None:
    """The conversation, or None when it does not exist or this person may not read it."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [conversation_id])
        row = cursor.fetchone()
    if row is None:
        return None
    columns = iter(row)
    made: dict[str, Any] = {
        alias: model.from_db("default", _COLUMNS[alias], [next(columns) for _ in _COLUMNS[alias]])
        for alias, (model, _) in _SHOWN.items()
    }
    conversation: Conversation = made["c"]
    conversation.channel = made["n"]
    conversation.identity = made["i"]
    conversation.identity.contact = made["k"]
    conversation.claimed_by = made["h"] if conversation.claimed_by_id else None
    return conversation if (visible or visible_to(viewer)).shows(conversation) else None


# The messages are fenced off by their limit, so that the planner orders few tables at a time.
_MESSAGES = """
    SELECT (SELECT upto_id FROM inbox_readmark WHERE conversation_id = %s AND person_id = %s),
        m.id, m.direction, m.is_direct, m.is_automatic, m.person_id, m.text, m.url, m.posted_at, m.edited_at,
        m.deleted_at, coalesce(nullif(i.handle, ''), nullif(i.name, ''), i.remote_id, ''),
        coalesce(nullif(p.nickname, ''), p.name, ''),
        coalesce(d.state, ''), d.due_at, d.sent_at, d.seen_at, d.settled_at, coalesce(d.problem, ''), d.channel_id,
        (SELECT json_build_array(r.state, extract(epoch FROM r.deleted_at), r.checked_at IS NOT NULL, r.problem,
            r.reason, coalesce(nullif(b.nickname, ''), b.name))
            FROM channels_removal r JOIN people_person b ON b.id = r.by_id WHERE r.delivery_id = m.delivery_id),
        ARRAY(SELECT v.replaced_at FROM inbox_messageversion v WHERE v.message_id = m.id ORDER BY v.id),
        ARRAY(SELECT v.text FROM inbox_messageversion v WHERE v.message_id = m.id ORDER BY v.id),
        (SELECT json_agg(json_build_array(w.id, w.alt, w.width, w.height, w.problem,
            w.content IS NOT NULL) ORDER BY w.position)
            FROM inbox_messagemedia w WHERE w.message_id = m.id),
        (SELECT json_agg(json_build_array(w.id, w.alt, w.width, w.height) ORDER BY w.position)
            FROM channels_deliverymedia w WHERE w.delivery_id = m.delivery_id)
    FROM (
        SELECT * FROM inbox_message WHERE conversation_id = %s {before}
        ORDER BY posted_at DESC, network_order DESC, id DESC LIMIT %s
    ) m
    LEFT JOIN contacts_identity i ON i.id = m.identity_id
    LEFT JOIN people_person p ON p.id = m.person_id
    LEFT JOIN channels_delivery d ON d.id = m.delivery_id
    ORDER BY m.posted_at DESC, m.network_order DESC, m.id DESC
"""
_BEFORE = """
    AND (posted_at, network_order, id) < (SELECT e.posted_at, e.network_order, e.id FROM inbox_message e
        WHERE e.id = %s AND e.conversation_id = %s)
"""


def thread(viewer: Person, conversation_id: int, *, before: int = 0, size: int = PAGE) -> Thread | None:
    """The newest messages (or those before message ``before``); None as ``find_conversation``."""
    visible = visible_to(viewer)
    conversation = find_conversation(viewer, conversation_id, visible=visible)
    if conversation is None:
        return None
    values: list[int] = [conversation_id, viewer.pk, conversation_id]
    values += [before, conversation_id] if before else []
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES.format(before=_BEFORE if before else ""), [*values, size + 1])
        rows = cursor.fetchall()
    shown = tuple(_message(row) for row in reversed(rows[:size]))
    older = shown[0].id if len(rows) > size else 0
    return Thread(conversation, shown, older, (rows[0][0] or 0) if rows else 0, visible)


def has_public_target(found: Thread) -> bool:
    """Whether a post of the customer still stands that a public reply would answer."""
    inbound = Message.Direction.INBOUND
    if any(one.direction == inbound and not one.is_direct and one.deleted_at is None for one in found.messages):
        return True
    rows = Message.objects.filter(conversation=found.conversation, direction=inbound, is_direct=False, deleted_at=None)
    return bool(found.older) and rows.exists()


def _message(row: tuple[Any, ...]) -> ThreadMessage:
    _, *plain, removed, replaced, texts, images, sent = row
    if removed:
        state, moment, *rest = removed
        removed = Removed(state, datetime.fromtimestamp(moment, UTC) if moment else None, *rest)
    shown = [tuple(Image(*each) for each in some or ()) for some in (images, sent)]
    return ThreadMessage(*(*plain, removed, tuple(zip(replaced, texts, strict=True)), *shown))


def drafts_of(viewer: Person, conversation_id: int) -> dict[str, Draft]:
    """The viewer's drafts of a conversation by tab, with their images."""
    rows = Draft.objects.filter(person=viewer, conversation_id=conversation_id).prefetch_related("images")
    return {draft.tab: draft for draft in rows}


def others_here(viewer: Person, conversation_id: int) -> list[tuple[str, bool]]:
    """Colleagues who have the conversation open just now, by name, and whether each is typing."""
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, [conversation_id, viewer.pk, PRESENCE_LASTS.total_seconds()])
        return [(name, is_typing) for name, is_typing in cursor.fetchall()]


_OTHERS = """
    SELECT coalesce(nullif(p.nickname, ''), p.name), h.is_typing
    FROM inbox_presence h JOIN people_person p ON p.id = h.person_id
    WHERE h.conversation_id = %s AND h.person_id <> %s AND h.at > now() - %s * interval '1 second' ORDER BY p.name
"""


PAST_MAX = 100
"""So many earlier conversations of a contact are read at most."""


@dataclass(frozen=True)
class Past:
    """An earlier conversation of the same contact."""

    id: int
    at: datetime
    subject: str


@dataclass(frozen=True)
class Account:
    """One identity of the contact."""

    network: str
    name: str
    url: str


@dataclass(frozen=True)
class Beside:
    """What stands beside the messages."""

    labels: tuple[tuple[int, str, str], ...]
    """(id, name, tone), by name."""
    accounts: tuple[Account, ...]
    history: tuple[Past, ...]
    """Other conversations of the same contact that the viewer may read, newest first, ``PAST_MAX`` at most."""
    has_draft: bool
    """Whether the viewer has begun an answer here."""


_BESIDE = """
    SELECT
        EXISTS (SELECT 1 FROM inbox_draft WHERE conversation_id = %(conversation)s AND person_id = %(viewer)s),
        (SELECT json_agg(json_build_array(b.id, b.name, b.tone) ORDER BY b.name)
            FROM inbox_labelling n JOIN inbox_label b ON b.id = n.label_id WHERE n.conversation_id = %(conversation)s),
        (SELECT json_agg(json_build_array(i.network, coalesce(nullif(i.handle, ''), nullif(i.name, ''), i.remote_id),
                i.url) ORDER BY i.id)
            FROM (SELECT * FROM contacts_identity WHERE contact_id = %(contact)s ORDER BY id LIMIT 20) i),
        h.ids, h.times, h.subjects
    FROM (
        SELECT array_agg(id) AS ids, array_agg(last_at) AS times, array_agg(subject) AS subjects FROM (
            SELECT c.id, c.last_at, c.subject FROM inbox_conversation c JOIN contacts_identity i ON i.id = c.identity_id
            WHERE i.contact_id = %(contact)s AND c.id <> %(conversation)s
                AND (c.channel_id = ANY(%(channels)s) OR c.also_channels && %(channels)s::bigint[])
            ORDER BY c.last_at DESC, c.id DESC LIMIT %(limit)s
        ) past
    ) h
"""


def beside(viewer: Person, conversation: Conversation, visible: Visible) -> Beside:
    """Labels, the customer's accounts, and what we talked about before."""
    contact = conversation.identity.contact_id
    values: dict[str, int | list[int]] = {
        "conversation": conversation.pk,
        "viewer": viewer.pk,
        "contact": contact,
        "channels": list(visible.ids),
        "limit": PAST_MAX,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, values)
        has_draft, labels, accounts, *past = cursor.fetchone()
    return Beside(
        tuple((pk, name, tone) for pk, name, tone in labels or ()),
        tuple(Account(*each) for each in accounts or ()),
        tuple(Past(*one) for one in zip(*past, strict=True)) if past[0] else (),
        has_draft,
    )
