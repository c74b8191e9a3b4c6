"""Images that customers posted: which to fetch, and what came of it. The fetching itself is ``jobs.media``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Value, When
from django.db.models.functions import Now

from sotong.channels.models import Channel
from sotong.inbox.actions.opening import tell
from sotong.inbox.models import Conversation, MessageMedia
from sotong.inbox.rules.pictures import Picture

BATCH = 20
TRIES = 3
FIRST_WAIT = timedelta(minutes=2)
"""Longer than a batch takes: until then it is the worker's that began it."""
LATER_WAIT = timedelta(minutes=15)


@dataclass(frozen=True)
class Wanted:
    """An image to fetch, and the channel whose way out leads there."""

    media_id: int
    url: str
    channel: Channel


@dataclass(frozen=True)
class Fetched:
    """What came of one try: the image, or why it will never be one (``problem``), or neither: try again."""

    media_id: int
    picture: Picture | None = None
    problem: str = ""


def begin_fetches(*, at: datetime) -> list[Wanted]:
    """Take up to ``BATCH`` images that wait; for two minutes nobody else takes them. Each begin counts as a try."""
    with transaction.atomic():
        rows = list(
            MessageMedia.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(content__isnull=True, problem="", next_try_at__lte=Now())
            .exclude(url="")
            .select_related("message__conversation__channel")
            .order_by("next_try_at", "pk")[:BATCH]
        )
        wait = Case(When(tries=0, then=Value(FIRST_WAIT)), default=Value(LATER_WAIT))
        MessageMedia.objects.filter(pk__in=[row.pk for row in rows]).update(
            tries=F("tries") + 1,
            next_try_at=ExpressionWrapper(Now() + wait, output_field=DateTimeField()),
        )
    return [Wanted(row.pk, row.url, row.message.conversation.channel) for row in rows]


def settle_fetches(fetched: Sequence[Fetched], *, at: datetime) -> None:
    """Keep the images that came, and say of the others why not; open desks see it.

    An image that an edit has taken away meanwhile is passed over.
    """
    with transaction.atomic():
        rows = {
            row.pk: row
            for row in MessageMedia.objects.select_for_update(of=("self",))
            .select_related("message")
            .filter(pk__in=[one.media_id for one in fetched])
            .order_by("pk")
        }
        settled = [row for one in fetched if (row := rows.get(one.media_id)) is not None and _settle(row, one)]
        ids = {row.message.conversation_id for row in settled}
        for conversation in Conversation.objects.filter(pk__in=ids).order_by("pk"):
            tell(conversation)


def _settle(row: MessageMedia, one: Fetched) -> bool:
    """Whether the screen has something new to show."""
    if one.picture is not None:
        row.mime, row.content = one.picture.mime, one.picture.content
        row.width, row.height = one.picture.width, one.picture.height
    else:
        row.problem = one.problem or ("unreachable" if row.tries >= TRIES else "")
        if not row.problem:
            return False
    row.save(update_fields=["mime", "content", "width", "height", "problem"])
    return True
