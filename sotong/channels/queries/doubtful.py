"""What a person must look after, in words."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from sotong.access.rules import Actor
from sotong.audit.models import Entry
from sotong.channels import words
from sotong.channels.connectors import can
from sotong.channels.models import Attempt, Delivery
from sotong.channels.queries.outcomes import held_by, outcome_of, problem_what, scopes_on, stopped_by
from sotong.channels.queries.shown import AT_REST, DOUBT, decided_for, usable_ids, vouched_for, waiting_for
from sotong.channels.rules.outcomes import LEFT, NOT_BORNE_OUT, VOUCHED
from sotong.networks.contract import Capability

State = Delivery.State
LISTED = 100
STOOD_STILL = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Around:
    """Whom a delivery answers, and where the conversation is."""

    customer: str
    url: str


Surroundings = Callable[[Actor, Sequence[int]], Mapping[int, Around]]
_ASKED: list[Surroundings] = []


def ask_around(surroundings: Surroundings) -> None:
    """Called at start-up by the layer that knows conversations; the last one counts."""
    _ASKED[:] = [surroundings]


@dataclass(frozen=True, kw_only=True)
class ShownAttempt:
    number: int
    started_at: datetime
    words: str
    detail: str


@dataclass(frozen=True, kw_only=True)
class ShownDoubt:
    """``seen``: what ``find`` saw, in words. ``vouched``: the address that a person gave, and who. ``can_look``:
    whether the network can be asked. ``may_decide``: whether the viewer decides about it.
    """

    delivery: Delivery
    kind: str
    who: str
    what: str
    advice: str
    seen: str
    vouched: str
    attempts: list[ShownAttempt]
    can_look: bool
    may_decide: bool
    to: str
    around: Around | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Deliveries in one state or one decision, with how many there are in all."""

    state: str
    title: str
    lead: str
    doubts: list[ShownDoubt]
    count: int
    held_channels: list[Any]


def shown_doubts(viewer: Actor) -> list[Group]:
    """Unconfirmed first: they are the ones where doing nothing may be wrong."""
    rows = waiting_for(viewer)
    decided = set(usable_ids(viewer, "channels.decide"))
    scopes = scopes_on()
    lead_held = (
        _("아직 나가지 않았어요. 보낼지 정해 주세요.") if decided else _("아직 나가지 않았어요. 글은 그대로 있어요.")
    )
    unknown = _("나갔는지 아직 몰라요. 같은 글이 두 번 나가지 않게 해요.")
    vouched = _("사람이 있다고 적은 동안 답으로 세어요. 네트워크가 끝내 안 보여 주면 다시 물어요.")
    left = _("나갔는지 모르는 채로 뒀어요. 알게 되면 정할 수 있어요.")
    kinds = (
        ("unconfirmed", _("보냈는지 모르는 글"), unknown, rows.filter(DOUBT, state=State.UNCONFIRMED)),
        ("held", _("멈춘 글"), lead_held, rows.filter(state=State.HELD)),
        ("failed", _("보내지 못한 글"), _("나가지 않은 것이 확실해요."), rows.filter(state=State.FAILED)),
        ("vouched", _("사람이 확인한 글"), vouched, decided_for(viewer, vouched_for(timezone.now()))),
        ("left", _("그대로 둔 글"), left, decided_for(viewer, AT_REST)),
    )
    groups = []
    for state, title, lead, some in kinds:
        count = some.count()
        if not count:
            continue
        page = list(some[:LISTED])
        around = _around(viewer, page)
        listed = [_shown(row, around.get(row.pk), scopes=scopes, may_decide=row.channel_id in decided) for row in page]
        held = [one.delivery.channel for one in listed if one.may_decide] if state == "held" else []
        channels = {channel.pk: channel for channel in held}
        groups.append(
            Group(
                state=state, title=title, lead=lead, doubts=listed, count=count, held_channels=list(channels.values())
            )
        )
    return groups


def _around(viewer: Actor, rows: Sequence[Delivery]) -> Mapping[int, Around]:
    found: dict[int, Around] = {}
    for surroundings in _ASKED:
        found.update(surroundings(viewer, [row.pk for row in rows]))
    return found


def _shown(row: Delivery, around: Around | None, *, scopes: Collection[str], may_decide: bool) -> ShownDoubt:
    what, advice = _problem(row, scopes=scopes, may_decide=may_decide)
    can_look = can(row.channel.network, Capability.FIND)
    target = row.direct_to or {}
    return ShownDoubt(
        delivery=row,
        kind=str(words.KINDS[row.kind]),
        who=row.by.name if row.by else _("자동"),
        what=what,
        advice=advice,
        seen=_seen(row, can_look=can_look),
        vouched=_vouched(row),
        attempts=[_attempt(one) for one in sorted(row.attempts.all(), key=lambda one: one.number)],
        can_look=can_look and row.state == State.UNCONFIRMED and row.settled_at is None,
        may_decide=may_decide,
        to=str(target.get("handle") or ""),
        around=around,
    )


def _problem(row: Delivery, *, scopes: Collection[str], may_decide: bool) -> tuple[str, str]:
    """What happened to it and what comes next; of what is not known also what is done meanwhile."""
    if not row.problem:
        return "", ""
    now = held_by(row.problem, kind=row.kind, channel=row.channel, scopes=scopes)
    is_stopped = bool(stopped_by(kind=row.kind, channel=row.channel, scopes=scopes))
    said = outcome_of(
        state=row.state,
        problem=row.problem,
        network=row.channel.network,
        may_decide=may_decide,
        now=now,
        is_stopped=is_stopped,
    )
    advice = f"{said.kept} {said.next}".strip() if row.state == State.UNCONFIRMED else said.next
    return said.what.removesuffix(".") or problem_what(row.problem), advice


def _vouched(row: Delivery) -> str:
    url = row.url if row.problem in VOUCHED else row.problem_detail if row.problem in {NOT_BORNE_OUT, LEFT} else ""
    if not url:
        return ""
    entries = Entry.objects.filter(action="channels.decide_there", subject_id=row.pk)
    entry = entries.filter(subject_type=Delivery._meta.label_lower).order_by("-id").first()
    return _("{who} 님이 적은 주소: {url}").format(who=entry.actor, url=url) if entry else url


def _seen(row: Delivery, *, can_look: bool) -> str:
    if row.state != State.UNCONFIRMED:
        return ""
    if not can_look:
        return _("이 네트워크에는 물어볼 방법이 없어요.")
    told = []
    if row.looks_empty:
        told.append(_("네트워크를 {n}번 봤는데 아직 안 보여요.").format(n=row.looks_empty))
    if row.looks_failed:
        told.append(_("네트워크를 볼 수 없었어요({n}번).").format(n=row.looks_failed))
    if row.looks_failed and not row.looks_empty:
        told.append(_("나갔는지 아직 몰라요."))
    if not told:
        return _("네트워크를 보고 있어요.") if row.looks else _("아직 네트워크를 보지 않았어요.")
    return " ".join(told)


def _attempt(row: Attempt) -> ShownAttempt:
    said = {
        "": _("아직 끝나지 않았어요"),
        "interrupted": _("보내던 프로세스가 멈췄어요"),
        "sent": _("네트워크가 받았어요"),
    }
    return ShownAttempt(
        number=row.number,
        started_at=row.started_at,
        words=said.get(row.outcome) or problem_what(row.outcome),
        detail=row.detail,
    )


def leaving() -> int:
    """Deliveries that were already on their way when the brake came, and cannot be called back."""
    return (
        Delivery.objects.filter(state=State.SENDING, attempts__started_at__gt=timezone.now() - STOOD_STILL)
        .distinct()
        .count()
    )
