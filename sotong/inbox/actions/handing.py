"""Telling a colleague that a conversation became theirs, or is no longer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from sotong.inbox.models import Conversation
from sotong.notices.actions import close_notice, raise_notice
from sotong.people.models import Person


def tell_colleague(
    conversation: Conversation, kind: str, *, person_id: int | None, by: Person, at: datetime, **detail: Any
) -> None:
    """Raise the notice ``kind`` for ``person_id``, unless that is nobody or ``by``; it replaces the one before.

    ``detail``: what the sentence needs besides.
    """
    if person_id in {None, by.pk}:
        return
    key = _key(conversation.pk, person_id)
    close_notice(key=key, at=at)
    raise_notice(
        key=key, kind=kind, permission="inbox.read", person_id=person_id, at=at, who=by.shown_name,
        conversation=conversation.pk, customer=conversation.identity.shown_name, **detail,
        url=reverse("screens:conversation", args=[conversation.pk]),
    )  # fmt: skip


def colleague_knows(*, conversation_id: int, by: Person, at: datetime) -> None:
    """Whoever has opened the conversation has seen what was to be told about it."""
    close_notice(key=_key(conversation_id, by.pk), at=at)


def _key(conversation_id: int, person_id: int | None) -> str:
    return f"conversation:{conversation_id}:{person_id}"
