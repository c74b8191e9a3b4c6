"""What the networks of our channels can do, for screens that may not import networks."""

from __future__ import annotations

from sotong.channels.connectors import can, manifest_of
from sotong.channels.words import in_language
from sotong.networks.contract import Capability

__all__ = ["badge_of", "manifest_of", "takes_direct", "takes_images"]


def badge_of(network: str) -> str:
    """The letters of a network's badge, in the viewer's language."""
    found = manifest_of(network)
    return in_language(found.badge) if found else "?"


def takes_direct(network: str) -> bool:
    """Whether direct messages can be sent there."""
    return can(network, Capability.DIRECT)


def takes_images(network: str) -> bool:
    """Whether a post can carry images there."""
    return can(network, Capability.IMAGES)
