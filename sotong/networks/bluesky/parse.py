"""Their JSON as our items. Pure. Raises ``Malformed`` for one item; ``feed.py`` sets that item aside alone."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sotong.networks.bluesky.richtext import expanded_text
from sotong.networks.contract import InboundItem, InboundKind, Media, RemoteAccount

AT_URI = re.compile(r"at://(did:[a-z]+:[A-Za-z0-9._:%-]{1,240})/([a-zA-Z0-9.-]{1,120})/([A-Za-z0-9._:~-]{1,120})")
POST_REASONS = frozenset({"mention", "reply", "quote"})
REACTION_REASONS = {
    "like": "like",
    "like-via-repost": "like",
    "repost": "repost",
    "repost-via-repost": "repost",
}
TEXT_MAX = 20_000
"""Longer than any post can be: the item is set aside instead of being cut."""


class Malformed(ValueError):
    """An item that does not have the shape of its kind."""


def read_notification(
    raw: Mapping[str, Any], *, view: Mapping[str, Any] | None, server: str, observed_at: datetime
) -> InboundItem | None:
    """One of ``listNotifications``; None for kinds that are no business of an inbox (follows and the like).

    ``view``: the same post as ``getPosts`` shows it, for the addresses of images; ``server``: our PDS.
    """
    reason = raw.get("reason")
    if reason in POST_REASONS:
        return _post(raw, record=_mapping(raw, "record"), view=view, server=server, observed_at=observed_at)
    if reason in REACTION_REASONS:
        return _reaction(raw, name=REACTION_REASONS[str(reason)], observed_at=observed_at)
    if not isinstance(reason, str):
        raise Malformed("a notification without a reason")
    return None


def read_post_view(raw: Mapping[str, Any], *, server: str, observed_at: datetime) -> InboundItem:
    """One of ``searchPosts`` or ``getPosts``."""
    return _post(raw, record=_mapping(raw, "record"), view=raw, server=server, observed_at=observed_at)


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
    did, handle = _text(raw, "did"), _text(raw, "handle")
    if not did.startswith("did:"):
        raise Malformed("an author without a DID")
    return RemoteAccount(
        remote_id=did,
        handle="" if handle == "handle.invalid" else handle,
        display_name=_optional_text(raw, "displayName")[:640],
        url=f"https://bsky.app/profile/{did}",
        avatar_url=_https(raw.get("avatar")),
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


def moment(text: object) -> datetime | None:
    """An ISO 8601 time with a zone, in UTC; None for anything else."""
    if not isinstance(text, str) or len(text) > 64:
        return None
    try:
        parsed = datetime.fromisoformat(text)
        return parsed.astimezone(UTC) if parsed.tzinfo else None
    except (ValueError, OverflowError):
        return None


def shown_at(raw: Mapping[str, Any]) -> datetime:
    """The AppView's own time of a notification or post: what it sorts by. Raises ``Malformed``."""
    found = moment(raw.get("indexedAt"))
    if found is None:
        raise Malformed("an item without indexedAt")
    return found


def _post(
    raw: Mapping[str, Any],
    *,
    record: Mapping[str, Any],
    view: Mapping[str, Any] | None,
    server: str,
    observed_at: datetime,
) -> InboundItem:
    uri, cid = _text(raw, "uri"), _text(raw, "cid")
    did = split_uri(uri)[0]
    author = account(_mapping(raw, "author"))
    if author.remote_id != did:
        raise Malformed("the author is not the owner of the record")
    text = record.get("text", "")
    if not isinstance(text, str):
        raise Malformed("a text that is no text")
    if len(text) > TEXT_MAX:
        raise Malformed("a text longer than the network allows")
    root, parent = _reply_refs(record)
    written = moment(record.get("createdAt"))
    return InboundItem(
        kind=InboundKind.POST,
        remote_id=uri,
        revision=cid,
        thread_ref=root or uri,
        author=author,
        text=clean(expanded_text(text, record)),
        # The author's clock may claim anything; a post is never newer than our seeing it.
        posted_at=min(written or shown_at(raw), observed_at),
        observed_at=observed_at,
        in_reply_to=parent,
        media=_media(record, view, did=did, server=server),
        url=web_url(uri),
        raw=json.dumps(raw).encode(),
    )


def _reaction(raw: Mapping[str, Any], *, name: str, observed_at: datetime) -> InboundItem:
    subject = _mapping(raw, "record").get("subject")
    target = subject.get("uri") if isinstance(subject, dict) else raw.get("reasonSubject")
    if not isinstance(target, str):
        raise Malformed("a reaction to nothing")
    split_uri(target)
    uri = _text(raw, "uri")
    split_uri(uri)
    return InboundItem(
        kind=InboundKind.REACTION,
        remote_id=uri,
        revision=_text(raw, "cid"),
        thread_ref=target,
        author=account(_mapping(raw, "author")),
        text=name,
        posted_at=min(shown_at(raw), observed_at),
        observed_at=observed_at,
        in_reply_to=target,
        raw=json.dumps(raw).encode(),
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
    shown = _images((view or {}).get("embed"))
    found = []
    for position, image in enumerate(stored[:20]):
        blob = image.get("image")
        ref = blob.get("ref") if isinstance(blob, dict) else None
        link = ref.get("$link") if isinstance(ref, dict) else None
        if not isinstance(blob, dict) or not isinstance(link, str) or not link.isalnum():
            continue
        public = _https(shown[position].get("fullsize")) if position < len(shown) else ""
        mime = blob.get("mimeType")
        ratio = image.get("aspectRatio")
        sizes = [ratio.get(name) if isinstance(ratio, dict) else None for name in ("width", "height")]
        width, height = (size if isinstance(size, int) and 0 < size < 100_000 else None for size in sizes)
        found.append(
            Media(
                mime=mime if isinstance(mime, str) and len(mime) < 100 else "application/octet-stream",
                url=public or f"{server}/xrpc/com.atproto.sync.getBlob?did={did}&cid={link}",
                alt=clean(_optional_text(image, "alt"))[:10_000],
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


def clean(text: str) -> str:
    """Without NUL and half characters, which no database stores; nothing else is touched."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _mapping(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"no {name}")
    return value


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value or len(value) > 2000:
        raise Malformed(f"no {name}")
    return clean(value)


def _optional_text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    return clean(value) if isinstance(value, str) else ""


def _https(value: object) -> str:
    return value if isinstance(value, str) and value.startswith("https://") and len(value) < 2000 else ""
