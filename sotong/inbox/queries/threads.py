"""One conversation with its messages, in the network's order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q
from django.db.models.functions import Now

from sotong.inbox.models import Conversation, Draft, Message, MessageMedia, Presence, ReadMark
from sotong.inbox.models.desk import PRESENCE_LASTS
from sotong.inbox.queries.visible import visible_to
from sotong.people.models import Person

PAGE = 60


@dataclass(frozen=True)
class Thread:
    """``messages`` oldest first; ``older`` is the id to ask for the messages before them (0: there are none)."""

    conversation: Conversation
    messages: tuple[Message, ...]
    older: int
    read_upto: int
    """Newest inbound message that the viewer had read before now."""


def find_conversation(viewer: Person, conversation_id: int) -> Conversation | None:
    """The conversation, or None when it does not exist or this person may not read it."""
    row = (
        Conversation.objects.select_related(
            "channel", "identity__contact", "claimed_by", "assigned_to", "assigned_team"
        )
        .filter(pk=conversation_id)
        .first()
    )
    return row if row is not None and visible_to(viewer).shows(row) else None


def thread(viewer: Person, conversation_id: int, *, before: int = 0, size: int = PAGE) -> Thread | None:
    """The newest messages (or those before message ``before``); None as ``find_conversation``."""
    conversation = find_conversation(viewer, conversation_id)
    if conversation is None:
        return None
    rows = Message.objects.filter(conversation=conversation)
    if before and (edge := rows.filter(pk=before).only("posted_at", "network_order").first()):
        rows = rows.filter(
            Q(posted_at__lt=edge.posted_at)
            | Q(posted_at=edge.posted_at, network_order__lt=edge.network_order)
            | Q(posted_at=edge.posted_at, network_order=edge.network_order, pk__lt=edge.pk)
        )
    newest = list(
        rows.select_related("identity", "person", "delivery", "delivery__channel")
        .prefetch_related("versions", "delivery__media", Prefetch("media", MessageMedia.objects.defer("content")))
        .defer("search")
        .order_by("-posted_at", "-network_order", "-pk")[: size + 1]
    )
    shown = tuple(reversed(newest[:size]))
    mark = ReadMark.objects.filter(person=viewer, conversation=conversation).values_list("upto_id", flat=True).first()
    return Thread(conversation, shown, shown[0].pk if len(newest) > size else 0, mark or 0)


def drafts_of(viewer: Person, conversation_id: int) -> dict[str, Draft]:
    """The viewer's drafts of a conversation by tab, with their images."""
    rows = Draft.objects.filter(person=viewer, conversation_id=conversation_id).prefetch_related("images")
    return {draft.tab: draft for draft in rows}


def others_here(viewer: Person, conversation_id: int) -> list[tuple[Person, bool]]:
    """Colleagues who have the conversation open just now, and whether each is typing."""
    rows = (
        Presence.objects.filter(conversation_id=conversation_id, at__gt=Now() - PRESENCE_LASTS)
        .exclude(person=viewer)
        .select_related("person")
        .order_by("person__name")
    )
    return [(row.person, row.is_typing) for row in rows]


@dataclass(frozen=True)
class Past:
    """An earlier conversation of the same contact."""

    id: int
    at: datetime
    subject: str


def history(viewer: Person, conversation: Conversation, limit: int = 8) -> list[Past]:
    """Other conversations of the same contact that the viewer may read, newest first."""
    visible = visible_to(viewer)
    rows = (
        Conversation.objects.filter(identity__contact_id=conversation.identity.contact_id)
        .exclude(pk=conversation.pk)
        .order_by("-last_at")[: limit * 2]
    )
    return [Past(row.pk, row.last_at, row.subject) for row in rows if visible.shows(row)][:limit]
