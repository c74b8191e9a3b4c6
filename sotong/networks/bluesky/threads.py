"""Our own threads as a second look: a reply that was indexed at the same moment as our post brings no notification.

(Seen on the real AppView: one such reply in a few runs was never notified.) Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sotong.networks.bluesky.parse import split_uri
from sotong.networks.foreign import Malformed

LOOK_EVERY = timedelta(minutes=5)
POSTS_LOOKED_AT = 50
THREADS_AT_ONCE = 10
DEPTH = 6
REPLIES_MAX = 1000


def grown(author_feed: Iterable[Any], counts: Mapping[str, int], *, did: str) -> tuple[list[str], dict[str, int]]:
    """Addresses of our latest posts that have more replies than ``counts`` (by record key) says, and the new counts.

    Threads beyond ``THREADS_AT_ONCE`` keep their old count, so that the next look takes them.
    """
    uris: list[str] = []
    after: dict[str, int] = {}
    for entry in author_feed:
        post = entry.get("post") if isinstance(entry, dict) else None
        uri, count = (post.get("uri"), post.get("replyCount")) if isinstance(post, dict) else (None, None)
        if not isinstance(uri, str) or not isinstance(count, int):
            continue
        try:
            owner, _, rkey = split_uri(uri)
        except Malformed:
            continue
        if owner != did or rkey in after:
            continue
        if count > counts.get(rkey, 0) and len(uris) < THREADS_AT_ONCE:
            uris.append(uri)
        elif count > counts.get(rkey, 0):
            count = counts.get(rkey, 0)
        after[rkey] = count
    return uris, after


def replies(thread: Any, *, did: str) -> list[Mapping[str, Any]]:
    """The views of all posts below a thread's first one that are not our own."""
    found: list[Mapping[str, Any]] = []
    waiting = list(_replies_of(thread))
    while waiting and len(found) < REPLIES_MAX:
        node = waiting.pop()
        post = node.get("post")
        author = post.get("author") if isinstance(post, dict) else None
        if isinstance(post, dict) and isinstance(author, dict) and author.get("did") != did:
            found.append(post)
        waiting += _replies_of(node)
    return found


def _replies_of(node: Any) -> list[Mapping[str, Any]]:
    below = node.get("replies") if isinstance(node, dict) else None
    return [each for each in below if isinstance(each, dict)] if isinstance(below, list) else []
