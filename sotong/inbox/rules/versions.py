"""Which version of a message is the newest, whatever the order in which they came."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No network that we speak with is older; an earlier time is an error or hostile."""
NUMBER = re.compile(r"[0-9]{1,18}")
DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, kw_only=True)
class Version:
    """What a message said at one revision, and when we saw that first."""

    revision: str
    observed_at: datetime
    text: str


@dataclass(frozen=True, kw_only=True)
class Chain:
    """All versions of a message, oldest first; the last one is what it says now."""

    versions: tuple[Version, ...]

    @property
    def current(self) -> Version:
        return self.versions[-1]

    @property
    def edited_at(self) -> datetime | None:
        """When it was last edited: the network's own time where the revision is one, else when we saw it."""
        return None if len(self.versions) == 1 else replaced_at(self.current)


def stamp(revision: str) -> float | None:
    """A revision that says its own order: a number, or a time. None for one that does not (a hash)."""
    if NUMBER.fullmatch(revision):
        return float(revision)
    moment = as_time(revision)
    return moment.timestamp() if moment else None


def as_time(revision: str) -> datetime | None:
    """The time that a revision is, if it is one."""
    if len(revision) < 16 or "T" not in revision:
        return None
    try:
        moment = datetime.fromisoformat(revision)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def place(version: Version) -> tuple[float, datetime, str, str]:
    """The sort key of versions: the network's own order first, then the order in which we saw them."""
    order = stamp(version.revision)
    if order is None:
        order = -1.0 if not version.revision else 0.0
    return (order, version.observed_at, version.revision, version.text)


def replaced_at(successor: Version) -> datetime:
    """When the version before ``successor`` ceased to be what the message says."""
    return as_time(successor.revision) or successor.observed_at


def settle(versions: Iterable[Version]) -> Chain:
    """Put versions in order, each once; the result depends on the set alone, not on the order of coming.

    The same revision seen twice is one version, first seen at the earlier time. Where the network has no revisions,
    the same text is one version, last seen at the later time. Raises ``ValueError`` without any.
    """
    kept: dict[tuple[str, str], Version] = {}
    for version in versions:
        key = (version.revision, "") if version.revision else ("", version.text)
        other = kept.get(key)
        if other is None or _prefers(version, other):
            kept[key] = version
    if not kept:
        raise ValueError("a message has at least one version")
    return Chain(versions=tuple(sorted(kept.values(), key=place)))


def _prefers(version: Version, other: Version) -> bool:
    if version.observed_at == other.observed_at:
        return version.text > other.text
    is_earlier = version.observed_at < other.observed_at
    return is_earlier if version.revision else not is_earlier


def network_order(remote_id: str) -> str:
    """A text by which posts of the very same time sort as their network numbered them.

    The last part of the id, numbers padded with zeros: "p-9" before "p-10", and AT Protocol's record keys by time.
    """
    tail = remote_id.rstrip("/").rpartition("/")[2][-64:]
    return DIGITS.sub(lambda found: found.group().zfill(20), tail)[:64]


def plausible(posted_at: datetime, observed_at: datetime) -> datetime:
    """The time a post claims, unless that cannot be: nothing is posted after it was seen, nor before there were
    networks. A post cannot put itself on top of the list for ever.
    """
    return min(max(posted_at, EARLIEST), max(observed_at, EARLIEST))


def short(text: str, limit: int) -> str:
    """``text``, or a hash of it where it is longer than ``limit``: equal texts stay equal, others different."""
    if len(text) <= limit:
        return text
    return "#" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[: limit - 1]
