"""Whether a sent post can be taken off its network."""

from __future__ import annotations

from sotong.channels.connectors import can
from sotong.channels.rules.permits import may_want_again, removal_refusal
from sotong.networks.contract import Capability


def is_removable(*, state: str, problem: str, network: str, removal: tuple[str, str] | None) -> bool:
    """Of a delivery in this state. ``removal``: state and problem of the one that was wanted before, if any."""
    if removal is not None and not may_want_again(*removal):
        return False
    return not removal_refusal(state=state, problem=problem, can_delete=can(network, Capability.DELETE))
