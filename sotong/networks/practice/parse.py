"""Their JSON as our items. Pure. Raises ``Malformed`` for one item; ``foreign.read_each`` sets that item aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sotong.networks import foreign
from sotong.networks.contract import InboundItem, InboundKind, Media, Metrics, Receipt, RemoteAccount
from sotong.networks.foreign import Malformed

WEB = ("http", "https")


def read_item(raw: Mapping[str, Any], *, observed_at: datetime) -> InboundItem | None:
    """One item of the feed; None for types that are no business of an inbox (``unlike``, and what is yet to come)."""
    kind = foreign.name(raw, "type")
    if kind in ("post", "edit"):
        return read_post(foreign.mapping(raw, "post"), raw=raw, observed_at=observed_at)
    if kind == "deletion":
        return _deletion(foreign.mapping(raw, "post"), thread="root", raw=raw, observed_at=observed_at)
    if kind == "direct":
        return _message(foreign.mapping(raw, "message"), raw=raw, observed_at=observed_at)
    if kind == "direct_deletion":
        return _deletion(foreign.mapping(raw, "message"), thread="exchange", raw=raw, observed_at=observed_at)
    if kind == "like":
        return _like(raw, observed_at=observed_at)
    return None


def read_post(post: Mapping[str, Any], *, raw: Mapping[str, Any], observed_at: datetime) -> InboundItem:
    """A post at one of its revisions. A tombstone reads as a deletion."""
    if post.get("deleted") is True:
        return _deletion(post, thread="root", raw=raw, observed_at=observed_at)
    return _written(InboundKind.POST, post, thread="root", raw=raw, observed_at=observed_at)


def account(raw: Mapping[str, Any]) -> RemoteAccount:
    return RemoteAccount(
        remote_id=foreign.name(raw, "id"),
        handle=foreign.name(raw, "handle"),
        display_name=foreign.text(raw, "display_name")[:640],
        url=foreign.web_address(raw.get("url"), schemes=WEB),
        avatar_url=foreign.web_address(raw.get("avatar_url"), schemes=WEB),
    )


def receipt(raw: Mapping[str, Any], *, thread: str) -> Receipt:
    """Of a post (``thread="root"``) or a message (``thread="exchange"``)."""
    return Receipt(
        remote_id=foreign.name(raw, "id"),
        url=foreign.web_address(raw.get("url"), schemes=WEB),
        revision=_revision(raw),
        thread_ref=foreign.name(raw, thread),
        is_deleted=raw.get("deleted") is True,
    )


def metrics(post: Mapping[str, Any], *, measured_at: datetime) -> Metrics:
    counts = foreign.mapping(post, "counts")
    return Metrics(
        likes=foreign.count(counts, "likes"),
        replies=foreign.count(counts, "replies"),
        quotes=foreign.count(counts, "quotes"),
        measured_at=measured_at,
    )


def _message(message: Mapping[str, Any], *, raw: Mapping[str, Any], observed_at: datetime) -> InboundItem:
    if message.get("deleted") is True:
        return _deletion(message, thread="exchange", raw=raw, observed_at=observed_at)
    return _written(InboundKind.DIRECT, message, thread="exchange", raw=raw, observed_at=observed_at)


def _written(
    kind: InboundKind, thing: Mapping[str, Any], *, thread: str, raw: Mapping[str, Any], observed_at: datetime
) -> InboundItem:
    parent = thing.get("reply_to")
    return InboundItem(
        kind=kind,
        remote_id=foreign.name(thing, "id"),
        revision=_revision(thing),
        thread_ref=foreign.name(thing, thread),
        author=account(foreign.mapping(thing, "author")),
        text=foreign.text(thing, "text"),
        posted_at=foreign.posted_at(thing.get("created_at"), shown=raw.get("at"), observed_at=observed_at),
        observed_at=observed_at,
        in_reply_to=foreign.clean(parent) if isinstance(parent, str) else "",
        media=tuple(_media(thing.get("media"))),
        url=foreign.web_address(thing.get("url"), schemes=WEB),
        raw=foreign.as_bytes(raw),
    )


def _deletion(thing: Mapping[str, Any], *, thread: str, raw: Mapping[str, Any], observed_at: datetime) -> InboundItem:
    return InboundItem(
        kind=InboundKind.DELETION,
        remote_id=foreign.name(thing, "id"),
        revision=_revision(thing),
        thread_ref=foreign.name(thing, thread),
        author=account(foreign.mapping(thing, "author")),
        text="",
        posted_at=foreign.posted_at(raw.get("at"), shown=None, observed_at=observed_at),
        observed_at=observed_at,
        raw=foreign.as_bytes(raw),
    )


def _like(raw: Mapping[str, Any], *, observed_at: datetime) -> InboundItem:
    post = foreign.mapping(raw, "post")
    return InboundItem(
        kind=InboundKind.REACTION,
        remote_id=foreign.name(raw, "id"),
        revision="",
        thread_ref=foreign.name(post, "root"),
        author=account(foreign.mapping(raw, "actor")),
        text="like",
        posted_at=foreign.posted_at(raw.get("at"), shown=None, observed_at=observed_at),
        observed_at=observed_at,
        in_reply_to=foreign.name(post, "id"),
        raw=foreign.as_bytes(raw),
    )


def _revision(thing: Mapping[str, Any]) -> str:
    revision = foreign.count(thing, "revision")
    if not revision:
        raise Malformed("no revision")
    return str(revision)


def _media(listed: object) -> list[Media]:
    if listed is None:
        return []
    if not isinstance(listed, list) or len(listed) > 20:
        raise Malformed("media is no list")
    return [
        Media(
            mime=foreign.text(image, "mime")[:100] or "application/octet-stream",
            url=foreign.web_address(image.get("url"), schemes=WEB),
            alt=foreign.text(image, "alt"),
            width=foreign.size(image.get("width")),
            height=foreign.size(image.get("height")),
        )
        for image in listed
        if isinstance(image, dict)
    ]
