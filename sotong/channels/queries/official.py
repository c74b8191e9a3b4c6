"""Our official accounts, as the public may know them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from sotong.channels import words
from sotong.channels.connectors import manifest_of
from sotong.channels.models import Channel
from sotong.channels.queries.manifests import badge_of


@dataclass(frozen=True, kw_only=True)
class OfficialAccount:
    """``url`` is empty where the network gave no plain web address. ``until``: announced or past last day."""

    network: str
    title: str
    badge: str
    handle: str
    name: str
    url: str
    purpose: str
    purpose_title: str
    since: date
    until: date | None
    is_current: bool

    def plain(self) -> dict[str, Any]:
        """As JSON: without words of a language."""
        return {
            "network": self.network,
            "handle": self.handle,
            "name": self.name,
            "url": self.url,
            "purpose": self.purpose,
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
            "is_current": self.is_current,
        }


def official_accounts() -> list[OfficialAccount]:
    """Every account that may be known, those in use first. A practice account never is."""
    rows = Channel.objects.filter(is_public=True).order_by("name", "id")
    found = [one for one in map(_account, rows) if one is not None]
    return sorted(found, key=lambda one: not one.is_current)


def _account(channel: Channel) -> OfficialAccount | None:
    manifest = manifest_of(channel.network)
    if manifest is None or manifest.is_practice:
        return None
    return OfficialAccount(
        network=channel.network,
        title=words.in_language(manifest.title),
        badge=badge_of(channel.network),
        handle=channel.handle,
        name=channel.name,
        url=channel.url if urlsplit(channel.url).scheme in {"http", "https"} else "",
        purpose=channel.purpose,
        purpose_title=str(words.PURPOSES.get(channel.purpose, channel.purpose)),
        since=channel.opened_on,
        until=channel.closed_on,
        is_current=channel.mode != Channel.Mode.CLOSED,
    )
