"""Telling a colleague that a conversation became theirs or is no longer, or what someone makes of their reply."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from sotong.inbox.models import Conversation
from sotong.inbox.notices import OF_A_REPLY
from sotong.notices.actions import close_notice, raise_notice
from sotong.people.models import Person


def tell_colleague(
    conversation: Conversation, kind: str, *, person_id: int | None, by: Person, at: datetime, **detail: Any
) -> None:
    """Raise the notice ``kind`` for ``person_id``, unless that is nobody or ``by``; it replaces the one before
    about the same.

    ``detail``: what the sentence needs besides.
    """
    if person_id in {None, by.pk}:
        return
    key = _key(conversation.pk, person_id, kind)
    close_notice(key=key, at=at)
    raise_notice(
        key=key, kind=kind, permission="inbox.read", person_id=person_id, at=at, who=by.shown_name,
        conversation=conversation.pk, customer=conversation.identity.shown_name, **detail,
        url=reverse("screens:conversation", args=[conversation.pk]),
    )  # fmt: skip


def untell_colleague(conversation: Conversation, kind: str, *, person_id: int | None, at: datetime) -> None:
    """End the notice ``kind`` about a reply: it is not so any more."""
    if person_id is not None:
        close_notice(key=_key(conversation.pk, person_id, kind), at=at)


def colleague_knows(*, conversation_id: int, by: Person, at: datetime) -> None:
    """Whoever has opened the conversation has seen what was to be told about it."""
    for kind in ("", *OF_A_REPLY):
        close_notice(key=_key(conversation_id, by.pk, kind), at=at)


def _key(conversation_id: int, person_id: int | None, kind: str) -> str:
    """Whose it is changes, and the last word counts; what becomes of a reply is said beside it."""
    key = f"conversation:{conversation_id}:{person_id}"
    return f"{key}:{kind}" if kind in OF_A_REPLY else key
