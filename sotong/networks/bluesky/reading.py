"""What comes in: notifications and search through ``feed``, image addresses, deletions. Glue without a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sotong.networks import errors, foreign
from sotong.networks.bluesky import feed, parse, threads
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

        position, replies = self._replies_in_our_threads(reading.position, is_behind=reading.has_more)
        items = self._read_all(reading.items, read)
        items += self._read_all(replies, lambda raw: parse.read_post_view(raw, server=server, observed_at=self._now()))
        items.sort(key=_order)
        posts = [item.remote_id for item in items if isinstance(item, InboundItem) and item.kind is InboundKind.POST]
        position, gone = self._look_for_deletions(feed.watch(position, posts))
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

    def again(self, stored: bytes, observed_at: datetime) -> InboundItem | Unreadable:
        """A stored notification (it has a reason) or post view. Without its view: images stay links."""
        server = self._sign_in.tokens().pds

        def read(raw: Mapping[str, Any]) -> InboundItem | None:
            if "reason" in raw:
                return parse.read_notification(raw, view=None, server=server, observed_at=observed_at)
            return parse.read_post_view(raw, server=server, observed_at=observed_at)

        return foreign.read_again(stored, read, remote_id=_address, observed_at=observed_at)

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
        return foreign.read_each(raws, read, remote_id=_address, observed_at=self._now())

    def _replies_in_our_threads(self, position: feed.Position, *, is_behind: bool) -> tuple[feed.Position, list[Any]]:
        """The second look of ``threads``: a safety net, so whatever goes wrong with it waits for the next time."""
        now, did = self._now(), self._sign_in.tokens().did
        if is_behind or now - position.threads_at < threads.LOOK_EVERY:
            return position, []
        try:
            author_feed = self._sign_in.call(
                lambda client, tokens: listed(
                    client.get_author_feed(tokens.access, did, limit=threads.POSTS_LOOKED_AT), "feed"
                )[0]
            )
            uris, counts = threads.grown(author_feed, position.counts, did=did)
            is_first = position.threads_at == feed.EPOCH  # recent items only: the notifications have them
            found = [view for uri in ([] if is_first else uris) for view in self._replies_below(uri, did=did)]
        except errors.NetworkError:
            return position, []
        return feed.unseen(replace(position, counts=counts, threads_at=now), found)

    def _replies_below(self, uri: str, *, did: str) -> list[Mapping[str, Any]]:
        answer = self._sign_in.call(
            lambda client, tokens: client.get_post_thread(tokens.access, uri, depth=threads.DEPTH)
        )
        return threads.replies(answer.get("thread"), did=did)

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


def _order(item: InboundItem | Unreadable) -> datetime:
    return item.posted_at if isinstance(item, InboundItem) else item.observed_at


def _has_embed(raw: Any) -> bool:
    if not isinstance(raw, dict) or str(raw.get("reason")) not in parse.POST_REASONS:
        return False
    record = raw.get("record")
    return bool(_address(raw)) and isinstance(record, dict) and isinstance(record.get("embed"), dict)


def _address(raw: Mapping[str, Any]) -> str:
    uri = raw.get("uri")
    return uri if isinstance(uri, str) and parse.AT_URI.fullmatch(uri) else ""
