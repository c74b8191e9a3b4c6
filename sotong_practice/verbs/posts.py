"""Writing, editing and deleting posts, and liking them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sotong_practice.network import Network
from sotong_practice.refusals import Refusal
from sotong_practice.rules import (
    ALT_MAX,
    IMAGES_MAX,
    LANGUAGE,
    TEXT_MAX,
    clean_key,
    clean_text,
    mentioned_handles,
)
from sotong_practice.state.reading import account_by_handle, post_by_id, posts_by_key
from sotong_practice.state.reading_private import messages_by_key, owns_media
from sotong_practice.state.things import Account, Post


def already_posted(network: Network, *, by: Account, key: str) -> Post | None:
    """The post that this key made, where keys count. Raises ``Refusal`` (``key_used``) for a key of a message."""
    clean_key(key)
    if messages_by_key(network.tables, by.id, key, even_hidden=True):
        raise Refusal(409, "key_used")
    if not network.settings.idempotency:
        return None
    found = posts_by_key(network.tables, by.id, key, even_hidden=True)
    return found[0] if found else None


def write_post(
    network: Network,
    *,
    by: Account,
    text: str,
    key: str | None = None,
    reply_to: str | None = None,
    quote_of: str | None = None,
    media: Sequence[dict[str, str]] = (),
    language: str = "ko",
    at: datetime | None = None,
    visible_after: float = 0,
    is_late: bool = False,
) -> tuple[Post, bool]:
    """The post, and whether this key had made it before (then nothing happens).

    ``visible_after``: seconds until others can see it. ``is_late``: noted in the record, for landed late effects.
    """
    if key is not None:
        before = already_posted(network, by=by, key=key)
        if before is not None:
            return before, True
    images = checked_images(network, by=by, media=media)
    text = clean_text(text, limit=TEXT_MAX, may_be_empty=bool(images))
    parent = _target(network, reply_to, by, "reply_target") if reply_to else None
    quoted = _target(network, quote_of, by, "quote_target") if quote_of else None
    own_id = network.name_of(network.truth.sequence + 1)
    hiding = network.hide_for(visible_after) if visible_after > 0 else {}
    record = network.record(
        "reply" if parent else "post",
        named=True,
        at=at,
        account=by.id,
        key=key,
        text=text,
        language=checked_language(language),
        reply_to=parent.id if parent else None,
        root=parent.root if parent else own_id,
        quote_of=quoted.id if quoted else None,
        mentions=_mentions(network, text),
        media=images,
        late=is_late or None,
        **hiding,
    )
    return _known(network, record["id"]), False


def edit_post(
    network: Network,
    *,
    by: Account,
    post_id: str,
    text: str,
    media: Sequence[dict[str, str]] | None = None,
    if_revision: int | None = None,
    at: datetime | None = None,
) -> Post:
    """The post at its new revision; the same content again changes nothing. ``media`` None keeps the images."""
    post = _own(network, post_id, by)
    if post.deleted:
        raise Refusal(410, "post_deleted")
    if if_revision is not None and if_revision != post.revision:
        raise Refusal(409, "revision_stale", revision=post.revision)
    kept = [{"id": image.id, "alt": image.alt} for image in post.images]
    images = kept if media is None else checked_images(network, by=by, media=media)
    text = clean_text(text, limit=TEXT_MAX, may_be_empty=bool(images))
    if text == post.text and images == kept:
        return post
    network.record(
        "edit",
        at=at,
        id=post.id,
        account=by.id,
        revision=post.revision + 1,
        text=text,
        mentions=_mentions(network, text),
        media=images,
    )
    return _known(network, post.id)


def delete_post(network: Network, *, by: Account, post_id: str, at: datetime | None = None) -> None:
    """Leaves a tombstone; deleting twice is one deletion."""
    post = _own(network, post_id, by)
    if not post.deleted:
        network.record("delete", at=at, id=post.id, account=by.id, revision=post.revision + 1)


def set_like(network: Network, *, by: Account, post_id: str, likes: bool, at: datetime | None = None) -> None:
    """Makes it so that the account likes the post, or does not; repeating changes nothing."""
    post = post_by_id(network.tables, post_id)
    if post is None:
        raise Refusal(404, "post_unknown")
    if post.deleted and likes:
        raise Refusal(410, "post_deleted")
    query = "SELECT 1 FROM likes WHERE post = ? AND account = ?"
    if (network.tables.execute(query, (post.id, by.id)).fetchone() is not None) != likes:
        network.record("like" if likes else "unlike", at=at, id=post.id, account=by.id)


def checked_images(network: Network, *, by: Account, media: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The images as they are recorded: each ``{"id", "alt"}``."""
    if len(media) > IMAGES_MAX:
        raise Refusal(400, "media_too_many", limit=IMAGES_MAX)
    images = []
    for image in media:
        if not owns_media(network.tables, by.id, image["id"]):
            raise Refusal(400, "media_unknown")
        images.append({"id": image["id"], "alt": clean_text(image.get("alt", ""), limit=ALT_MAX, code="alt_too_long")})
    return images


def checked_language(language: str) -> str:
    if LANGUAGE.fullmatch(language) is None:
        raise Refusal(400, "field_bad", field="language")
    return language


def _mentions(network: Network, text: str) -> list[str]:
    found = [account_by_handle(network.tables, handle) for handle in mentioned_handles(text)]
    return [account.id for account in found if account is not None]


def _target(network: Network, post_id: str, by: Account, named: str) -> Post:
    post = post_by_id(network.tables, post_id, even_hidden=True)
    if post is None or (not post.rank and post.author.id != by.id):
        raise Refusal(400, f"{named}_unknown")
    if post.deleted:
        raise Refusal(410, f"{named}_deleted")
    return post


def _own(network: Network, post_id: str, by: Account) -> Post:
    post = post_by_id(network.tables, post_id, even_hidden=True)
    if post is None or (not post.rank and post.author.id != by.id):
        raise Refusal(404, "post_unknown")
    if post.author.id != by.id:
        raise Refusal(403, "not_yours")
    return post


def _known(network: Network, post_id: str) -> Post:
    post: Any = post_by_id(network.tables, post_id, even_hidden=True)
    if post is None:
        raise LookupError(post_id)
    known: Post = post
    return known
