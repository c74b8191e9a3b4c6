"""Writing messages and what they said before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sotong.contacts.models import Identity
from sotong.inbox.actions.arriving import Seen
from sotong.inbox.models import Conversation, Message, MessageMedia, MessageVersion
from sotong.inbox.rules.versions import Chain, Version, network_order, replaced_at, settle
from sotong.jobs.face import enqueue


def new_message(group: Sequence[Seen], conversation: Conversation, identity: Identity | None) -> Message:
    """A message, not yet written, as the newest of its versions has it. ``identity`` None: ours."""
    first = group[0]
    chain = settle(item.version for item in group)
    return Message(
        conversation=conversation,
        direction=Message.Direction.INBOUND if identity else Message.Direction.OUTBOUND,
        is_direct=first.is_direct,
        identity=identity,
        text=chain.current.text,
        origin=first.channel.origin,
        remote_id=first.remote_id,
        revision=chain.current.revision,
        revised_at=chain.current.observed_at,
        network_order=network_order(first.remote_id),
        in_reply_to=first.in_reply_to,
        thread_ref=first.thread_ref,
        url=first.url,
        posted_at=min(item.posted_at for item in group),
        edited_at=chain.edited_at,
    )


def write_children(made: Sequence[tuple[Message, Sequence[Seen]]]) -> None:
    """The earlier versions and the images of messages that were just written; images are fetched later."""
    versions: list[MessageVersion] = []
    media: list[MessageMedia] = []
    for message, group in made:
        chain = settle(item.version for item in group)
        versions += _earlier(message, chain)
        media += _images(message, _holding(group, chain.current))
    MessageVersion.objects.bulk_create(versions, batch_size=500)
    _write_images(media)


def apply_versions(message: Message, group: Sequence[Seen]) -> bool:
    """Bring a known message up to the newest version, keeping every earlier one; returns whether it changed.

    Our own message, sent from the desk, gets the network's revision, time and address at its first sight.
    """
    has_changed = _note_sight(message, group)
    current = _current(message)
    incoming = [item.version for item in group]
    if current is not None and all(_is_known(version, current) for version in incoming):
        return has_changed
    earlier = list(MessageVersion.objects.filter(message=message))
    stored = [Version(revision=row.revision, observed_at=row.observed_at, text=row.text) for row in earlier]
    chain = settle([*stored, *([current] if current else []), *incoming])
    MessageVersion.objects.filter(pk__in=[row.pk for row in earlier]).delete()
    MessageVersion.objects.bulk_create(_earlier(message, chain))
    if chain.current.text != message.text or chain.current.revision != message.revision:
        message.indexed_at = None
        holder = _holding(group, chain.current)
        if holder is not None:
            _replace_images(message, holder)
    message.text = chain.current.text
    message.revision = chain.current.revision
    message.revised_at = chain.current.observed_at
    message.edited_at = chain.edited_at
    message.save(update_fields=["text", "revision", "revised_at", "edited_at", "indexed_at"])
    return True


def apply_deletion(message: Message, observed_at: datetime) -> bool:
    """Mark a message as deleted by its author; its text stays. Returns whether that is news."""
    if message.deleted_at is not None and message.deleted_at <= observed_at:
        return False
    message.deleted_at = observed_at
    message.save(update_fields=["deleted_at"])
    return True


def _note_sight(message: Message, group: Sequence[Seen]) -> bool:
    first = min(group, key=lambda item: item.place)
    changed = []
    if message.revised_at is None:
        # A reply of ours, seen on the network for the first time: from now on the network's own values hold.
        message.revision, message.revised_at = first.version.revision, first.observed_at
        message.text, message.in_reply_to = first.version.text, first.in_reply_to or message.in_reply_to
        message.thread_ref, message.posted_at = first.thread_ref, first.posted_at
        message.network_order = network_order(message.remote_id)
        changed = ["revision", "revised_at", "text", "in_reply_to", "thread_ref", "posted_at", "network_order"]
    if not message.url and first.url:
        message.url = first.url
        changed.append("url")
    earliest = min(item.posted_at for item in group)
    if earliest < message.posted_at:
        message.posted_at = earliest
        changed.append("posted_at")
    if changed:
        message.save(update_fields=changed)
    return bool(changed)


def _current(message: Message) -> Version | None:
    if message.revised_at is None:
        return None
    return Version(revision=message.revision, observed_at=message.revised_at, text=message.text)


def _is_known(version: Version, current: Version) -> bool:
    """The same version again, and no reason to move the time at which it was seen."""
    if version.revision != current.revision or version.text != current.text:
        return False
    if version.revision:
        return version.observed_at >= current.observed_at
    return version.observed_at <= current.observed_at


def _earlier(message: Message, chain: Chain) -> list[MessageVersion]:
    return [
        MessageVersion(
            message=message,
            revision=version.revision,
            text=version.text,
            observed_at=version.observed_at,
            replaced_at=replaced_at(successor),
        )
        for version, successor in zip(chain.versions, chain.versions[1:], strict=False)
    ]


def _holding(group: Sequence[Seen], version: Version) -> Seen | None:
    """The sighting that showed ``version``."""
    for item in group:
        if (item.version.revision, item.version.text) == (version.revision, version.text):
            return item
    return None


def _images(message: Message, item: Seen | None) -> list[MessageMedia]:
    return [
        MessageMedia(
            message=message,
            position=position,
            url=one.url if len(one.url) <= 2000 else "",
            mime=one.mime,
            alt=one.alt,
            width=one.width,
            height=one.height,
            problem="" if one.url and len(one.url) <= 2000 else "no address",
        )
        for position, one in enumerate(item.images if item else ())
    ]


def _replace_images(message: Message, item: Seen) -> None:
    fresh = _images(message, item)
    there = list(MessageMedia.objects.filter(message=message).defer("content").order_by("position"))
    if [(row.url, row.alt) for row in fresh] == [(row.url, row.alt) for row in there]:
        return
    MessageMedia.objects.filter(pk__in=[row.pk for row in there]).delete()
    _write_images(fresh)


def _write_images(rows: Sequence[MessageMedia]) -> None:
    if rows:
        MessageMedia.objects.bulk_create(rows, batch_size=500)
        enqueue("inbox.fetch_media", once="inbox.fetch_media")
