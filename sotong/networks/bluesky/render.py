"""Our post as their record. Pure: the same post gives the same bytes at every attempt, for ever."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sotong.language.length import measure
from sotong.networks import errors
from sotong.networks.bluesky.client import POSTS
from sotong.networks.bluesky.facets import as_facets, find_spans
from sotong.networks.bluesky.manifest import MANIFEST
from sotong.networks.contract import Media, OutboundPost

SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
"""The base-32 alphabet of record keys, in ASCII order, so that keys sort by time."""


def record_key(idempotency_key: str) -> str:
    """The record key (a TID) of a delivery: 53 bits of microseconds, 10 bits of "clock id".

    The milliseconds are those of the UUIDv7; the microseconds within and the clock id come from its random bits, so
    two deliveries of one account made in the same millisecond meet with a chance of one in a million (and then the
    second is refused, never laid over the first). Raises ``ValueError`` for anything but a UUIDv7.
    """
    number = _uuid7(idempotency_key).int
    milliseconds = number >> 80
    random_bits = number & ((1 << 62) - 1)
    microseconds = milliseconds * 1000 + (random_bits >> 10) % 1000
    value = (microseconds & ((1 << 53) - 1)) << 10 | (random_bits & 0x3FF)
    return "".join(SORTABLE[(value >> shift) & 31] for shift in range(60, -1, -5))


def created_at(post: OutboundPost) -> datetime:
    """When the delivery was made: said outright, else the moment inside its key. Never the clock of the attempt."""
    if post.created_at is not None:
        return post.created_at.astimezone(UTC)
    return datetime.fromtimestamp((_uuid7(post.idempotency_key).int >> 80) / 1000, UTC)


def check(post: OutboundPost) -> None:
    """Raises ``Rejected`` when the network's limits do not take this post."""
    limits = MANIFEST.limits
    if post.direct_to is not None:
        raise errors.Unsupported("direct messages")
    if not post.text.strip() and not post.media:
        raise errors.Rejected("the post is empty")
    try:
        size = len(post.text.encode())
    except UnicodeEncodeError as error:
        raise errors.Rejected("the text holds half a character") from error
    if size > (limits.text_max_bytes or size) or measure(post.text, "graphemes") > limits.text_max:
        raise errors.Rejected(f"longer than {limits.text_max} characters or {limits.text_max_bytes} bytes")
    if len(post.media) > limits.images_max:
        raise errors.Rejected(f"more than {limits.images_max} images")
    for media in post.media:
        if not media.content:
            raise errors.Rejected("an image without content")
        if len(media.content) > limits.image_bytes_max:
            raise errors.Rejected(f"an image larger than {limits.image_bytes_max} bytes")
        if media.mime not in limits.image_types:
            raise errors.Rejected("an image of a type that is not taken")
        if len(media.alt) > limits.alt_text_max:
            raise errors.Rejected(f"an alternative text longer than {limits.alt_text_max} characters")


def mentioned_handles(text: str) -> list[str]:
    """The handles to look up before ``record`` is called."""
    return list(dict.fromkeys(span.value for span in find_spans(text) if span.kind == "mention"))


def record(
    post: OutboundPost,
    *,
    dids: Mapping[str, str],
    blobs: Sequence[Mapping[str, Any]],
    reply: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The record. ``dids``: handle to DID; ``blobs``: one for each image, in order; ``reply``: root and parent."""
    result: dict[str, Any] = {
        "$type": POSTS,
        "text": post.text,
        "createdAt": created_at(post).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    if post.language:
        result["langs"] = [post.language]
    facets = as_facets(post.text, find_spans(post.text), dids)
    if facets:
        result["facets"] = facets
    if reply is not None:
        result["reply"] = dict(reply)
    if blobs:
        images = [_image(media, blob) for media, blob in zip(post.media, blobs, strict=True)]
        result["embed"] = {"$type": "app.bsky.embed.images", "images": images}
    return result


def is_same_post(ours: Mapping[str, Any], theirs: object) -> bool:
    """Is the record that lies at our key an earlier attempt of this very post?"""
    return (
        isinstance(theirs, dict) and theirs.get("text") == ours["text"] and theirs.get("createdAt") == ours["createdAt"]
    )


def _image(media: Media, blob: Mapping[str, Any]) -> dict[str, Any]:
    image: dict[str, Any] = {"alt": media.alt, "image": dict(blob)}
    if media.width and media.height:
        image["aspectRatio"] = {"width": media.width, "height": media.height}
    return image


def _uuid7(text: str) -> uuid.UUID:
    parsed = uuid.UUID(text)
    if parsed.version != 7:
        raise ValueError("an idempotency key is a UUIDv7")
    return parsed
