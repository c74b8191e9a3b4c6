"""Keeping a channel: what it is for, who may use it, and its end."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction

from sotong.access.rules import Actor, may
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.actions.telling import untell_trouble
from sotong.channels.events import ChannelChanged
from sotong.channels.models import Channel
from sotong.people.models import Team

CHANGEABLE = frozenset(
    {
        "name",
        "purpose",
        "audience",
        "tone",
        "hours",
        "time_zone",
        "language",
        "allowed_kinds",
        "escalation",
        "acknowledgement",
        "mode",
        "is_public",
    }
)


def _locked(channel_id: int, by: Actor | None) -> Channel:
    if by is not None and not may(by, "channels.manage"):
        raise PermissionDenied
    return Channel.objects.select_for_update(no_key=True).get(pk=channel_id)


def change_channel(
    *,
    channel_id: int,
    fields: Mapping[str, Any],
    teams: Collection[Team] | None = None,
    by: Actor | None,
    at: datetime,
) -> Channel:
    """Change what a channel is for and who may use it. ``fields``: some of ``CHANGEABLE``; ``teams``: all, anew.

    A closed channel stays an archive: its mode does not change here. Raises ``KeyError``, ``PermissionDenied``.
    """
    if unknown := set(fields) - CHANGEABLE:
        raise KeyError(min(unknown))
    with transaction.atomic():
        channel = _locked(channel_id, by)
        wanted = {name: value for name, value in fields.items() if getattr(channel, name) != value}
        if channel.mode == Channel.Mode.CLOSED or wanted.get("mode") == Channel.Mode.CLOSED:
            wanted.pop("mode", None)
        for name, value in wanted.items():
            setattr(channel, name, value)
        if wanted:
            channel.save(update_fields=sorted(wanted))
        if teams is not None:
            channel.teams.set(teams)
        record(
            "channels.change_channel",
            by=by,
            subject=channel,
            changed=sorted(wanted),
            mode=channel.mode,
            teams=sorted(team.pk for team in teams) if teams is not None else None,
        )
        announce(ChannelChanged(channel_id=channel.pk))
    return channel


def close_channel(*, channel_id: int, closed_on: date, reason: str, by: Actor | None, at: datetime) -> Channel:
    """Announce a channel's last day; when that day has come it is closed: nothing is read or sent, all of it is kept.

    ``closed_on`` is in the channel's time zone; a day that is over, or today, closes at once. Raises
    ``PermissionDenied``.
    """
    with transaction.atomic():
        channel = _locked(channel_id, by)
        channel.closed_on = closed_on
        channel.save(update_fields=["closed_on"])
        record("channels.close_channel", by=by, subject=channel, reason=reason, closed_on=closed_on.isoformat())
        if closed_on <= _today(channel, at):
            _close(channel, at)
        announce(ChannelChanged(channel_id=channel.pk))
    return channel


def keep_open(*, channel_id: int, by: Actor | None, at: datetime) -> Channel:
    """Take back an announced closing that has not come yet. Raises ``PermissionDenied``."""
    with transaction.atomic():
        channel = _locked(channel_id, by)
        if channel.mode != Channel.Mode.CLOSED and channel.closed_on is not None:
            channel.closed_on = None
            channel.save(update_fields=["closed_on"])
            record("channels.keep_open", by=by, subject=channel)
            announce(ChannelChanged(channel_id=channel.pk))
    return channel


def close_announced(*, at: datetime) -> int:
    """Close the channels whose announced last day has come; returns how many."""
    closed = 0
    for pk in Channel.objects.exclude(closed_on=None).exclude(mode=Channel.Mode.CLOSED).values_list("pk", flat=True):
        with transaction.atomic():
            channel = Channel.objects.select_for_update(no_key=True).get(pk=pk)
            is_open = channel.mode != Channel.Mode.CLOSED
            if is_open and channel.closed_on is not None and channel.closed_on <= _today(channel, at):
                _close(channel, at)
                record("channels.close_announced", by=None, actor="worker", subject=channel)
                announce(ChannelChanged(channel_id=channel.pk))
                closed += 1
    return closed


def _today(channel: Channel, at: datetime) -> date:
    return at.astimezone(ZoneInfo(channel.time_zone)).date()


def _close(channel: Channel, at: datetime) -> None:
    channel.mode, channel.trouble, channel.trouble_detail, channel.trouble_since = Channel.Mode.CLOSED, "", "", None
    channel.examine_at = None
    channel.save(update_fields=["mode", "trouble", "trouble_detail", "trouble_since", "examine_at"])
    untell_trouble(channel_id=channel.pk, at=at)
