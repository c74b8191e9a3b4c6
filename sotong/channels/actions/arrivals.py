"""What came in: recorded first, then settled. Nothing lost, nothing doubled, nothing in the way of the rest."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from sotong.access.rules import Actor, may
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.actions.telling import tell_set_aside
from sotong.channels.events import ArrivalsRecorded, ChannelChanged
from sotong.channels.models import Arrival, Channel
from sotong.channels.records import clean, to_plain
from sotong.channels.rules.versions import is_chained, version_of
from sotong.jobs.face import enqueue
from sotong.jobs.failpoints import reach
from sotong.networks.contract import InboundItem, Page, Unreadable

log = logging.getLogger(__name__)

RAW_KEPT = 1_000_000
"""Bytes of one item that are kept."""
LONGEST_ID = 500
BATCH = 200
TRIES = 3
"""An arrival that no one could take after so many tries is set aside."""


def record_arrivals(*, channel_id: int, page: Page, at: datetime, since: str | None = None) -> int:
    """Store what a page brought and its cursor in one transaction, and wake who settles it; returns how many were new.

    ``since``: the cursor that the page was asked with. Where the channel's cursor has moved on meanwhile, the page is
    an old one: its items are stored, its cursor is not. An item that breaks the contract is stored and set aside.
    """
    reach("channels.arrivals.before")
    with transaction.atomic():
        channel = Channel.objects.select_for_update(no_key=True).only("id", "cursor", "name").get(pk=channel_id)
        rows = _rows(channel, page.items, at)
        before = _newest_id(channel)
        Arrival.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
        reach("channels.arrivals.inside")
        new = Arrival.objects.filter(channel=channel, id__gt=before).count() if rows else 0
        if page.cursor and page.cursor != channel.cursor and since in {None, channel.cursor}:
            Channel.objects.filter(pk=channel.pk).update(cursor=page.cursor)
        if new:
            enqueue("channels.settle_arrivals", once=f"channels.settle_arrivals:{channel_id}", channel_id=channel_id)
            if any(row.state == Arrival.State.SET_ASIDE for row in rows):
                announce(ChannelChanged(channel_id=channel_id))
                tell_set_aside(channel=channel, at=at)
    reach("channels.arrivals.after")
    return new


def _newest_id(channel: Channel) -> int:
    newest = Arrival.objects.filter(channel=channel).order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def _rows(channel: Channel, items: Sequence[InboundItem | Unreadable], at: datetime) -> list[Arrival]:
    read = [_read(item) for item in items]
    chained = {clean(plain["remote_id"], LONGEST_ID) for plain, _ in read if plain is not None and is_chained(plain)}
    latest = _latest_versions(channel, chained)
    rows: list[Arrival] = []
    for item, (plain, problem) in zip(items, read, strict=True):
        if plain is None:
            rows.append(_set_aside(channel, item, problem, at))
            continue
        version = version_of(plain, latest.get(plain["remote_id"], ""))
        if is_chained(plain):
            latest[plain["remote_id"]] = version
        rows.append(
            Arrival(
                channel=channel,
                remote_id=plain["remote_id"],
                version=clean(version),
                kind=plain["kind"],
                raw=item.raw[:RAW_KEPT],
                item=plain,
                observed_at=item.observed_at,
            )
        )
    return rows


def _latest_versions(channel: Channel, remote_ids: Iterable[str]) -> dict[str, str]:
    rows = (
        Arrival.objects.filter(channel=channel, remote_id__in=list(remote_ids))
        .exclude(kind__in=["deletion", "unreadable"])
        .order_by("remote_id", "-id")
        .distinct("remote_id")
    )
    return dict(rows.values_list("remote_id", "version"))


def _read(item: InboundItem | Unreadable) -> tuple[dict[str, Any] | None, str]:
    """The item's plain values, or None and why not. Whatever a connector hands in, this does not raise."""
    if isinstance(item, Unreadable):
        return None, item.why
    try:
        plain = to_plain(item)
    except (TypeError, ValueError, AttributeError, OverflowError) as problem:
        return None, f"the connector's item breaks the contract: {problem}"
    if not plain["remote_id"]:
        return None, "the item has no id"
    if len(plain["remote_id"]) > LONGEST_ID or len(plain["revision"]) > 1000:
        return None, "the item's id is too long"
    return plain, ""


def parse_again(channel: Channel, item: InboundItem | Unreadable) -> tuple[dict[str, Any] | None, str, str]:
    """Plain values and version of an item that was read again, or None, "" and why not."""
    plain, problem = _read(item)
    if plain is None:
        return None, "", problem
    latest = _latest_versions(channel, [plain["remote_id"]]) if is_chained(plain) else {}
    return plain, clean(version_of(plain, latest.get(plain["remote_id"], ""))), ""


def _set_aside(channel: Channel, item: InboundItem | Unreadable, why: str, at: datetime) -> Arrival:
    raw = bytes(item.raw)[:RAW_KEPT] if isinstance(item.raw, (bytes, bytearray, memoryview)) else b""
    named = item.remote_id if isinstance(item.remote_id, str) else ""
    fingerprint = hashlib.sha256(raw or repr(item).encode("utf-8", "replace")).hexdigest()
    observed = item.observed_at
    is_moment = isinstance(observed, datetime) and observed.tzinfo is not None
    return Arrival(
        channel=channel,
        remote_id=clean(named, LONGEST_ID) or fingerprint,
        version=f"unreadable:{fingerprint}",
        kind="unreadable",
        raw=raw,
        item=None,
        observed_at=observed if is_moment else at,
        state=Arrival.State.SET_ASIDE,
        problem=clean(str(why), 500),
        settled_at=at,
    )


def settle_arrivals(*, channel_id: int, at: datetime, limit: int = BATCH) -> int:
    """Tell whoever reacts of what was recorded, oldest first, and mark it processed; returns how many were taken.

    A batch that fails is gone through one by one, each in its own savepoint: one bad item never holds the others.
    The rows are locked in order: of two workers on one channel the second waits and goes on where the first ended.
    """
    with transaction.atomic():
        waiting = Arrival.objects.filter(channel_id=channel_id, state=Arrival.State.RECORDED, item__isnull=False)
        rows = list(waiting.select_for_update().order_by("id").values_list("id", "tries")[:limit])
        fresh = [pk for pk, tries in rows if not tries]
        tried = [pk for pk, tries in rows if tries]
        if fresh and _take(channel_id, fresh, at) is not None:
            tried = sorted(tried + fresh)
        for pk in tried:
            problem = _take(channel_id, [pk], at)
            if problem is not None:
                _count_try(pk, problem, at)
    reach("channels.settle_arrivals.after")
    return len(rows)


def _take(channel_id: int, ids: list[int], at: datetime) -> Exception | None:
    """Announce and mark within a savepoint; the problem if there was one, after undoing all of it."""
    try:
        with transaction.atomic():
            announce(ArrivalsRecorded(channel_id=channel_id, arrival_ids=tuple(ids)))
            Arrival.objects.filter(pk__in=ids).update(state=Arrival.State.PROCESSED, problem="", settled_at=at)
            reach("channels.settle_arrivals.inside")
    except Exception as problem:
        # Whatever a reaction raises is this item's problem, except that the database itself is away or busy.
        if is_database_away(problem):
            raise
        log.warning("%d arrival(s) of channel %d not taken: %s", len(ids), channel_id, type(problem).__name__)
        return problem
    return None


def is_database_away(problem: BaseException) -> bool:
    """Whether an error says nothing about the data: a broken connection, a deadlock, a full disk.

    Class 54 (too long for an index) and a query's own time-out are the data's doing.
    """
    if isinstance(problem, InterfaceError):
        return True
    state = getattr(problem.__cause__, "sqlstate", None) or ""
    return isinstance(problem, OperationalError) and not state.startswith("54") and state != "57014"


def _count_try(pk: int, problem: Exception, at: datetime) -> None:
    text = clean(f"{type(problem).__name__}: {problem}", 500)
    Arrival.objects.filter(pk=pk).update(tries=F("tries") + 1, problem=text)
    spent = Arrival.objects.filter(pk=pk, tries__gte=TRIES)
    if spent.update(state=Arrival.State.SET_ASIDE, settled_at=at):
        channel = Channel.objects.only("id", "name").get(arrivals=pk)
        announce(ChannelChanged(channel_id=channel.pk))
        tell_set_aside(channel=channel, at=at)


def read_raw(*, arrival: Arrival, by: Actor, at: datetime) -> str:
    """The payload of a set-aside arrival as text, whatever its bytes. Raises ``PermissionDenied``.

    It may hold a customer's words: that someone looked is written down.
    """
    if not may(by, "channels.decide", where=arrival.channel):
        raise PermissionDenied
    with transaction.atomic():
        record("channels.read_raw", by=by, subject=arrival, channel=arrival.channel_id)
    return bytes(arrival.raw).decode("utf-8", "backslashreplace").replace("\x00", "\\x00")


def offer_again(*, ids: Sequence[int]) -> None:
    """Let settled arrivals be announced once more: what they waited for is there."""
    rows = Arrival.objects.filter(pk__in=ids)
    for channel_id in sorted(set(rows.values_list("channel_id", flat=True))):
        rows.filter(channel_id=channel_id).update(state=Arrival.State.RECORDED, settled_at=None)
        enqueue("channels.settle_arrivals", once=f"channels.settle_arrivals:{channel_id}", channel_id=channel_id)


def replay_arrivals(*, ids: Sequence[int], by: Actor | None, at: datetime) -> int:
    """Put set-aside arrivals back, so that they are read and settled again; returns how many.

    Raises ``PermissionDenied`` when one belongs to a channel that ``by`` may not use.
    """
    with transaction.atomic():
        rows = Arrival.objects.select_for_update(of=("self",)).select_related("channel").defer("raw")
        rows = rows.filter(pk__in=ids, state=Arrival.State.SET_ASIDE).order_by("id")
        channels = {arrival.channel_id for arrival in rows}
        places = {arrival.channel_id: arrival.channel for arrival in rows}.values()
        if by is not None and not all(may(by, "channels.decide", where=place) for place in places):
            raise PermissionDenied
        found = [arrival.pk for arrival in rows]
        Arrival.objects.filter(pk__in=found).update(state=Arrival.State.RECORDED, tries=0, problem="", settled_at=None)
        for channel_id in sorted(channels):
            enqueue("channels.settle_arrivals", once=f"channels.settle_arrivals:{channel_id}", channel_id=channel_id)
            announce(ChannelChanged(channel_id=channel_id))
        record("channels.replay_arrivals", by=by, arrivals=found)
    return len(found)
