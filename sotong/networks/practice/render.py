"""Our post as their JSON. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from sotong.networks import errors
from sotong.networks.contract import OutboundPost
from sotong.networks.practice.manifest import MANIFEST


def check(post: OutboundPost) -> None:
    """Raises ``Rejected`` when the network's limits do not take this post. Length counts as the network counts it."""
    limits = MANIFEST.limits
    text = unicodedata.normalize("NFC", post.text).strip()
    if not text and not post.media:
        raise errors.Rejected("the post is empty")
    if len(text) > limits.text_max:
        raise errors.Rejected(f"longer than {limits.text_max} characters")
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


def body(post: OutboundPost, *, media_ids: Sequence[str]) -> dict[str, Any]:
    """The body of ``POST /api/posts``, or of ``POST /api/messages`` when the post goes to one person."""
    result: dict[str, Any] = {"text": post.text, "key": post.idempotency_key}
    if post.language:
        result["language"] = post.language
    if post.in_reply_to is not None:
        result["reply_to"] = post.in_reply_to.remote_id
    if media_ids:
        result["media"] = [
            {"id": media_id, "alt": media.alt} for media_id, media in zip(media_ids, post.media, strict=True)
        ]
    if post.direct_to is not None:
        result["to"] = post.direct_to.remote_id or post.direct_to.handle
    return result
