"""Connectors of accounts on the real network, and a poll that keeps what came."""

from __future__ import annotations

import io
import itertools

from PIL import Image

from sotong.networks.bluesky.connector import open_connector
from sotong.networks.contract import (
    MemorySession,
    Unreadable,
)
from tests.servers.atproto_accounts import wait_for

NUMBERS = itertools.count()


def pair(network):
    number = next(NUMBERS)
    return network.create_account(f"brand{number}"), network.create_account(f"customer{number}")


def connect(network, account, *, session=None, password=None, server=None, now=None):
    credentials = {
        "handle": account.handle,
        "app_password": password or account.app_password,
        "base_url": server or network.pds,
    }
    extra = {"now": now} if now else {}
    return open_connector(credentials, session if session is not None else MemorySession(), **extra)


class Follow:
    """Fetches on and on as the poll does, and keeps what came."""

    def __init__(self, connector):
        self.connector = connector
        self.cursor = ""
        self.items = []

    def once(self):
        page = self.connector.fetch(self.cursor)
        self.cursor = page.cursor
        assert not [item for item in page.items if isinstance(item, Unreadable)]
        assert list(page.items) == sorted(page.items, key=lambda item: item.posted_at)
        self.items += page.items
        return page

    def until(self, wanted):
        def look():
            self.once()
            return next((item for item in self.items if wanted(item)), None)

        return wait_for(look)


def image(color=(200, 30, 30)):
    target = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(target, "PNG")
    return target.getvalue()
