"""The connection doctor's findings."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from sotong.access.rules import Actor
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.events import ChannelChanged
from sotong.channels.models import Channel, Check
from sotong.channels.records import clean
from sotong.channels.rules.permits import may_see


def ask_for_checks(*, channel_id: int, by: Actor | None, at: datetime) -> None:
    """Let the doctor look at this channel again. Raises ``PermissionDenied``."""
    channel = Channel.objects.only("id").get(pk=channel_id)
    if by is not None and not may_see(by, channel):
        raise PermissionDenied
    with transaction.atomic():
        Channel.objects.filter(pk=channel_id).exclude(mode=Channel.Mode.CLOSED).update(examine_at=at, next_poll_at=at)
        record("channels.ask_for_checks", by=by, subject=channel)
        announce(ChannelChanged(channel_id=channel_id))


def record_check(*, channel_id: int, permission: str, is_ok: bool, saw: str, at: datetime) -> None:
    """What one real call saw; the one before is replaced."""
    with transaction.atomic():
        Check.objects.update_or_create(
            channel_id=channel_id,
            permission=permission[:40],
            defaults={"at": at, "is_ok": is_ok, "saw": clean(saw, 500)},
        )
        announce(ChannelChanged(channel_id=channel_id))


def end_checks(*, channel_id: int, begun: datetime, permissions: tuple[str, ...]) -> None:
    """The doctor has looked at ``permissions``; what it does not look at any more is forgotten."""
    with transaction.atomic():
        if permissions:
            Check.objects.filter(channel_id=channel_id).exclude(permission__in=permissions).delete()
        Channel.objects.filter(pk=channel_id, examine_at=begun).update(examine_at=None)
        announce(ChannelChanged(channel_id=channel_id))
