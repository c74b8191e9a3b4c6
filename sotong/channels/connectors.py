"""How a channel becomes a connector. A connector is used by one thread at a time, so each thread keeps its own."""

from __future__ import annotations

import threading
from typing import TypedDict

from sotong.channels.actions.credentials import ChannelSession, read_credentials
from sotong.channels.models import Channel
from sotong.networks import registry
from sotong.networks.contract import Capability, Connector, Manifest

KEPT = 50


class _Kept(TypedDict):
    seal: bytes
    connector: Connector


_own = threading.local()


def manifest_of(network: str) -> Manifest | None:
    """The manifest of a network; None for one that this installation no longer has."""
    try:
        return registry.manifest(network)
    except (KeyError, ImportError):
        return None


def can(network: str, capability: Capability) -> bool:
    """Whether a network can do something; nothing can be done on one that is not there any more."""
    found = manifest_of(network)
    return found is not None and capability in found.capabilities


def connector_for(channel: Channel) -> Connector:
    """This thread's connector for a channel; a new one when its credentials have changed.

    Raises ``keys.KeyMissing`` when the credentials cannot be read.
    """
    kept: dict[int, _Kept] = _own.__dict__.setdefault("kept", {})
    seal = bytes(channel.credentials)
    found = kept.get(channel.pk)
    if found is not None and found["seal"] == seal:
        return found["connector"]
    if len(kept) >= KEPT:
        kept.clear()
    connector = registry.open_connector(channel.network, read_credentials(channel), session=ChannelSession(channel.pk))
    kept[channel.pk] = _Kept(seal=seal, connector=connector)
    return connector


def forget_connector(channel_id: int) -> None:
    """Drop this thread's connector of a channel, after trouble with it."""
    _own.__dict__.get("kept", {}).pop(channel_id, None)
