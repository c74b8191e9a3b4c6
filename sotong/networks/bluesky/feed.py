"""Reading a newest-first list without gaps. Pure: the pages come from a function, the time is given.

The list is sorted by a time that may lie in the past when an item is indexed late, and its page cursor leaves out items
that share the time of the page's last one. So we read on past the mark, read page borders twice, look a day back every
half hour, and leave out what the cursor says we have already handed over.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sotong.networks.foreign import moment

PAGE_LIMIT = 100
OVERLAP = timedelta(minutes=10)
OVERLAP_ITEMS = 100
DEEP_EVERY = timedelta(minutes=30)
DEEP_REACH = timedelta(hours=24)
FIRST_REACH = timedelta(days=7)
PAGES_AT_ONCE = 20
SEEN_MAX = 400
WATCHED_MAX = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

GetPage = Callable[[str], tuple[list[Any], str]]
"""Their cursor ("" for the newest page) to raw items, newest first, and the cursor of the next older page or ""."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A post handed over lately, looked at now and then: it may be deleted."""

    uri: str
    misses: int = 0


@dataclass(frozen=True, kw_only=True)
class Position:
    """What the stored cursor says."""

    mark: datetime | None = None
    """The newest time seen; None before the first reading."""
    gap_cursor: str = ""
    """Their cursor from which an unfinished way back goes on, and ``gap_until`` where it ends."""
    gap_until: datetime | None = None
    deep_at: datetime = EPOCH
    seen: tuple[str, ...] = ()
    watched: tuple[Watched, ...] = ()
    looked_at: datetime = EPOCH
    counts: Mapping[str, int] = field(default_factory=dict)
    """Replies below each of our latest posts, by record key, as of ``threads_at``."""
    threads_at: datetime = EPOCH

    def dump(self) -> str:
        values = {
            "mark": self.mark.isoformat() if self.mark else "",
            "gap": [self.gap_cursor, self.gap_until.isoformat() if self.gap_until else ""],
            "deep": self.deep_at.isoformat(),
            "seen": list(self.seen),
            "watched": [[each.uri, each.misses] for each in self.watched],
            "looked": self.looked_at.isoformat(),
            "counts": dict(self.counts),
            "threads": self.threads_at.isoformat(),
        }
        return json.dumps(values, separators=(",", ":"))

    @classmethod
    def load(cls, cursor: str) -> Position:
        """A damaged cursor starts from the very beginning: it may repeat, it never skips."""
        if not cursor:
            return cls()
        try:
            values = json.loads(cursor)
            gap_cursor, gap_until = values["gap"]
            return cls(
                mark=moment(values["mark"]) or EPOCH,
                gap_cursor=str(gap_cursor),
                gap_until=moment(gap_until),
                deep_at=moment(values["deep"]) or EPOCH,
                seen=tuple(str(each) for each in values["seen"]),
                watched=tuple(Watched(uri=str(uri), misses=int(misses)) for uri, misses in values["watched"]),
                looked_at=moment(values["looked"]) or EPOCH,
                counts={str(rkey): int(count) for rkey, count in values["counts"].items()},
                threads_at=moment(values["threads"]) or EPOCH,
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls(mark=EPOCH)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Raw items that were not handed over before, oldest first, and the position after them."""

    items: list[Any]
    position: Position
    has_more: bool


@dataclass
class _Way:
    """One way back through the pages."""

    until: datetime
    mark: datetime
    items: dict[str, Any] = field(default_factory=dict)
    newest: datetime = EPOCH
    older: int = 0
    """Items seen that lie below the mark."""

    def add(self, raw: Any) -> None:
        when = time_of(raw)
        if when is not None:
            self.newest = max(self.newest, when)
            self.older += when < self.mark
        self.items.setdefault(fingerprint(raw), raw)


def read_back(position: Position, get_page: GetPage, *, now: datetime) -> Reading:
    """What came since the position. At most ``PAGES_AT_ONCE`` pages; the rest of a long way back comes next time."""
    is_first = position.mark is None
    mark = position.mark or EPOCH
    is_gap = bool(position.gap_cursor)
    is_deep = not is_gap and not is_first and now - position.deep_at >= DEEP_EVERY
    if is_gap:
        until = position.gap_until or EPOCH
    elif is_first:
        until = now - FIRST_REACH
    else:
        until = mark - (DEEP_REACH if is_deep else OVERLAP)
    way = _Way(until=until, mark=mark)
    cursor, is_over = position.gap_cursor, False
    for _ in range(1 if is_first else PAGES_AT_ONCE):
        raw_items, after = get_page(cursor)
        for raw in raw_items:
            way.add(raw)
        times = [when for when in map(time_of, raw_items) if when is not None]
        has_reached = bool(times) and min(times) < until
        is_enough = not (is_gap or is_deep or is_first) and way.older >= OVERLAP_ITEMS
        if not after or not raw_items or has_reached or is_enough:
            is_over = True
            break
        cursor = border(after, times)
    return _result(position, way, now=now, cursor="" if is_over or is_first else cursor, is_deep=is_deep or is_first)


def _result(position: Position, way: _Way, *, now: datetime, cursor: str, is_deep: bool) -> Reading:
    known = set(position.seen)
    fresh = [(key, raw) for key, raw in way.items.items() if key not in known]
    if position.mark is None:
        fresh = [(key, raw) for key, raw in fresh if (time_of(raw) or now) >= way.until]
    fresh.sort(key=lambda pair: time_of(pair[1]) or now)
    # Old entries leave first; what a gap brings is older than what we had.
    latest = sorted(way.items, key=lambda key: time_of(way.items[key]) or now, reverse=True)
    order = [*position.seen, *latest] if position.gap_cursor else [*latest, *position.seen]
    seen = tuple(dict.fromkeys(order))[:SEEN_MAX]
    moved = replace(
        position,
        mark=max(way.newest, position.mark or EPOCH),
        gap_cursor=cursor,
        gap_until=way.until if cursor else None,
        deep_at=now if is_deep else position.deep_at,
        seen=seen,
    )
    return Reading(items=[raw for _, raw in fresh], position=moved, has_more=bool(cursor))


def border(after: str, times: list[datetime]) -> str:
    """Their next-page cursor, a millisecond later where it is a plain time, so that a page border is read twice.

    Not where a whole page shares one time: there it would not move.
    """
    when = moment(after)
    if when is None or not times or min(times) == max(times):
        return after
    return (when + timedelta(milliseconds=1)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def time_of(raw: Any) -> datetime | None:
    return moment(raw.get("indexedAt")) if isinstance(raw, dict) else None


def fingerprint(raw: Any) -> str:
    """One record at one revision, whatever the reason it came for; what has no address is known by its content."""
    if isinstance(raw, dict) and isinstance(raw.get("uri"), str):
        text = f"{raw['uri']}\n{raw.get('cid', '')}"
    else:
        text = json.dumps(raw, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def unseen(position: Position, raws: Iterable[Any]) -> tuple[Position, list[Any]]:
    """Those that were not handed over lately, oldest first, and the position that remembers them."""
    fresh = {key: raw for raw in raws if (key := fingerprint(raw)) not in position.seen}
    ordered = sorted(fresh.values(), key=lambda raw: time_of(raw) or EPOCH)
    return replace(position, seen=tuple(dict.fromkeys([*fresh, *position.seen]))[:SEEN_MAX]), ordered


def watch(position: Position, uris: Iterable[str]) -> Position:
    """Remember posts whose deletion we want to notice; the newest hundred."""
    known = {each.uri for each in position.watched}
    fresh = [Watched(uri=uri) for uri in dict.fromkeys(uris) if uri not in known]
    return replace(position, watched=(*position.watched, *fresh)[-WATCHED_MAX:])


def after_look(position: Position, there: Mapping[str, Any], *, now: datetime) -> tuple[Position, list[str]]:
    """The position after a look at the watched posts, and those that were missing twice in a row: they are gone.

    Once is not enough: an AppView that is behind, or restarting, leaves out posts that are there.
    """
    kept, gone = [], []
    for each in position.watched:
        if each.uri in there:
            kept.append(Watched(uri=each.uri))
        elif each.misses:
            gone.append(each.uri)
        else:
            kept.append(Watched(uri=each.uri, misses=1))
    return replace(position, watched=tuple(kept), looked_at=now), gone
