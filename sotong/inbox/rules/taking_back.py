"""Who may take a sent reply back."""

from __future__ import annotations

from sotong.access.rules import Actor, Place, may

REASON_LONGEST = 200


def may_take_back(actor: Actor, *, is_own: bool, where: Place) -> bool:
    """One's own: whoever may reply there (``where``: the channel that sent it). Anybody's: ``inbox.take_back``."""
    return may(actor, "inbox.take_back", where=where) or (is_own and may(actor, "inbox.reply", where=where))
