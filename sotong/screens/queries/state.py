"""How the channels are and whether sending is stopped, in words. No light without the age of its check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sotong.access.rules import Actor, may
from sotong.channels.models import Channel, Hold
from sotong.channels.queries.seen import LOST_AFTER, SLOW_AFTER, seen_rows
from sotong.channels.rules.permits import BRAKE
from sotong.channels.words import KINDS, hold_words


@dataclass(frozen=True)
class ShownConnection:
    """``dot``: the class that follows "dot"; ``alarm``: in a few words what needs someone, empty while all is well."""

    words: str
    dot: str
    url: str
    alarm: str = ""


@dataclass(frozen=True)
class ShownBrake:
    """What stops sending. ``kinds``: the kinds that are frozen, in words; empty: everything is stopped.
    ``reason`` empty: nobody has written one."""

    kinds: str
    who: str
    reason: str
    url: str


def connection_shown(viewer: Actor) -> ShownConnection | None:
    """Of the channels that ``viewer`` may see the gravest named, else how many work and how old the oldest check is.

    None for who may not see channels at all.
    """
    if not (may(viewer, "channels.read") or may(viewer, "channels.manage")):
        return None
    now = timezone.now()
    channels = [row for row in seen_rows(viewer) if row.mode != Channel.Mode.CLOSED]
    url = reverse("channels:list")
    if not channels:
        return ShownConnection(_("이어진 채널 없음"), " dot-idle", url)
    ages = {row: now - row.healthy_at if row.healthy_at else timedelta.max for row in channels}
    troubled = [row for row in channels if row.trouble]
    late = [row for row in channels if not row.trouble and ages[row] > LOST_AFTER]
    good = [ages[row] for row in channels if not row.trouble and ages[row] <= LOST_AFTER]
    parts = [_("{name} 끊김").format(name=row.name) for row in troubled[:1]]
    if len(troubled) > 1:
        parts.append(_("{n}개 더 끊김").format(n=len(troubled) - 1))
    if late:
        parts.append(_("{name} 확인이 늦어요").format(name=late[0].name))
    if good:
        checked = ngettext("채널 {n}개 · {s}초 전 확인", "채널 {n}개 · {s}초 전 확인", len(good))
        parts.append(checked.format(n=len(good), s=int(max(good).total_seconds())))
    dot = " dot-danger" if troubled or late else " dot-warn" if max(good) > SLOW_AFTER else ""
    alarm = _("채널 끊김") if troubled else _("확인 늦음") if dot else ""
    return ShownConnection(" · ".join(parts), dot, url, alarm)


def brake_shown() -> ShownBrake | None:
    """The brake, when it is on, else the kinds that are frozen, with who froze the latest and why."""
    rows = list(Hold.objects.filter(is_on=True).order_by("-since").values_list("scope", "by_id", "by__name", "reason"))
    if not rows:
        return None
    stopped = [row for row in rows if row[0] == BRAKE]
    _scope, by_id, who, reason = (stopped or rows)[0]
    kinds = "" if stopped else ", ".join(str(KINDS[scope]) for scope in KINDS if scope in {row[0] for row in rows})
    why = hold_words(reason, by_id=by_id)[0] if reason else ""
    return ShownBrake(kinds, who or _("시스템"), why, reverse("channels:doubtful"))
