"""The networks that this installation knows: one folder each, listed here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from sotong.networks.contract import Connector, Manifest, MemorySession, Session

NETWORKS: tuple[str, ...] = ("practice", "bluesky")

_added: dict[str, str] = {}


def add(name: str, package: str) -> None:
    """Know one more network in this process: ``package`` holds its ``manifest`` and ``connector`` modules."""
    _added[name] = package


def _package(name: str) -> str:
    if name in NETWORKS:
        return f"sotong.networks.{name}"
    return _added[name]


def manifest(name: str) -> Manifest:
    """The manifest of a network. Raises ``KeyError`` for a name that is not listed."""
    found: Manifest = import_module(f"{_package(name)}.manifest").MANIFEST
    return found


def manifests() -> tuple[Manifest, ...]:
    """All manifests, in the order in which the connect page offers them."""
    return tuple(manifest(name) for name in NETWORKS)


def open_connector(name: str, credentials: Mapping[str, str], *, session: Session | None = None) -> Connector:
    """A connector for one of our accounts.

    ``credentials``: values of the manifest's fields by name. ``session``: where rotated tokens are kept.
    """
    build = import_module(f"{_package(name)}.connector").open_connector
    connector: Connector = build(credentials, session if session is not None else MemorySession())
    return connector
