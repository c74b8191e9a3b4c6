"""What a replay showed: figures for each customer's step, and whether an automatic acknowledgement stopped a clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sotong.cli.words import say, speak


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a customer's step; times are None where there was no such thing."""

    step: str
    asked: datetime | None
    acknowledged: datetime | None
    """When our first automatic message left."""
    answered: datetime | None
    """When the first message of a person of ours left."""
    clock: datetime | None
    """When the conversation says that the first human answer was."""
    has_acknowledgement: bool
    """Whether the channel has a text for it."""

    def is_judged(self, since: datetime) -> bool:
        """Both are there, in a conversation that began in this run: an older one had its first answer before."""
        return bool(self.acknowledged and self.answered and self.asked and self.asked >= since)


def outcome_of(step: str, conversation_id: int) -> Outcome:
    """Read it from the desk."""
    from django.db.models import Q
    from django.db.models.functions import Coalesce

    from sotong.channels.models import Delivery
    from sotong.inbox.models import Conversation, Message

    row = Conversation.objects.select_related("channel").get(pk=conversation_id)
    is_out = Q(delivery=None) | Q(delivery__state=Delivery.State.SENT)
    ours = Message.objects.filter(is_out, conversation=row, direction=Message.Direction.OUTBOUND)
    left = ours.annotate(left=Coalesce("delivery__sent_at", "posted_at"))
    times = left.order_by("left").values_list("left", flat=True)
    return Outcome(
        step=step,
        asked=row.first_inbound_at,
        acknowledged=times.filter(is_automatic=True).first(),
        answered=times.filter(is_automatic=False).first(),
        clock=row.first_human_reply_at,
        has_acknowledgement=bool(row.channel.acknowledgement),
    )


def shortcoming(outcome: Outcome) -> str:
    """What is wrong with a step that is judged; empty where nothing is."""
    if outcome.clock != outcome.answered:
        return speak(
            f"{outcome.step}의 첫 답 시계가 사람의 첫 답이 아닌 때에 멈췄어요",
            f"the clock of {outcome.step} did not stop at the first human answer",
        )
    if outcome.clock and outcome.acknowledged and outcome.clock <= outcome.acknowledged:
        return speak(
            f"{outcome.step}의 사람 답이 자동 확인보다 먼저 나갔어요 (--speed를 낮춰 보세요)",
            f"the human answer to {outcome.step} left before the acknowledgement (try a lower --speed)",
        )
    return ""


def tell(outcome: Outcome, told: Callable[[timedelta], str]) -> None:
    """The figures of a step. ``told``: a span of time in words."""
    step = outcome.step
    if outcome.acknowledged and outcome.asked:
        after = told(outcome.acknowledged - outcome.asked)
        say(f"{step}: 자동 확인 {after}", f"{step}: automatic acknowledgement after {after}")
    elif not outcome.has_acknowledgement:
        say(
            f"{step}: 자동 확인 없음 (이 채널에는 '받았다는 말'이 비어 있어요)",
            f"{step}: no automatic acknowledgement (this channel has no text for it)",
        )
    if outcome.clock and outcome.asked:
        took = told(outcome.clock - outcome.asked)
        say(f"{step}: 사람의 첫 답 {took}", f"{step}: first human answer after {took}")
    else:
        say(f"{step}: 아직 사람이 답하지 않았어요", f"{step}: no human answer yet")


def judge(outcomes: Sequence[Outcome], *, since: datetime, has_answered: bool) -> int:
    """The last line, and the exit code. ``has_answered``: the run gave human answers, so something is to be judged."""
    judged = [outcome for outcome in outcomes if outcome.is_judged(since)]
    wrong = [said for said in map(shortcoming, judged) if said]
    if not judged:
        none = speak(
            "자동 확인과 사람의 답이 다 있는 단계가 없어서 판정하지 않았어요",
            "nothing was judged, no step has both an automatic acknowledgement and a human answer",
        )
        wrong = [none] if has_answered else []
        fine = none
    else:
        steps = ", ".join(outcome.step for outcome in judged)
        fine = speak(
            f"{steps}: 첫 답 시계는 자동 확인이 아니라 그 뒤 사람의 답에 멈췄어요",
            f"{steps}: the clock stopped at the human answer, after the acknowledgement and not at it",
        )
    line = f"replay short: {'; '.join(wrong)}" if wrong else f"replay ok: {fine}"
    say(line, line)
    return 1 if wrong else 0
