"""What the network shows, as the JSON of API.md. ``base``: the address of this server, without a slash at its end."""

from __future__ import annotations

from typing import Any

from sotong_practice.api.fields import show_cursor
from sotong_practice.network import Network
from sotong_practice.rules import read_time, show_time
from sotong_practice.state.things import Account, FeedItem, Image, Message, Post, Stretch


def account_shape(account: Account, base: str) -> dict[str, Any]:
    return {
        "id": account.id,
        "handle": account.handle,
        "display_name": account.display_name,
        "kind": account.kind,
        "bio": account.bio,
        "url": f"{base}/@{account.handle}",
        "avatar_url": f"{base}/media/{account.avatar}" if account.avatar else "",
        "created_at": _time(account.at),
    }


def image_shape(image: Image, base: str, key: str = "") -> dict[str, Any]:
    """``key``: opens an image that not everybody may see."""
    return {
        "id": image.id,
        "url": f"{base}/media/{image.name}" + (f"?key={key}" if key else ""),
        "mime": image.mime,
        "width": image.width,
        "height": image.height,
        "alt": image.alt,
    }


def post_shape(post: Post, base: str, viewer: Account | None) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": post.id,
        "url": f"{base}{post.path}",
        "author": account_shape(post.author, base),
        "text": post.text,
        "language": post.language,
        "created_at": _time(post.at),
        "edited_at": _time(post.edited_at) if post.edited_at and post.revision > 1 else None,
        "revision": post.revision,
        "deleted": post.deleted,
        "reply_to": post.reply_to,
        "root": post.root,
        "quote_of": post.quote_of,
        "mentions": [{"id": account.id, "handle": account.handle} for account in post.mentions],
        "media": [image_shape(image, base) for image in post.images],
        "counts": {"likes": post.likes, "replies": post.replies, "quotes": post.quotes},
    }
    if viewer is not None and viewer.id == post.author.id:
        shape["key"] = post.key
    return shape


def message_shape(message: Message, base: str, viewer: Account, network: Network) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": message.id,
        "exchange": message.exchange,
        "author": account_shape(message.author, base),
        "recipient": account_shape(message.recipient, base),
        "text": message.text,
        "language": message.language,
        "created_at": _time(message.at),
        "revision": message.revision,
        "deleted": message.deleted,
        "reply_to": message.reply_to,
        "media": [
            image_shape(image, base, network.media_key(image.name, message.exchange)) for image in message.images
        ],
        "url": f"{base}{message.path}",
    }
    if viewer.id == message.author.id:
        shape["key"] = message.key
    return shape


def item_shape(item: FeedItem, base: str, viewer: Account, network: Network) -> dict[str, Any]:
    return {
        "id": network.name_of(item.seq),
        "type": item.type,
        "reasons": list(item.reasons),
        "at": _time(item.at),
        "actor": account_shape(item.actor, base),
        "post": post_shape(item.post, base, viewer) if item.post is not None else None,
        "message": message_shape(item.message, base, viewer, network) if item.message is not None else None,
    }


def posts_shape(stretch: Stretch[Post], base: str, viewer: Account | None, world: str) -> dict[str, Any]:
    return {
        "posts": [post_shape(post, base, viewer) for post in stretch.things],
        "cursor": show_cursor(stretch.cursor, world),
        "has_more": stretch.has_more,
    }


def _time(stored: str) -> str:
    return show_time(read_time(stored))
