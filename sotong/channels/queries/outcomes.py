"""What became of a delivery, for whoever wrote it: what happened, what was kept, what to do next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sotong.channels import words
from sotong.channels.connectors import can
from sotong.channels.models import Channel, Delivery, Hold
from sotong.channels.rules.outcomes import LEFT, NOT_BORNE_OUT, VOUCHED
from sotong.channels.rules.permits import may_send
from sotong.networks.contract import Capability

State = Delivery.State


@dataclass(frozen=True)
class Outcome:
    """Each a whole sentence, or empty where there is nothing to say."""

    what: str = ""
    kept: str = ""
    next: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.kept, self.next) if part)


WHAT: dict[str, Any] = {
    "Gone": _("답하려던 글이나 계정이 네트워크에 없어요"),
    "Interrupted": _("보내던 프로세스가 멈췄어요"),
    "NoNetwork": _("이 서버가 그 네트워크를 더는 몰라요"),
}
"""Where a delivery's problem is said otherwise than a channel's (``words.PROBLEMS``)."""
WAS: dict[str, Any] = {
    "Unauthorized": _("네트워크가 로그인을 받지 않을 때였어요"),
    "Shadow": _("이 채널이 읽기만 할 때였어요"),
    "Closed": _("이 채널이 닫혀 있을 때였어요"),
    "KindRefused": _("이 채널이 그 종류를 내보내지 않을 때였어요"),
}
"""The same of what is held and would not be held now; what is not here is said of the past anyway."""
MENDABLE = frozenset({"Brake", "Frozen", *WAS})
"""What holds a delivery only as long as the channel or a hold is as it was then (``rules.permits.may_send``)."""
KEPT: dict[str, Any] = {
    State.FAILED: _("나가지 않은 것이 확실해요. 글은 그대로 있어요."),
    State.HELD: _("아직 나가지 않았어요. 글은 그대로 있어요."),
    State.UNCONFIRMED: _("두 번 나가지 않게 다시 보내지 않고 있어요."),
    State.DUE: _("아직 나가지 않았어요. 저절로 다시 보내요."),
}
ONESELF: dict[tuple[str, str], Any] = {
    (State.FAILED, "Rejected"): _("글을 고쳐 새 답글로 보내 주세요."),
    (State.FAILED, "Gone"): _("다른 글에 답하거나 쪽지로 보내 주세요."),
    (State.FAILED, "Unsupported"): _("다른 방법으로 답해 주세요."),
    (State.HELD, "Closed"): _("다른 채널로 답해 주세요."),
}
"""What whoever wrote it can do next."""
DECIDE: dict[tuple[str, str], Any] = {
    (State.HELD, "Brake"): _("발송을 다시 연 뒤 보낼지 정해 주세요."),
    (State.HELD, "Frozen"): _("발송을 다시 연 뒤 보낼지 정해 주세요."),
    (State.HELD, "Shadow"): _("채널의 보내기를 켠 뒤 보낼지 정해 주세요."),
    (State.HELD, "KindRefused"): _("채널에서 그 종류를 허락한 뒤 보낼지 정해 주세요."),
    (State.HELD, "Unauthorized"): _("채널에 다시 로그인한 뒤 보낼지 정해 주세요."),
    (State.HELD, ""): _("보낼지 정해 주세요."),
    (State.FAILED, ""): _("다시 보낼지 정해 주세요."),
    (State.UNCONFIRMED, NOT_BORNE_OUT): _("다시 보내거나, 다른 주소를 적어 주세요."),
    (State.UNCONFIRMED, ""): _("네트워크를 직접 보고 정해 주세요."),
}
"""What whoever may decide does next; "" stands for every other problem."""
TELL: dict[tuple[str, str], Any] = {
    (State.HELD, "Brake"): _("발송이 다시 열리면 근무 책임자가 보낼지 정해요."),
    (State.HELD, "Frozen"): _("발송이 다시 열리면 근무 책임자가 보낼지 정해요."),
    (State.HELD, "Unauthorized"): _("채널에 다시 로그인해야 해요. 근무 책임자에게 알려 주세요."),
    (State.HELD, ""): _("보낼지는 근무 책임자가 정해요. 급하면 알려 주세요."),
    (State.FAILED, ""): _("다시 보내려면 근무 책임자에게 부탁해 주세요."),
    (State.UNCONFIRMED, ""): _("네트워크를 직접 보고 근무 책임자에게 알려 주세요."),
}
"""What anyone else does next."""
LOOKING = (_("두 번 나가지 않게 먼저 네트워크에 있는지 봐요."), _("없으면 저절로 다시 보내요."))
"""What is kept and what comes next of what is unconfirmed, where the network can be asked."""


def scopes_on() -> set[str]:
    """The scopes of the holds that are in force."""
    return set(Hold.objects.filter(is_on=True).values_list("scope", flat=True))


def held_by(problem: str, *, kind: str, channel: Channel, scopes: Collection[str]) -> str:
    """What would hold a delivery now that was held for ``problem``; "" when nothing would: only a person is missing."""
    return stopped_by(kind=kind, channel=channel, scopes=scopes) if problem in MENDABLE else problem


def stopped_by(*, kind: str, channel: Channel, scopes: Collection[str]) -> str:
    """What would hold a delivery of ``kind`` that wanted to leave now; "" for nothing."""
    permit = may_send(
        kind=kind,
        mode=channel.mode,
        allowed_kinds=channel.allowed_kinds,
        holds_on=scopes,
        trouble=channel.trouble,
        now=timezone.now(),
    )
    return permit.reason if permit.verdict == "hold" else ""


def outcome_of(
    *, state: str, problem: str, network: str, may_decide: bool, now: str | None = None, is_stopped: bool = False
) -> Outcome:
    """What to say under a message whose delivery is in this state. ``may_decide``: of whoever reads it; ``now``: what
    ``held_by`` says of it, where that was asked; ``is_stopped``: whether it would be held if it were sent again.
    """
    if state == State.HELD and now is not None and problem:
        if not now:
            what = f"{WAS.get(problem) or problem_what(problem)}."
            return Outcome(what, str(KEPT[State.HELD]), _next(state, "", may_decide=may_decide))
        problem = now
    what = f"{problem_what(problem)}." if problem else ""
    if state == State.UNCONFIRMED and problem == LEFT:
        return Outcome(what, str(_("나갔는지는 몰라요.")), str(_("알게 되면 정해 주세요.")) if may_decide else "")
    if state == State.SENT and problem in {"NotSeen", "GoneSince", *VOUCHED}:
        return Outcome(what, "", words.problem_words(problem)[1])
    if state not in KEPT or (state == State.DUE and not problem):
        return Outcome()
    if state == State.UNCONFIRMED and problem != NOT_BORNE_OUT and can(network, Capability.FIND):
        following = str(_("없으면 멈춰 두고, 보낼지는 사람이 정해요.") if is_stopped else LOOKING[1])
        if problem == "LookingFirst":
            return Outcome(what, str(_("있으면 그대로 둬요.")), following)
        return Outcome(what, str(LOOKING[0]), following)
    return Outcome(what, str(KEPT[State(state)]), _next(state, problem, may_decide=may_decide))


def _next(state: str, problem: str, *, may_decide: bool) -> str:
    for table in (ONESELF, DECIDE if may_decide else TELL):
        if found := table.get((state, problem)) or table.get((state, "")):
            return str(found)
    return ""


def problem_what(problem: str) -> str:
    """What happened to a delivery, without a full stop."""
    return str(WHAT[problem]) if problem in WHAT else words.problem_words(problem)[0]
