"""Reading arrivals, and keeping those that came too early."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sotong.channels.models import Arrival, Channel
from sotong.channels.records import from_plain
from sotong.contacts.actions.identities import Met
from sotong.inbox.models import EarlyArrival
from sotong.inbox.rules.versions import Version, network_order, plausible, short

IMAGES_KEPT = 20
"""No network shows more at one post; a hostile one might."""


@dataclass(frozen=True, kw_only=True)
class SeenImage:
    """An image of a post, still on the network."""

    url: str
    mime: str
    alt: str
    width: int | None
    height: int | None


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One thing that a network showed us, in the sizes that the tables hold."""

    arrival_id: int
    channel: Channel
    kind: str
    remote_id: str
    thread_ref: str
    author: Met
    version: Version
    posted_at: datetime
    observed_at: datetime
    in_reply_to: str
    images: tuple[SeenImage, ...]
    url: str

    @property
    def is_post(self) -> bool:
        return self.kind in {"post", "direct"}

    @property
    def is_deletion(self) -> bool:
        return self.kind == "deletion"

    @property
    def is_direct(self) -> bool:
        return self.kind == "direct"

    @property
    def author_id(self) -> str:
        return self.author.remote_id

    @property
    def place(self) -> tuple[datetime, str]:
        """The network's order."""
        return (self.posted_at, network_order(self.remote_id))

    @property
    def wanted(self) -> str:
        """What a post of ours waits for before it can be placed; "" for one that answers nobody."""
        if self.in_reply_to:
            return self.in_reply_to
        return f"thread:{self.thread_ref}" if self.is_direct else ""


def seen_of(arrival: Arrival, channel: Channel) -> Seen:
    """What an arrival shows. Raises ``KeyError``, ``ValueError`` or ``TypeError`` for an item that is none."""
    if arrival.item is None:
        raise ValueError("an unreadable arrival has no item")
    item = from_plain(arrival.item)
    revision = short(item.revision, 200)
    return Seen(
        arrival_id=arrival.pk,
        channel=channel,
        kind=item.kind.value,
        remote_id=item.remote_id,
        thread_ref=short(item.thread_ref or item.remote_id, 500),
        author=Met(
            remote_id=item.author.remote_id,
            handle=item.author.handle,
            name=item.author.display_name,
            url=item.author.url,
            observed_at=item.observed_at,
        ),
        version=Version(revision=revision, observed_at=item.observed_at, text=item.text),
        posted_at=plausible(item.posted_at, item.observed_at),
        observed_at=item.observed_at,
        in_reply_to=short(item.in_reply_to, 500),
        images=tuple(
            SeenImage(url=one.url, mime=one.mime[:60], alt=one.alt[:2000], width=one.width, height=one.height)
            for one in item.media[:IMAGES_KEPT]
        ),
        url=item.url if len(item.url) <= 1000 else "",
    )


def hold_early(items: Sequence[Seen], waits_for: str) -> None:
    """Keep arrivals until what they belong to comes."""
    EarlyArrival.objects.bulk_create(
        [EarlyArrival(arrival_id=item.arrival_id, origin=item.channel.origin, waits_for=waits_for) for item in items],
        ignore_conflicts=True,
    )


def early_for(origin: str, placed: Collection[str]) -> list[Arrival]:
    """Take up the arrivals that waited for these, oldest first; they wait no longer."""
    if not placed:
        return []
    rows = list(
        EarlyArrival.objects.filter(origin=origin, waits_for__in=list(placed))
        .select_related("arrival", "arrival__channel")
        .defer("arrival__raw")
        .order_by("arrival_id")
    )
    if rows:
        EarlyArrival.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return [row.arrival for row in rows]
