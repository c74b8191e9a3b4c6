"""Asking networks for news, and settling what came."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from django.db import connection

from sotong.channels.actions.arrivals import record_arrivals
from sotong.channels.actions.health import begin_poll, end_poll, renew_poll
from sotong.channels.actions.rereading import settle_reread, unread_arrivals
from sotong.channels.connectors import connector_for, forget_connector
from sotong.channels.jobs.lanes import is_stopping, lanes
from sotong.channels.models import Channel
from sotong.jobs.face import enqueue
from sotong.networks.contract import InboundItem, Rereads, Unreadable

PAGES = 20
"""Pages of one poll; a longer backlog goes on at the next."""

POLLS = """
    SELECT id FROM channels_channel WHERE mode <> 'closed' AND next_poll_at <= now()
    AND (poll_lease_until IS NULL OR poll_lease_until <= now())
"""
LEFT = """
    SELECT DISTINCT channel_id FROM channels_arrival
    WHERE state = 'recorded' AND (received_at < now() - interval '3 seconds' OR tries > 0)
"""


def _now() -> datetime:
    return datetime.now(UTC)


def offer_polls() -> None:
    """Give every channel whose time has come its thread."""
    with connection.cursor() as cursor:
        cursor.execute(POLLS)
        waiting: list[tuple[int]] = cursor.fetchall()
    for (channel_id,) in waiting:
        lanes.lane("poll", channel_id).offer(partial(poll_channel, channel_id=channel_id))


def poll_channel(*, channel_id: int) -> bool:
    """Ask one channel for news and record them; False when it was not its time."""
    begun = begin_poll(channel_id=channel_id)
    if begun is None:
        return False
    channel, lease = begun
    error: Exception | None = None
    try:
        cursor = channel.cursor
        connector = connector_for(channel)
        for _ in range(PAGES):
            page = connector.fetch(cursor)
            record_arrivals(channel_id=channel_id, page=page, since=cursor, at=_now())
            renewed = renew_poll(channel_id=channel_id, lease=lease)
            if renewed is None:
                return True
            lease = renewed
            if not page.has_more or page.cursor == cursor or is_stopping.is_set():
                break
            cursor = page.cursor
    except Exception as problem:  # noqa: BLE001
        # Whatever it was, the channel shows it and is asked again later.
        forget_connector(channel_id)
        error = problem
    end_poll(channel_id=channel_id, lease=lease, error=error, at=_now())
    return True


def reread_channel(*, channel_id: int) -> None:
    """Read again what a person put back and no parser could read before. The raw bytes are here: no network call."""
    waiting = unread_arrivals(channel_id=channel_id)
    if not waiting:
        return
    connector: object = None
    try:
        connector = connector_for(Channel.objects.get(pk=channel_id))
    except Exception as problem:  # noqa: BLE001
        why = f"{type(problem).__name__}: {problem}"
    else:
        why = "this network's connector cannot read an item again"
    for arrival in waiting:
        found: InboundItem | Unreadable | str = why
        if isinstance(connector, Rereads):
            try:
                found = connector.reread(bytes(arrival.raw), arrival.observed_at)
            except Exception as problem:  # noqa: BLE001
                # A parser that fails is this item's problem, whatever it was.
                found = f"{type(problem).__name__}: {problem}"
        settle_reread(arrival_id=arrival.pk, found=found, at=_now())


def enqueue_left() -> None:
    """Settle what was recorded and, for whatever reason, not settled yet."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT)
        waiting: list[tuple[int]] = cursor.fetchall()
    for (channel_id,) in waiting:
        enqueue("channels.settle_arrivals", once=f"channels.settle_arrivals:{channel_id}", channel_id=channel_id)
