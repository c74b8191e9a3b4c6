"""The rules of channels: pure, no database and no clock."""

from sotong.channels.rules.keys import new_key
from sotong.channels.rules.outcomes import Outcome, after, back_off
from sotong.channels.rules.permits import BRAKE, DEFAULT_KINDS, Permit, may_send
from sotong.channels.rules.timing import landing_over, lease_length, next_look, next_poll
from sotong.channels.rules.versions import is_chained, version_of

__all__ = [
    "BRAKE",
    "DEFAULT_KINDS",
    "Outcome",
    "Permit",
    "after",
    "back_off",
    "is_chained",
    "landing_over",
    "lease_length",
    "may_send",
    "new_key",
    "next_look",
    "next_poll",
    "version_of",
]
