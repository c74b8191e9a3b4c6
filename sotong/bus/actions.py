"""Announcing events."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import connection, transaction

from sotong.bus.events import Event, Shown
from sotong.bus.models import Signal

CHANNEL = "sotong_signals"
"""The name of the PostgreSQL notification that wakes the listeners."""

Dispatcher = Callable[[Event], None]
_dispatchers: list[Dispatcher] = []


def use_dispatcher(dispatcher: Dispatcher) -> None:
    """``sotong.reactions`` hands in its dispatcher at start-up; there is exactly one."""
    _dispatchers[:] = [dispatcher]


def announce(*events: Event) -> None:
    """Tell whoever reacts, and the open screens, in the caller's transaction.

    Raises ``RuntimeError`` outside a transaction: an event without its change would be a lie.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("announce() belongs inside the transaction that made the change")
    signal(*(shown for event in events for shown in event.shown()))
    for event in events:
        for dispatch in _dispatchers:
            dispatch(event)


def signal(*shown: Shown) -> None:
    """Write lines of the event log and wake the listeners once."""
    if not shown:
        return
    unique: Sequence[Shown] = list(
        {(s.name, s.channel_id, s.person_id, *sorted(s.ids.items())): s for s in shown}.values()
    )
    with transaction.atomic(savepoint=False):
        Signal.objects.bulk_create(
            Signal(name=s.name, permission=s.permission, channel_id=s.channel_id, person_id=s.person_id, ids=s.ids)
            for s in unique
        )
        with connection.cursor() as cursor:
            # PostgreSQL folds equal notifications of one transaction into one.
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
