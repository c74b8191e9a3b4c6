"""May this go out now?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

BRAKE = "all"
"""The scope of the hold that stops everything."""
DEFAULT_KINDS = ("reply", "automatic", "correction", "statement")
"""What a newly connected channel lets out; planned, promotion and game are added by a person."""


@dataclass(frozen=True)
class Permit:
    """``go``, ``hold`` (a person lets it go again) or ``wait`` (by itself). ``reason`` is the name of why not."""

    verdict: Literal["go", "hold", "wait"]
    reason: str = ""


GO = Permit("go")


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
