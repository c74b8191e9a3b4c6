"""What a delivery answers: the page of doubtful deliveries lies below the inbox and asks here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from django.urls import reverse

from sotong.access.rules import Actor
from sotong.channels.queries.doubtful import Around
from sotong.inbox.models import Message
from sotong.inbox.queries.visible import visible_to
from sotong.people.models import Person


def around(viewer: Actor, delivery_ids: Sequence[int]) -> Mapping[int, Around]:
    """The customer and the conversation of each delivery, where ``viewer`` may read that."""
    visible = visible_to(cast(Person, viewer))
    rows = Message.objects.filter(delivery_id__in=delivery_ids).select_related("conversation__identity")
    return {
        cast(int, row.delivery_id): Around(
            customer=row.conversation.identity.shown_name,
            url=reverse("screens:conversation", args=[row.conversation_id]),
        )
        for row in rows
        if visible.shows(row.conversation)
    }
