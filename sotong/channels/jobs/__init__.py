"""Work of channels. Every second a sweep looks at the rows; a job in between only makes it sooner."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections

from sotong.channels.actions.arrivals import BATCH, settle_arrivals
from sotong.channels.actions.attempts import recover_attempts
from sotong.channels.actions.holds import hold_due
from sotong.channels.actions.keeping import close_announced
from sotong.channels.actions.telling import tell_doubts, untell_set_aside
from sotong.channels.jobs.connecting import offer_connecting, offer_examinations
from sotong.channels.jobs.polling import enqueue_left, offer_polls, reread_channel
from sotong.channels.jobs.removing import offer_removals, offer_removing
from sotong.channels.jobs.sending import offer_channel, offer_due, offer_looks
from sotong.jobs.face import enqueue, periodic, wake_up

log = logging.getLogger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


STEPS: tuple[Callable[[], object], ...] = (
    lambda: hold_due(at=_now()),
    offer_due,
    lambda: recover_attempts(at=_now()),
    offer_looks,
    offer_removals,
    offer_polls,
    offer_connecting,
    offer_examinations,
    enqueue_left,
    lambda: tell_doubts(at=_now()),
    lambda: untell_set_aside(at=_now()),
)


@periodic("channels.sweep", cron="* * * * * *")
def sweep() -> None:
    """Look at everything that may be waiting. Only the database is asked; the lanes call the networks.

    A step that fails keeps none of the others from their turn.
    """
    for step in STEPS:
        try:
            step()
        except Exception:
            log.exception("a step of the sweep failed")
            close_old_connections()


@periodic("channels.close_announced", cron="*/10 * * * *")
def close() -> None:
    """Close the channels whose announced last day has come."""
    close_announced(at=_now())


@wake_up("channels.send_due")
def send_due(channel_id: int) -> None:
    """A delivery of this channel is due now."""
    offer_channel(channel_id)


@wake_up("channels.remove_due")
def remove_due(channel_id: int) -> None:
    """Someone wants a sent post of this channel to go."""
    offer_removing(channel_id)


@wake_up("channels.settle_arrivals")
def settle(channel_id: int) -> None:
    """Something came in by this channel, or was put back to be read again."""
    reread_channel(channel_id=channel_id)
    for _ in range(50):
        if settle_arrivals(channel_id=channel_id, at=_now()) < BATCH:
            return
    enqueue("channels.settle_arrivals", once=f"channels.settle_arrivals:{channel_id}", channel_id=channel_id)
