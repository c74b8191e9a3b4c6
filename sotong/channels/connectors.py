"""How a channel becomes a connector. A connector is used by one thread at a time, so each thread keeps its own."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TypedDict
from urllib.parse import urlsplit

from sotong.channels.actions.credentials import ChannelSession, read_credentials
from sotong.channels.models import Channel
from sotong.egress.door import Egress
from sotong.egress.rules import server_address
from sotong.networks import registry
from sotong.networks.addresses import OwnPost, example_of_post, own_post
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


def way_out_for(channel: Channel) -> Egress:
    """The way out to what a channel's posts point at, such as their images. Of private addresses it reaches only the
    servers that were entered for this channel.

    Raises ``keys.KeyMissing`` when the credentials cannot be read, ``Blocked`` when a server's address is none.
    """
    manifest = manifest_of(channel.network)
    fields = [field for field in manifest.credentials if field.kind == "url"] if manifest else []
    is_practice = manifest is not None and manifest.is_practice
    values = read_credentials(channel)
    servers = [values.get(field.name) or field.default for field in fields]
    return Egress(allowed_origins=[server_address(typed, takes_plain=is_practice) for typed in servers if typed])


def own_post_of(channel: Channel, typed: str, *, is_direct: bool) -> OwnPost | None:
    """The post (or direct message) of this channel's account that ``typed`` names; None when it names none."""
    manifest = manifest_of(channel.network)
    return own_post(manifest, typed, account=_account(channel), is_direct=is_direct) if manifest else None


def example_of_own_post(channel: Channel, *, is_direct: bool) -> str:
    """What the address of a post (or direct message) of this channel's account looks like."""
    manifest = manifest_of(channel.network)
    return example_of_post(manifest, account=_account(channel), is_direct=is_direct) if manifest else ""


def _account(channel: Channel) -> Mapping[str, str]:
    servers = [urlsplit(address) for address in (channel.origin, channel.url)]
    found = [f"{one.scheme}://{one.netloc}" for one in servers if one.scheme in {"http", "https"} and one.netloc]
    return {"remote_id": channel.remote_id, "handle": channel.handle, "server": found[0] if found else ""}
