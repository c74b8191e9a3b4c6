"""Work of channels. Every second a sweep looks at the rows; a job in between only makes it sooner."""

from __future__ import annotations

from datetime import UTC, datetime

from sotong.channels.actions.arrivals import BATCH, settle_arrivals
from sotong.channels.actions.attempts import recover_attempts
from sotong.channels.actions.holds import hold_due
from sotong.channels.jobs.polling import enqueue_left, offer_polls
from sotong.channels.jobs.sending import offer_channel, offer_due, offer_looks
from sotong.jobs.face import enqueue, job, periodic


def _now() -> datetime:
    return datetime.now(UTC)


@periodic("channels.sweep", cron="* * * * * *")
def sweep() -> None:
    """Look at everything that may be waiting. Only the database is asked; the lanes call the networks."""
    hold_due(at=_now())
    offer_due()
    recover_attempts(at=_now())
    offer_looks()
    offer_polls()
    enqueue_left()


@job("channels.send_due")
def send_due(channel_id: int) -> None:
    """A delivery of this channel is due now."""
    offer_channel(channel_id)


@job("channels.settle_arrivals")
def settle(channel_id: int) -> None:
    """Something came in by this channel."""
    for _ in range(50):
        if settle_arrivals(channel_id=channel_id, at=_now()) < BATCH:
            return
    enqueue("channels.settle_arrivals", once=f"channels.settle_arrivals:{channel_id}", channel_id=channel_id)
