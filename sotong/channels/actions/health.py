"""What a poll or a send told us about the channel itself."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from sotong.bus.actions import announce
from sotong.channels.actions.telling import tell_trouble, untell_trouble
from sotong.channels.events import ChannelChanged
from sotong.channels.models import Channel
from sotong.channels.records import clean
from sotong.channels.rules import next_poll
from sotong.channels.rules.outcomes import problem_of
from sotong.channels.rules.timing import POLL_LEASE

TOLD_AFTER = 4
"""Failed polls in a row (half a minute) after which people are told; of a dead sign-in they are told at once."""


def begin_poll(*, channel_id: int) -> tuple[Channel, datetime] | None:
    """Take the lease on asking this channel for news; None when it is not its time, or another worker is at it."""
    with transaction.atomic():
        taken = (
            Channel.objects.filter(pk=channel_id, next_poll_at__lte=Now())
            .filter(Q(poll_lease_until=None) | Q(poll_lease_until__lte=Now()))
            .exclude(mode=Channel.Mode.CLOSED)
            .update(poll_lease_until=Now() + POLL_LEASE)
        )
        if not taken:
            return None
        channel = Channel.objects.get(pk=channel_id)
        assert channel.poll_lease_until is not None  # noqa: S101  (set by the update above)
        return channel, channel.poll_lease_until


def renew_poll(*, channel_id: int, lease: datetime) -> datetime | None:
    """Prolong the lease between two pages; None when it was lost."""
    kept = Channel.objects.filter(pk=channel_id, poll_lease_until=lease).update(poll_lease_until=Now() + POLL_LEASE)
    return Channel.objects.values_list("poll_lease_until", flat=True).get(pk=channel_id) if kept else None


def end_poll(*, channel_id: int, lease: datetime, error: Exception | None, at: datetime) -> bool:
    """Give the lease back and write down what the poll told us; False when the lease was lost meanwhile."""
    with transaction.atomic():
        channel = Channel.objects.select_for_update(no_key=True).filter(pk=channel_id, poll_lease_until=lease).first()
        if channel is None:
            return False
        failures = 0 if error is None else channel.failures + 1
        wait = next_poll(channel.poll_seconds, error, failures, random.random())  # noqa: S311
        changes = {"poll_lease_until": None, "next_poll_at": Now() + wait, "checked_at": at, "failures": failures}
        if error is None:
            changes["healthy_at"] = at
        Channel.objects.filter(pk=channel_id).update(**changes)
        if error is None and channel.trouble:
            clear_trouble(channel_id=channel_id, at=at)
        elif error is not None:
            note_trouble(channel_id=channel_id, error=error, at=at)
            if failures >= TOLD_AFTER:
                tell_trouble(channel=channel, problem=problem_of(error), at=at)
    return True


def note_trouble(*, channel_id: int, error: BaseException, at: datetime) -> None:
    """The channel is in trouble: which, since when. When it is new or another, screens are told and the doctor looks
    again, so that what it saw is of the same time as the state above it.
    """
    name = problem_of(error)
    detail = clean(str(getattr(error, "detail", "") or ""), 500)
    with transaction.atomic():
        rows = Channel.objects.select_for_update(no_key=True).only("name", "network", "trouble", "trouble_since")
        channel = rows.get(pk=channel_id)
        # A dead sign-in stays the trouble that people see until a check works again, whatever else fails meanwhile.
        if channel.trouble == "Unauthorized" and name != "Unauthorized":
            return
        since = channel.trouble_since if channel.trouble == name and channel.trouble_since else at
        Channel.objects.filter(pk=channel_id).update(trouble=name, trouble_detail=detail, trouble_since=since)
        if channel.trouble != name:
            if name != "RateLimited":  # which asks for fewer calls, not for the doctor's as well
                Channel.objects.filter(pk=channel_id).update(examine_at=at)
            announce(ChannelChanged(channel_id=channel_id))
            if name == "Unauthorized":
                tell_trouble(channel=channel, problem=name, at=at)


def clear_trouble(*, channel_id: int, at: datetime) -> None:
    """The channel works again; the doctor looks again."""
    with transaction.atomic():
        untell_trouble(channel_id=channel_id, at=at)
        if (
            Channel.objects.filter(pk=channel_id)
            .exclude(trouble="")
            .update(trouble="", trouble_detail="", trouble_since=None, examine_at=at)
        ):
            announce(ChannelChanged(channel_id=channel_id))


def poll_soon(*, channel_id: int, wait: timedelta = timedelta(0)) -> None:
    """Ask this channel for news now, or after ``wait``."""
    Channel.objects.filter(pk=channel_id).update(next_poll_at=Now() + wait)
