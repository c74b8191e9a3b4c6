"""The same calls without ``find``."""

from __future__ import annotations

from collections.abc import Mapping

from sotong.channels.tests.stand_in.blind.manifest import MANIFEST
from sotong.channels.tests.stand_in.connector import CountingConnector
from sotong.networks import errors
from sotong.networks.contract import Receipt, Session


class BlindConnector(CountingConnector):
    manifest = MANIFEST

    def find(self, idempotency_key: str) -> Receipt | None:
        raise errors.Unsupported


def open_connector(credentials: Mapping[str, str], session: Session) -> BlindConnector:
    return BlindConnector(credentials, session)
