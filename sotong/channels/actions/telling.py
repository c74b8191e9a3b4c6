"""Telling our own people what they must know of channels and deliveries."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse

from sotong.channels.models import Arrival, Attempt, Channel, Delivery
from sotong.channels.notices import DOUBT, SET_ASIDE, TROUBLE
from sotong.notices.actions import close_notice, raise_notice
from sotong.notices.models import Notice

TELL_AFTER = timedelta(seconds=15)
"""An unconfirmed delivery that a look did not settle by then is told to people; they must know within 60 s."""


def tell_doubts(*, at: datetime) -> int:
    """Raise a notice for each channel with a delivery in doubt; close it when none is left.

    Told anew where what was told of still stands and no notice does. Returns how many deliveries were told of.
    """
    in_doubt = Delivery.objects.filter(state=Delivery.State.UNCONFIRMED, settled_at=None)
    ended = Attempt.objects.filter(delivery=OuterRef("pk"), number=OuterRef("attempts_made"))
    ended = ended.filter(ended_at__lte=Now() - TELL_AFTER)
    fresh = in_doubt.filter(told_at=None).filter(Q(next_look_at=None) | Exists(ended))
    with transaction.atomic():
        rows = list(fresh.select_for_update(skip_locked=True, of=("self",))[:500])
        stands = set(Notice.objects.filter(kind=DOUBT, closed_at=None).values_list("key", flat=True))
        told = {*in_doubt.exclude(told_at=None).values_list("channel_id", flat=True), *(row.channel_id for row in rows)}
        untold = {number for number in told if f"{DOUBT}:{number}" not in stands}
        for channel in Channel.objects.only("id", "name").filter(pk__in=untold):
            raise_notice(
                key=f"{DOUBT}:{channel.pk}",
                kind=DOUBT,
                permission="channels.decide",
                url=reverse("channels:doubtful"),
                at=at,
                name=channel.name,
                channel=channel.pk,
            )
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=at)
    for notice in Notice.objects.filter(kind=DOUBT, closed_at=None):
        if not in_doubt.filter(channel_id=notice.detail["channel"]).exists():
            close_notice(key=notice.key, at=at)
    return len(rows)


def tell_trouble(*, channel: Channel, problem: str, at: datetime) -> None:
    """A channel needs someone."""
    raise_notice(
        key=f"{TROUBLE}:{channel.pk}",
        kind=TROUBLE,
        permission="channels.manage",
        url=reverse("channels:channel", args=[channel.pk]),
        at=at,
        name=channel.name,
        channel=channel.pk,
        network=channel.network,
        problem=problem,
    )


def untell_trouble(*, channel_id: int, at: datetime) -> None:
    """The channel works again, or is closed."""
    close_notice(key=f"{TROUBLE}:{channel_id}", at=at)


def tell_set_aside(*, channel: Channel, at: datetime) -> None:
    """Something came in that could not be read."""
    raise_notice(
        key=f"{SET_ASIDE}:{channel.pk}",
        kind=SET_ASIDE,
        permission="channels.decide",
        url=reverse("channels:channel", args=[channel.pk]),
        at=at,
        name=channel.name,
        channel=channel.pk,
    )


def untell_set_aside(*, at: datetime) -> None:
    """End the notices of channels where nothing is set aside any more."""
    for notice in Notice.objects.filter(kind=SET_ASIDE, closed_at=None):
        aside = Arrival.objects.filter(state=Arrival.State.SET_ASIDE, channel_id=notice.detail["channel"])
        waiting = Arrival.objects.filter(state=Arrival.State.RECORDED, channel_id=notice.detail["channel"], tries=0)
        if not aside.exists() and not waiting.filter(item__isnull=True).exists():
            close_notice(key=notice.key, at=at)
