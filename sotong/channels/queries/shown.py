"""How channels are, for screens. No light without the age of its check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sotong.access.rules import Actor, may
from sotong.channels import words
from sotong.channels.connectors import manifest_of
from sotong.channels.models import Arrival, Channel, Check, Delivery, Hold
from sotong.channels.queries.manifests import badge_of
from sotong.channels.queries.seen import LOST_AFTER, SLOW_AFTER, seen_channels
from sotong.channels.rules.hours import is_open
from sotong.channels.rules.outcomes import VOUCHED
from sotong.channels.rules.permits import BRAKE

JUST_NOW = timedelta(seconds=5)
State = Delivery.State
DOUBT = Q(state=State.UNCONFIRMED, settled_at=None) | Q(state__in=[State.HELD, State.FAILED])
"""What waits for a person on the doubtful screen."""
AT_REST = Q(state=State.UNCONFIRMED, settled_at__isnull=False)
"""What a person let rest without knowing."""
RECENT = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class ShownChannel:
    """``dot``: the class that follows "dot"; ``state``: the words beside it; ``advice``: what to do, if anything.
    ``needs_manager``: only who may manage channels can do it.
    """

    channel: Channel
    title: str
    badge: str
    purpose: str
    mode: str
    dot: str
    state: str
    advice: str
    needs_manager: bool
    is_practice: bool
    in_doubt: int = 0
    set_aside: int = 0


def shown_channels(viewer: Actor) -> list[ShownChannel]:
    """The channels that ``viewer`` may see, the open ones first, with what waits there."""
    channels = list(seen_channels(viewer).prefetch_related("teams").order_by("name", "id"))
    counts = {row["channel_id"]: row["n"] for row in _in_doubt().values("channel_id").annotate(n=Count("id"))}
    aside = Arrival.objects.filter(state=Arrival.State.SET_ASIDE).values("channel_id").annotate(n=Count("id"))
    aside_counts = {row["channel_id"]: row["n"] for row in aside}
    at = timezone.now()
    shown = [
        show(channel, at=at, in_doubt=counts.get(channel.pk, 0), set_aside=aside_counts.get(channel.pk, 0))
        for channel in channels
    ]
    return sorted(shown, key=lambda one: one.channel.mode == Channel.Mode.CLOSED)


def show(channel: Channel, *, at: datetime, in_doubt: int = 0, set_aside: int = 0) -> ShownChannel:
    """One channel in words."""
    manifest = manifest_of(channel.network)
    dot, state, advice = _health(channel, at)
    return ShownChannel(
        channel=channel,
        title=words.network_title(channel.network),
        badge=badge_of(channel.network),
        purpose=str(words.PURPOSES.get(channel.purpose, channel.purpose)),
        mode=str(words.MODES[channel.mode]),
        dot=dot,
        state=state,
        advice=advice,
        needs_manager=channel.trouble in words.MENDED_BY_MANAGERS,
        is_practice=manifest is not None and manifest.is_practice,
        in_doubt=in_doubt,
        set_aside=set_aside,
    )


def _health(channel: Channel, at: datetime) -> tuple[str, str, str]:
    if channel.mode == Channel.Mode.CLOSED:
        return " dot-idle", _("닫힘 · 아무것도 읽거나 보내지 않아요"), ""
    age = at - channel.healthy_at if channel.healthy_at else None
    if channel.trouble:
        what, advice = words.problem_words(channel.trouble, channel.network)
        return " dot-danger", _("끊김 · {what}").format(what=what), advice
    if age is None:
        return " dot-idle", _("아직 확인하지 못했어요"), ""
    if age > LOST_AFTER:
        advice = _("작업 프로세스가 멈췄을 수 있어요. sotong doctor를 실행해 보세요.")
        return " dot-danger", _("확인이 늦어요 · 마지막 확인 {span} 전").format(span=span(age)), advice
    if age > SLOW_AFTER:
        return " dot-warn", _("느려요 · 마지막 확인 {span} 전").format(span=span(age)), ""
    if age < JUST_NOW:
        return "", _("연결됨 · 방금 확인"), ""
    return "", _("연결됨 · {span} 전 확인").format(span=span(age)), ""


def span(age: timedelta) -> str:
    """An age in its largest whole unit."""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 60:
        return _("{n}초").format(n=seconds)
    if seconds < 3600:
        return _("{n}분").format(n=seconds // 60)
    return _("{n}시간").format(n=seconds // 3600) if seconds < 48 * 3600 else _("{n}일").format(n=seconds // 86400)


@dataclass(frozen=True, kw_only=True)
class ShownCheck:
    """One row of the connection doctor; ``at`` None: not looked at yet."""

    title: str
    call: str
    is_ok: bool
    saw: str
    at: datetime | None
    detail: str = ""


def shown_checks(channel: Channel) -> list[ShownCheck]:
    """What the doctor saw, in the order of ``words.CHECKS``; on failure the words and the detail beneath."""
    order = list(words.CHECKS)
    rows = sorted(channel.checks.all(), key=lambda row: order.index(row.permission) if row.permission in order else 99)
    return [_check(row) for row in rows]


def _check(row: Check) -> ShownCheck:
    title, call = words.CHECKS.get(row.permission, (row.permission, ""))
    saw, detail = row.saw, ""
    if not row.is_ok:
        saw, detail = words.problem_words(row.saw.partition(":")[0])[0], row.saw
    elif saw == "0":
        saw = _("그때는 온 것이 없었어요")
    elif row.permission == "fetch":
        saw = _("가장 최근 것: {when}").format(when=_moment(saw))
    return ShownCheck(title=str(title), call=str(call), is_ok=row.is_ok, saw=saw, at=row.at, detail=detail)


def _moment(text: str) -> str:
    try:
        moment = timezone.localtime(datetime.fromisoformat(text))
    except ValueError:
        return text
    return f"{moment:%Y-%m-%d %H:%M}"


def _in_doubt() -> Any:
    return Delivery.objects.filter(DOUBT)


def doubts_for(viewer: Actor, *, channel_id: int | None = None) -> Any:
    """Deliveries that wait for a person, in channels that ``viewer`` may use; newest first."""
    rows = _in_doubt().filter(channel_id__in=usable_ids(viewer, "channels.decide"))
    if channel_id is not None:
        rows = rows.filter(channel_id=channel_id)
    return _with_what_is_shown(rows)


def vouched_for(at: datetime) -> Q:
    """What a person says is there, while the network is asked about it, and for a day where it cannot be asked."""
    return Q(state=State.SENT, problem__in=sorted(VOUCHED)) & (
        Q(next_look_at__isnull=False) | Q(settled_at__gt=at - RECENT)
    )


def decided_for(viewer: Actor, which: Q) -> Any:
    """What a person decided without the network's word (``AT_REST``, ``vouched_for``); newest first."""
    return _with_what_is_shown(Delivery.objects.filter(which, channel_id__in=usable_ids(viewer, "channels.decide")))


def waiting_for(viewer: Actor) -> Any:
    """What ``doubts_for`` finds, and what is held of what ``viewer`` wrote or may read: they must still find it."""
    decides = Q(channel_id__in=usable_ids(viewer, "channels.decide"))
    reads = Q(channel_id__in=usable_ids(viewer, "inbox.read")) | Q(by_id=getattr(viewer, "pk", None))
    return _with_what_is_shown(_in_doubt().filter(decides | Q(state=State.HELD) & reads))


def _with_what_is_shown(rows: Any) -> Any:
    return rows.select_related("channel", "by").prefetch_related("attempts").order_by("-id")


def usable_ids(viewer: Actor, permission: str) -> list[int]:
    """Channels where ``viewer`` may do ``permission``."""
    channels: Iterable[Channel] = Channel.objects.prefetch_related("teams")
    return [channel.pk for channel in channels if may(viewer, permission, where=channel)]


def brake() -> Hold | None:
    """The brake, when it is on."""
    return Hold.objects.filter(scope=BRAKE, is_on=True).select_related("by").first()


@dataclass(frozen=True, kw_only=True)
class ShownHold:
    """A hold that is in force. ``what``: what it stops; ``why``: for what reason; ``is_brake``: everything."""

    hold: Hold
    what: str
    why: str
    advice: str
    is_brake: bool


def holds_in_force() -> list[ShownHold]:
    """The brake first, then the kinds that are frozen, the oldest first."""
    rows = Hold.objects.filter(is_on=True).select_related("by").order_by("since", "id")
    shown = [
        ShownHold(
            hold=row,
            what=str(words.KINDS.get(row.scope, row.scope)),
            why=why,
            advice=advice,
            is_brake=row.scope == BRAKE,
        )
        for row in rows
        for why, advice in [words.hold_words(row.reason, by_id=row.by_id)]
    ]
    return sorted(shown, key=lambda one: not one.is_brake)


def is_open_now(channel: Channel, at: datetime) -> bool:
    """Whether the channel is within its hours."""
    return is_open(channel.hours, at.astimezone(ZoneInfo(channel.time_zone)))
