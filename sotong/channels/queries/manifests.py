"""What the networks of our channels can do, for screens that may not import networks."""

from __future__ import annotations

from sotong.networks.contract import Capability, Manifest
from sotong.networks.registry import manifest


def manifest_of(network: str) -> Manifest | None:
    """The manifest of a channel's network; None for one that this version no longer knows."""
    try:
        return manifest(network)
    except KeyError:
        return None


def badge_of(network: str) -> str:
    """The letters of a network's badge."""
    found = manifest_of(network)
    return found.badge if found else "?"


def takes_direct(network: str) -> bool:
    """Whether direct messages can be sent there."""
    found = manifest_of(network)
    return bool(found and Capability.DIRECT in found.capabilities)


def takes_images(network: str) -> bool:
    """Whether a post can carry images there."""
    found = manifest_of(network)
    return bool(found and Capability.IMAGES in found.capabilities and found.limits.images_max)
