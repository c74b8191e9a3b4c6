"""What comes in: notifications and search through ``feed``, image addresses, deletions. Glue without a state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sotong.networks import errors
from sotong.networks.bluesky import feed, parse
from sotong.networks.bluesky.signin import SignIn
from sotong.networks.contract import InboundItem, InboundKind, Page, Unreadable

LOOK_EVERY = timedelta(minutes=2)
POSTS_AT_ONCE = 25

Read = Callable[[Mapping[str, Any]], InboundItem | None]


class Reading:
    def __init__(self, sign_in: SignIn, *, now: Callable[[], datetime]) -> None:
        self._sign_in = sign_in
        self._now = now

    def notifications(self, cursor: str) -> Page:
        def get_page(after: str) -> tuple[list[Any], str]:
            return self._sign_in.call(
                lambda client, tokens: listed(
                    client.list_notifications(tokens.access, cursor=after, limit=feed.PAGE_LIMIT), "notifications"
                )
            )

        reading = feed.read_back(feed.Position.load(cursor), get_page, now=self._now())
        views = self.views([raw["uri"] for raw in reading.items if _has_embed(raw)])
        server = self._sign_in.tokens().pds

        def read(raw: Mapping[str, Any]) -> InboundItem | None:
            view = views.get(str(raw.get("uri")))
            return parse.read_notification(raw, view=view, server=server, observed_at=self._now())

        items = self._read_all(reading.items, read)
        posts = [item.remote_id for item in items if isinstance(item, InboundItem) and item.kind is InboundKind.POST]
        position, gone = self._look_for_deletions(feed.watch(reading.position, posts))
        items += [parse.deletion(uri, observed_at=self._now()) for uri in gone]
        return Page(items=tuple(items), cursor=position.dump(), has_more=reading.has_more)

    def search(self, query: str, cursor: str) -> Page:
        def get_page(after: str) -> tuple[list[Any], str]:
            return self._sign_in.call(
                lambda client, tokens: listed(
                    client.search_posts(tokens.access, query, cursor=after, limit=feed.PAGE_LIMIT), "posts"
                )
            )

        reading = feed.read_back(feed.Position.load(cursor), get_page, now=self._now())
        server = self._sign_in.tokens().pds
        items = self._read_all(
            reading.items, lambda raw: parse.read_post_view(raw, server=server, observed_at=self._now())
        )
        return Page(items=tuple(items), cursor=reading.position.dump(), has_more=reading.has_more)

    def views(self, uris: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """The posts as the AppView shows them, by address; those that are gone are missing."""
        found: dict[str, Mapping[str, Any]] = {}
        for start in range(0, len(uris), POSTS_AT_ONCE):
            for view in self._some_views(uris[start : start + POSTS_AT_ONCE]):
                if isinstance(view, dict) and isinstance(view.get("uri"), str):
                    found[view["uri"]] = view
        return found

    def _some_views(self, uris: Sequence[str]) -> list[Any]:
        return self._sign_in.call(lambda client, tokens: listed(client.get_posts(tokens.access, uris), "posts")[0])

    def _read_all(self, raws: Sequence[Any], read: Read) -> list[InboundItem | Unreadable]:
        """Each item by itself: what cannot be read is set aside and never stops the others."""
        items: list[InboundItem | Unreadable] = []
        for raw in raws:
            try:
                if not isinstance(raw, dict):
                    raise parse.Malformed("not an object")
                item = read(raw)
            except (parse.Malformed, RecursionError) as error:
                items.append(_unreadable(raw, why=str(error), observed_at=self._now()))
            else:
                items += [item] if item is not None else []
        return items

    def _look_for_deletions(self, position: feed.Position) -> tuple[feed.Position, list[str]]:
        now = self._now()
        if not position.watched or now - position.looked_at < LOOK_EVERY:
            return position, []
        return feed.after_look(position, self.views([each.uri for each in position.watched]), now=now)


def listed(answer: Mapping[str, Any], name: str) -> tuple[list[Any], str]:
    """The list of that name and the cursor behind it. Raises ``Temporary`` for an answer without one."""
    items, cursor = answer.get(name), answer.get("cursor")
    if not isinstance(items, list):
        raise errors.Temporary(f"the server answered without {name}")
    return items, cursor if isinstance(cursor, str) else ""


def _has_embed(raw: Any) -> bool:
    if not isinstance(raw, dict) or raw.get("reason") not in parse.POST_REASONS:
        return False
    uri, record = raw.get("uri"), raw.get("record")
    is_known = isinstance(uri, str) and parse.AT_URI.fullmatch(uri) is not None
    return is_known and isinstance(record, dict) and isinstance(record.get("embed"), dict)


def _unreadable(raw: Any, *, why: str, observed_at: datetime) -> Unreadable:
    content = json.dumps(raw).encode()
    uri = raw.get("uri") if isinstance(raw, dict) else None
    known = isinstance(uri, str) and parse.AT_URI.fullmatch(uri) is not None
    name = str(uri) if known else f"sha256:{hashlib.sha256(content).hexdigest()}"
    return Unreadable(remote_id=name, raw=content, why=why, observed_at=observed_at)
