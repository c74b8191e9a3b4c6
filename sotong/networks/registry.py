"""The networks that this installation knows: one folder each, listed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from sotong.networks.contract import Connector, Manifest, MemorySession, Session

NETWORKS: tuple[str, ...] = ("practice", "bluesky")


def manifest(name: str) -> Manifest:
    """The manifest of a network. Raises ``KeyError`` for a name that is not listed."""
    if name not in NETWORKS:
        raise KeyError(name)
    found: Manifest = import_module(f"sotong.networks.{name}.manifest").MANIFEST
    return found


def manifests() -> tuple[Manifest, ...]:
    """All manifests, in the order in which the connect page offers them."""
    return tuple(manifest(name) for name in NETWORKS)


def open_connector(name: str, credentials: Mapping[str, str], *, session: Session | None = None) -> Connector:
    """A connector for one of our accounts.

    ``credentials``: values of the manifest's fields by name. ``session``: where rotated tokens are kept.
    """
    if name not in NETWORKS:
        raise KeyError(name)
    build = import_module(f"sotong.networks.{name}.connector").open_connector
    connector: Connector = build(credentials, session if session is not None else MemorySession())
    return connector
