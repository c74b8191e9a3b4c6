"""Arrivals as the channels hand them over, made by hand."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sotong.channels.events import ArrivalsRecorded
from sotong.channels.models import Arrival, Channel
from sotong.inbox.actions.intake import receive_messages
from sotong.inbox.models import Conversation

NOON = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
_versions = itertools.count(1)


def minute(number: float) -> datetime:
    """So many minutes after ``NOON``."""
    return NOON + timedelta(minutes=number)


def item(
    remote_id: str,
    text: str = "",
    *,
    author: str = "kim",
    kind: str = "post",
    thread: str = "",
    posted: float = 0,
    seen: float | None = None,
    revision: str = "",
    in_reply_to: str = "",
    images: Sequence[str] = (),
) -> dict[str, Any]:
    """What a network showed: times in minutes after ``NOON``."""
    return {
        "kind": kind,
        "remote_id": remote_id,
        "revision": revision,
        "thread_ref": thread or remote_id,
        "author": {"remote_id": f"id-{author}", "handle": author, "display_name": author, "url": "", "avatar_url": ""},
        "text": text,
        "posted_at": minute(posted).isoformat(),
        "observed_at": minute(posted if seen is None else seen).isoformat(),
        "in_reply_to": in_reply_to,
        "media": [
            {"mime": "image/png", "url": url, "alt": "", "width": None, "height": None, "filename": ""}
            for url in images
        ],
        "url": "",
    }


def recorded(channel: Channel, plain: dict[str, Any]) -> Arrival:
    """An arrival that is recorded and not yet settled."""
    return Arrival.objects.create(
        channel=channel,
        remote_id=plain["remote_id"],
        version=f"v{next(_versions)}",
        kind=plain["kind"],
        raw=b"",
        item=plain,
        observed_at=datetime.fromisoformat(plain["observed_at"]),
    )


def receive(arrivals: Iterable[Arrival]) -> None:
    """Take in one batch, as ``ArrivalsRecorded`` brings it: a channel at a time."""
    batch = list(arrivals)
    for channel_id in dict.fromkeys(arrival.channel_id for arrival in batch):
        ids = tuple(arrival.pk for arrival in batch if arrival.channel_id == channel_id)
        receive_messages(ArrivalsRecorded(channel_id=channel_id, arrival_ids=ids))


def arrive(channel: Channel, *plains: dict[str, Any]) -> list[Conversation]:
    """Record and take in these; returns all conversations, the oldest first."""
    receive([recorded(channel, plain) for plain in plains])
    return list(Conversation.objects.order_by("pk"))
