"""May this go out now? May someone see this?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from sotong.access.rules import Actor, Place, may
from sotong.channels.rules.outcomes import VOUCHED

BRAKE = "all"
"""The scope of the hold that stops everything."""
RESTORED = "%Y-%m-%d %H:%M UTC"
DEFAULT_KINDS = ("reply", "automatic", "correction", "statement")
"""What a newly connected channel lets out; planned, promotion and game are added by a person."""


def restored(made: datetime) -> str:
    """The reason of a brake that a restore puts on, which each viewer reads in words: ``restored_from`` reads it."""
    return f"restored {made.astimezone(UTC):{RESTORED}}"


def restored_from(reason: str) -> datetime | None:
    """The moment of the backup that a brake's reason names; None where a person wrote why."""
    try:
        return datetime.strptime(reason, f"restored {RESTORED}").replace(tzinfo=UTC)
    except ValueError:
        return None


def may_see(viewer: Actor, channel: Place) -> bool:
    """Whether ``viewer`` may see how a channel is and what it is for: whom its teams admit, and whoever keeps channels.

    A team's channel shows what came in and could not be read, to whom hard cases go, and how the team speaks: that is
    no one else's. Who keeps channels names its teams, and looks after the connection of each.
    """
    return may(viewer, "channels.manage") or may(viewer, "channels.read", where=channel)


@dataclass(frozen=True)
class Permit:
    """``go``, ``hold`` (a person lets it go again) or ``wait`` (by itself). ``reason`` is the name of why not."""

    verdict: Literal["go", "hold", "wait"]
    reason: str = ""


GO = Permit("go")


def removal_refusal(*, state: str, problem: str, can_delete: bool) -> str:
    """Why a delivery cannot be taken off its network: not_sent, cannot_delete; "" where it can.

    What is unconfirmed is decided first: deleting what may still land would prove nothing. Of a post that only a
    person saw we have an address and not the network's id, and "no such post" would read as deleted.
    """
    if state != "sent":
        return "not_sent"
    return "" if can_delete and problem not in VOUCHED else "cannot_delete"


def may_want_again(state: str, problem: str) -> bool:
    """Whether a removal in this state may be wanted once more: as far as we can see it did not work."""
    return state == "failed" or problem == "StillThere"


def may_send(
    *,
    kind: str,
    mode: str,
    allowed_kinds: Collection[str],
    holds_on: Collection[str],
    trouble: str = "",
    paused_until: datetime | None = None,
    now: datetime,
) -> Permit:
    """Whether a delivery of ``kind`` may leave by a channel in this state. The graver reason is named."""
    if BRAKE in holds_on:
        return Permit("hold", "Brake")
    if kind in holds_on:
        return Permit("hold", "Frozen")
    if mode == "closed":
        return Permit("hold", "Closed")
    if mode != "open":
        return Permit("hold", "Shadow")
    if kind not in allowed_kinds:
        return Permit("hold", "KindRefused")
    if trouble == "Unauthorized":
        return Permit("hold", "Unauthorized")
    if paused_until is not None and paused_until > now:
        return Permit("wait", "RateLimited")
    return GO
