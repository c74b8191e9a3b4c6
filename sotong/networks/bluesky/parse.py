"""Their JSON as our items. Pure. Raises ``Malformed`` for one item; ``foreign.read_each`` sets that item aside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sotong.networks import foreign
from sotong.networks.bluesky.richtext import expanded_text
from sotong.networks.contract import InboundItem, InboundKind, Media, RemoteAccount
from sotong.networks.foreign import Malformed

AT_URI = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]{1,240})/([a-zA-Z0-9.-]{1,120})/([A-Za-z0-9._:~-]{1,120})")
POST_REASONS = frozenset({"mention", "reply", "quote"})
REACTION_REASONS = {
    "like": "like",
    "like-via-repost": "like",
    "repost": "repost",
    "repost-via-repost": "repost",
}


def read_notification(
    raw: Mapping[str, Any], *, view: Mapping[str, Any] | None, server: str, observed_at: datetime
) -> InboundItem | None:
    """One of ``listNotifications``; None for kinds that are no business of an inbox (follows and the like).

    ``view``: the same post as ``getPosts`` shows it, for the addresses of images; ``server``: our PDS.
    """
    reason = raw.get("reason")
    if not isinstance(reason, str):
        raise Malformed("a notification without a reason")
    if reason in POST_REASONS:
        return _post(raw, record=foreign.mapping(raw, "record"), view=view, server=server, observed_at=observed_at)
    if reason in REACTION_REASONS:
        return _reaction(raw, name=REACTION_REASONS[reason], observed_at=observed_at)
    return None


def read_post_view(raw: Mapping[str, Any], *, server: str, observed_at: datetime) -> InboundItem:
    """One of ``searchPosts`` or ``getPosts``."""
    return _post(raw, record=foreign.mapping(raw, "record"), view=raw, server=server, observed_at=observed_at)


def deletion(uri: str, *, observed_at: datetime) -> InboundItem:
    """That post is no longer there."""
    did = split_uri(uri)[0]
    return InboundItem(
        kind=InboundKind.DELETION,
        remote_id=uri,
        revision="deleted",
        thread_ref="",
        author=RemoteAccount(remote_id=did, handle=""),
        text="",
        posted_at=observed_at,
        observed_at=observed_at,
    )


def account(raw: Mapping[str, Any]) -> RemoteAccount:
    """A profile view of any size."""
    did, handle = foreign.name(raw, "did"), foreign.name(raw, "handle")
    if not did.startswith("did:"):
        raise Malformed("an author without a DID")
    return RemoteAccount(
        remote_id=did,
        handle="" if handle == "handle.invalid" else handle,
        display_name=foreign.text(raw, "displayName")[:640],
        url=f"https://bsky.app/profile/{did}",
        avatar_url=foreign.web_address(raw.get("avatar")),
    )


def split_uri(uri: str) -> tuple[str, str, str]:
    """DID, collection and record key. Raises ``Malformed``."""
    match = AT_URI.fullmatch(uri)
    if match is None:
        raise Malformed("not the address of a record")
    return match.group(1), match.group(2), match.group(3)


def web_url(uri: str) -> str:
    """The page of a post. By DID: handles change."""
    did, _, rkey = split_uri(uri)
    return f"https://bsky.app/profile/{did}/post/{rkey}"


def _post(
    raw: Mapping[str, Any],
    *,
    record: Mapping[str, Any],
    view: Mapping[str, Any] | None,
    server: str,
    observed_at: datetime,
) -> InboundItem:
    uri, cid = foreign.name(raw, "uri"), foreign.name(raw, "cid")
    did = split_uri(uri)[0]
    author = account(foreign.mapping(raw, "author"))
    if author.remote_id != did:
        raise Malformed("the author is not the owner of the record")
    foreign.text(record, "text")
    root, parent = _reply_refs(record)
    return InboundItem(
        kind=InboundKind.POST,
        remote_id=uri,
        revision=cid,
        thread_ref=root or uri,
        author=author,
        text=foreign.clean(expanded_text(record)),
        posted_at=foreign.posted_at(record.get("createdAt"), shown=raw.get("indexedAt"), observed_at=observed_at),
        observed_at=observed_at,
        in_reply_to=parent,
        media=_media(record, view, did=did, server=server),
        url=web_url(uri),
        raw=foreign.as_bytes(raw),
    )


def _reaction(raw: Mapping[str, Any], *, name: str, observed_at: datetime) -> InboundItem:
    subject = foreign.mapping(raw, "record").get("subject")
    target = subject.get("uri") if isinstance(subject, dict) else raw.get("reasonSubject")
    if not isinstance(target, str):
        raise Malformed("a reaction to nothing")
    split_uri(target)
    uri = foreign.name(raw, "uri")
    split_uri(uri)
    return InboundItem(
        kind=InboundKind.REACTION,
        remote_id=uri,
        revision=foreign.name(raw, "cid"),
        thread_ref=target,
        author=account(foreign.mapping(raw, "author")),
        text=name,
        posted_at=foreign.posted_at(raw.get("indexedAt"), shown=None, observed_at=observed_at),
        observed_at=observed_at,
        in_reply_to=target,
        raw=foreign.as_bytes(raw),
    )


def _reply_refs(record: Mapping[str, Any]) -> tuple[str, str]:
    """Root and parent of a reply; both empty for a post of its own."""
    reply = record.get("reply")
    if reply is None:
        return "", ""
    refs = [reply.get(name) if isinstance(reply, dict) else None for name in ("root", "parent")]
    uris = [ref.get("uri") if isinstance(ref, dict) else None for ref in refs]
    if not all(isinstance(uri, str) and AT_URI.fullmatch(uri) for uri in uris):
        raise Malformed("a reply without root and parent")
    return str(uris[0]), str(uris[1])


def _media(record: Mapping[str, Any], view: Mapping[str, Any] | None, *, did: str, server: str) -> tuple[Media, ...]:
    """The images of a post. Addresses are the AppView's public ones, else the blob on our own PDS."""
    stored = _images(record.get("embed"))
    shown = _images(view.get("embed") if isinstance(view, dict) else None)
    found = []
    for position, image in enumerate(stored[:20]):
        blob = image.get("image")
        ref = blob.get("ref") if isinstance(blob, dict) else None
        link = ref.get("$link") if isinstance(ref, dict) else None
        if not isinstance(blob, dict) or not isinstance(link, str) or not link.isalnum():
            continue
        public = foreign.web_address(shown[position].get("fullsize")) if position < len(shown) else ""
        mime = blob.get("mimeType")
        ratio = image.get("aspectRatio")
        sizes = [ratio.get(name) if isinstance(ratio, dict) else None for name in ("width", "height")]
        width, height = map(foreign.size, sizes)
        found.append(
            Media(
                mime=foreign.clean(mime) if isinstance(mime, str) and len(mime) < 100 else "application/octet-stream",
                url=public or f"{server}/xrpc/com.atproto.sync.getBlob?did={did}&cid={link}",
                alt=foreign.text(image, "alt"),
                width=width,
                height=height,
            )
        )
    return tuple(found)


def _images(embed: object) -> list[Mapping[str, Any]]:
    if not isinstance(embed, dict):
        return []
    attached = embed.get("media")  # a quote with images
    images = (attached if isinstance(attached, dict) else embed).get("images")
    return [image for image in images if isinstance(image, dict)] if isinstance(images, list) else []
