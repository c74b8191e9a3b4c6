"""Making a delivery, and taking it back while that is still possible."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from sotong.access.rules import Actor
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.events import DeliveryChanged
from sotong.channels.models import Channel, Delivery, DeliveryMedia
from sotong.channels.records import OutboundImage, clean, remote_account, to_account, to_post_ref
from sotong.channels.rules.keys import new_key
from sotong.channels.rules.texts import chain_of, refusal_of
from sotong.jobs.face import enqueue
from sotong.networks import registry

CANCELLABLE = (Delivery.State.DRAFT, Delivery.State.APPROVED, Delivery.State.DUE, Delivery.State.HELD)


class DeliveryRefused(Exception):
    """This delivery cannot be made as it is. ``code``: empty, too_long, too_many_bytes, images_refused, image_type,
    image_bytes, kind_refused, closed, shadow, cannot_reply, cannot_direct, key_taken.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def draw_key(at: datetime) -> UUID:
    """A new key for a delivery."""
    return new_key(at, os.urandom(10))


def key_of(token: UUID, at: datetime) -> UUID:
    """The key of what ``token`` asked for at ``at``: for the same two the same key, whoever asks."""
    return new_key(at, blake2b(token.bytes, digest_size=10).digest())


def create_delivery(
    *,
    channel: Channel,
    kind: str,
    key: UUID,
    text: str,
    in_reply_to: Mapping[str, str] | None = None,
    direct_to: Mapping[str, str] | None = None,
    media: Sequence[OutboundImage] = (),
    language: str = "ko",
    by: Actor | None,
    due_at: datetime,
    at: datetime,
) -> Delivery:
    """Plan one message; it leaves at ``due_at``. The same key again returns the first delivery and changes nothing.

    ``in_reply_to`` and ``direct_to``: ``records.post_ref`` and ``records.remote_account``. ``by``: None for the
    system. Raises ``DeliveryRefused``, ``PermissionDenied`` for someone who may not use this channel, and
    ``ValueError`` for a key that was not made by ``draw_key`` or ``key_of``: networks read the time in it.
    """
    if key.version != 7:
        raise ValueError("a delivery's key is a UUID version 7")
    if by is not None and not channel.admits(by):
        raise PermissionDenied
    text = clean(text, 1_000_000).strip()
    reply = to_post_ref(in_reply_to)
    target = to_account(direct_to)
    with transaction.atomic():
        earlier = Delivery.objects.filter(key=key).first()
        if earlier is not None:
            return _same(earlier, channel, text)
        code = refusal_of(
            manifest=registry.manifest(channel.network),
            kind=kind,
            mode=channel.mode,
            allowed_kinds=channel.allowed_kinds,
            text=text,
            is_reply=reply is not None,
            is_direct=target is not None,
            images=[(image.mime, len(image.content), len(image.alt)) for image in media],
        )
        if code:
            raise DeliveryRefused(code)
        fresh, is_new = Delivery.objects.get_or_create(
            key=key,
            defaults={
                "channel": channel,
                "kind": kind,
                "state": Delivery.State.DUE,
                "text": text,
                "language": language,
                "in_reply_to": dict(in_reply_to) if in_reply_to else None,
                "direct_to": remote_account(**direct_to) if direct_to else None,
                "chain": chain_of(reply, target),
                "by_id": getattr(by, "pk", None),
                "created_at": at,
                "due_at": due_at,
            },
        )
        if not is_new:
            return _same(fresh, channel, text)
        DeliveryMedia.objects.bulk_create(
            DeliveryMedia(
                delivery=fresh,
                position=place,
                mime=image.mime,
                alt=clean(image.alt),
                content=image.content,
                width=image.width,
                height=image.height,
            )
            for place, image in enumerate(media)
        )
        announce(DeliveryChanged(delivery_id=fresh.pk, channel_id=channel.pk, state=fresh.state))
        if due_at <= at:
            enqueue("channels.send_due", once=f"channels.send_due:{channel.pk}", channel_id=channel.pk)
    return fresh


def _same(delivery: Delivery, channel: Channel, text: str) -> Delivery:
    if delivery.channel_id != channel.pk or delivery.text != text:
        raise DeliveryRefused("key_taken")
    return delivery


def cancel_delivery(*, delivery_id: int, by: Actor | None, at: datetime) -> bool:
    """Take a delivery back; False when it has already left, or is leaving just now."""
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
        if delivery is None or delivery.state not in CANCELLABLE:
            return False
        event = DeliveryChanged.to(Delivery.State.CANCELLED, delivery, by=by)
        delivery.state = Delivery.State.CANCELLED
        delivery.settled_at = at
        delivery.save(update_fields=["state", "settled_at"])
        record("channels.cancel_delivery", by=by, subject=delivery, was=event.was)
        announce(event)
    return True
