"""Between the contract's dataclasses and the plain values that the database keeps.

Whatever a network sends fits after ``clean``: PostgreSQL refuses NUL and lone surrogates in texts, so they become
U+FFFD here; the raw bytes beside the item keep them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sotong.networks.contract import InboundItem, InboundKind, Media, PostRef, RemoteAccount

TEXT_KEPT = 100_000
"""Characters of one text that are kept as text; the raw bytes keep more."""
REFUSED = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True)
class OutboundImage:
    """An image of a delivery, ready to go out."""

    mime: str
    content: bytes
    width: int
    height: int
    alt: str = ""


def clean(text: object, limit: int = TEXT_KEPT) -> str:
    """``text`` as PostgreSQL can keep it, cut to ``limit`` characters. Anything but a string raises ``TypeError``."""
    if not isinstance(text, str):
        raise TypeError(f"a text was expected, not {type(text).__name__}")
    return REFUSED.sub("\ufffd", text[:limit])


def post_ref(*, remote_id: str, revision: str = "", thread_ref: str = "") -> dict[str, str]:
    """The plain values of a post that an answer refers to, as ``create_delivery`` takes them."""
    return {"remote_id": remote_id, "revision": revision, "thread_ref": thread_ref}


def remote_account(
    *, remote_id: str, handle: str, display_name: str = "", url: str = "", avatar_url: str = ""
) -> dict[str, str]:
    """The plain values of an account, as ``create_delivery`` takes them in ``direct_to``."""
    return {
        "remote_id": remote_id,
        "handle": handle,
        "display_name": display_name,
        "url": url,
        "avatar_url": avatar_url,
    }


def to_post_ref(plain: Mapping[str, str] | None) -> PostRef | None:
    return PostRef(**plain) if plain else None


def to_account(plain: Mapping[str, str] | None) -> RemoteAccount | None:
    return RemoteAccount(**plain) if plain else None


def _moment(value: object) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError("a time with its zone was expected")
    return value.astimezone(UTC).isoformat()


def _account(account: RemoteAccount) -> dict[str, str]:
    return remote_account(
        remote_id=clean(account.remote_id, 500),
        handle=clean(account.handle, 500),
        display_name=clean(account.display_name, 500),
        url=clean(account.url, 2000),
        avatar_url=clean(account.avatar_url, 2000),
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31 else None


def _media(media: Sequence[Media]) -> list[dict[str, Any]]:
    return [
        {
            "mime": clean(one.mime, 100),
            "url": clean(one.url, 4000),
            "alt": clean(one.alt, 5000),
            "width": _number(one.width),
            "height": _number(one.height),
            "filename": clean(one.filename, 300),
        }
        for one in media
    ]


def to_plain(item: InboundItem) -> dict[str, Any]:
    """An item as JSON values, without its raw bytes. Raises ``TypeError`` for an item that breaks the contract."""
    return {
        "kind": InboundKind(item.kind).value,
        "remote_id": clean(item.remote_id, 2000),
        "revision": clean(item.revision, 2000),
        "thread_ref": clean(item.thread_ref, 2000),
        "author": _account(item.author),
        "text": clean(item.text),
        "posted_at": _moment(item.posted_at),
        "observed_at": _moment(item.observed_at),
        "in_reply_to": clean(item.in_reply_to, 2000),
        "media": _media(item.media),
        "url": clean(item.url, 4000),
    }


def from_plain(plain: Mapping[str, Any]) -> InboundItem:
    """The item that ``to_plain`` wrote; its ``raw`` stays with the arrival."""
    return InboundItem(
        kind=InboundKind(plain["kind"]),
        remote_id=plain["remote_id"],
        revision=plain["revision"],
        thread_ref=plain["thread_ref"],
        author=RemoteAccount(**plain["author"]),
        text=plain["text"],
        posted_at=datetime.fromisoformat(plain["posted_at"]),
        observed_at=datetime.fromisoformat(plain["observed_at"]),
        in_reply_to=plain["in_reply_to"],
        media=tuple(Media(**one) for one in plain["media"]),
        url=plain["url"],
    )
