"""When: leases, polls and looks."""

from __future__ import annotations

from datetime import timedelta

from sotong.channels.rules.outcomes import back_off, pause_of
from sotong.networks import errors

CALL_MAX = timedelta(seconds=30)
"""Longest time that one ``publish`` without images takes; connectors' time-outs add up to less."""
CALL_MAX_IMAGE = timedelta(seconds=15)
"""And for each image."""
START_WITHIN = timedelta(seconds=5)
"""A worker that gets to the socket later than this after its commit (it was stopped) does not open it any more."""
LONGEST_LANDING = timedelta(minutes=10)
"""Assumed of a network that is not there any more."""
MARGIN = timedelta(seconds=5)
EARLY_LOOK = timedelta(seconds=10)
"""While ``sending``: after this a look may already find the post of a worker that died."""
POLL_LEASE = timedelta(seconds=30)
"""Asking twice at once does no harm (the cursor moves only from where it was asked), waiting for a dead worker does."""
REMOVAL_LEASE = START_WITHIN + CALL_MAX + MARGIN
"""A removal that a worker has taken is taken up by another after this: deleting again does no harm."""
LOOKS_SENT = 12
"""How often a post that the network acknowledged, or a person vouched for, is looked for: for some 20 minutes."""


def lease_length(landing_time_max: timedelta, images: int = 0) -> timedelta:
    """How long a delivery may be ``sending``: the call, what may still land after it, and a margin."""
    return START_WITHIN + CALL_MAX + images * CALL_MAX_IMAGE + landing_time_max + MARGIN


def landing_over(landing_time_max: timedelta) -> timedelta:
    """From the end of a call: after this nothing of it can land any more."""
    return landing_time_max + MARGIN


def next_look(looks: int, chance: float) -> timedelta:
    """Until the next look at a delivery after ``looks`` looks: 1 s, 2, 4 … at most five minutes."""
    return timedelta(seconds=back_off(looks + 1, chance, first=1.0))


def next_poll(every: float, error: BaseException | None, failures: int, chance: float) -> timedelta:
    """Until the next poll of a channel that is asked ``every`` seconds; ``failures`` in a row, this one included."""
    if error is None:
        return timedelta(seconds=every * (0.9 + 0.2 * chance))
    if isinstance(error, errors.RateLimited):
        return timedelta(seconds=pause_of(error))
    return timedelta(seconds=max(every, back_off(failures, chance, first=2.0)))
