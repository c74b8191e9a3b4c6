"""What happens after a network call. The type of the error alone decides."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta

from sotong.egress.errors import Blocked, MaybeSent, NotSent
from sotong.networks import errors

LONGEST_PAUSE = 24 * 3600.0
"""Seconds; a network that asks for more is asked again after this."""
GIVE_UP_AFTER = timedelta(hours=24)
"""A delivery that could not be made this long after a person wanted it is not tried again by itself."""
LONGEST_WAIT = 300.0
BY_PERSON = "ByPerson"
BY_PERSON_ONLY = "ByPersonOnly"
VOUCHED = frozenset({BY_PERSON, BY_PERSON_ONLY})
"""Problems of what is called sent on a person's word: the network was not asked yet, or did not show it."""
LEFT = "Left"
"""Problem of what is unconfirmed and was let rest."""
NOT_BORNE_OUT = "NotBorneOut"
"""Problem of what was called sent on a person's word and is unconfirmed again: the network never showed it, or the
address was a mistake."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """``state``: the delivery's next state. ``wait``: seconds until it is due again. ``pause``: seconds for which the
    whole channel sends nothing. ``is_trouble``: the channel itself needs someone. ``problem``: the error's name.
    """

    state: str
    problem: str
    wait: float = 0.0
    pause: float = 0.0
    is_trouble: bool = False


def back_off(failures: int, chance: float, *, first: float = 2.0, longest: float = LONGEST_WAIT) -> float:
    """Seconds to wait after the nth failure (from 1): doubling, spread by ``chance`` (0 to 1) over its upper half."""
    whole = min(longest, first * 2.0 ** min(max(failures, 1) - 1, 30))
    return whole / 2 + whole / 2 * chance


def pause_of(error: errors.RateLimited) -> float:
    """Seconds that the network wants us to wait, within reason."""
    seconds = error.retry_after
    if not isinstance(seconds, (int, float)) or not math.isfinite(seconds):
        return 60.0
    return min(max(float(seconds), 1.0), LONGEST_PAUSE)


FAMILIES = (
    errors.RateLimited,
    errors.Unauthorized,
    errors.Rejected,
    errors.Gone,
    errors.Unsupported,
    errors.Temporary,
    errors.Unknown,
)


def problem_of(error: BaseException) -> str:
    """The name under which an error is kept and put into words: where the way out knows more, that; else the family."""
    for cause, name in ((Blocked, "Blocked"), (NotSent, "Unreachable"), (MaybeSent, "NoAnswer")):
        if isinstance(error.__cause__, cause):
            return name
    return next((family.__name__ for family in FAMILIES if isinstance(error, family)), type(error).__name__[:30])


def connect_problem_of(error: BaseException) -> str:
    """The same for a first try to sign in, where an answer that makes no sense means another kind of server."""
    name = problem_of(error)
    if isinstance(error.__cause__, ValueError) or name in {"Gone", "Unsupported"}:
        return "NotTheNetwork"
    return "NotUnderstood" if name == "Rejected" else name


def after(error: BaseException, *, attempt: int, age: timedelta, chance: float) -> Outcome:
    """The next state of a delivery whose ``attempt`` (from 1) ended with ``error``.

    An error that is none of ours may come from anywhere, also from after the effect: it counts as ``Unknown``.
    """
    name = problem_of(error)
    if isinstance(error, errors.RateLimited):
        seconds = pause_of(error)
        if age + timedelta(seconds=seconds) > GIVE_UP_AFTER:
            return Outcome(state="failed", problem=name, pause=seconds)
        return Outcome(state="due", problem=name, wait=seconds, pause=seconds)
    if isinstance(error, errors.Temporary):
        if age > GIVE_UP_AFTER:
            return Outcome(state="failed", problem=name)
        return Outcome(state="due", problem=name, wait=back_off(attempt, chance))
    if isinstance(error, errors.Unauthorized):
        return Outcome(state="held", problem="Unauthorized", is_trouble=True)
    if isinstance(error, (errors.Rejected, errors.Gone, errors.Unsupported)):
        return Outcome(state="failed", problem=name)
    return Outcome(state="unconfirmed", problem="Unknown")


def after_removal(error: BaseException, *, attempt: int, age: timedelta, chance: float) -> Outcome:
    """The next state of a removal whose ``attempt`` (from 1) ended with ``error``: due, deleted or failed.

    Deleting twice is deleting once, so what may have happened (``Unknown``) is simply tried again. What was gone
    already is deleted. A dead sign-in ends it: by the time that someone has signed in, a person decides anew.
    """
    if isinstance(error, errors.Gone):
        return Outcome(state="deleted", problem="Gone")
    found = after(error, attempt=attempt, age=age, chance=chance)
    if found.state == "unconfirmed":
        if age > GIVE_UP_AFTER:
            return replace(found, state="failed")
        return replace(found, state="due", wait=back_off(attempt, chance))
    return replace(found, state="failed") if found.state == "held" else found
