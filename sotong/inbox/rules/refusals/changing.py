"""Why a conversation, its labels or a canned response stayed as they were."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sotong.inbox.rules.refusals.base import KEPT, Refusal


class ReasonMissing(Refusal):
    code = "reason_missing"
    what_text = _("까닭이 비어 있어요.")
    next_text = _("왜 그렇게 끝내는지 한 줄로 적어 주세요.")


class OutcomeMissing(Refusal):
    """Whether the customer has been answered is not known, so nobody but a person says how it ended."""

    code = "outcome_missing"
    what_text = _("아직 나가지 않았거나 나갔는지 모르는 답이 있어요.")
    next_text = _("어떻게 끝났는지 골라 주세요.")


class PastTime(Refusal):
    code = "past_time"
    what_text = _("이미 지난 시각이에요.")
    next_text = _("앞으로 올 시각을 골라 주세요.")


class TooFar(Refusal):
    code = "too_far"
    what_text = _("한 해보다 더 미룰 수는 없어요.")
    next_text = _("더 가까운 시각을 골라 주세요.")


class IsResolved(Refusal):
    status = 409
    code = "is_resolved"
    what_text = _("이미 끝낸 대화예요.")
    next_text = _("다시 연 뒤에 해 주세요.")


class NothingToUndo(Refusal):
    status = 409
    code = "nothing_to_undo"
    what_text = _("되돌릴 것이 없어요. 이미 되돌렸거나 그사이에 달라졌어요.")
    kept_text = _("대화는 그대로예요.")


class MayNotAnswer(Refusal):
    """Facts: ``person`` (name of the person or team)."""

    code = "may_not_answer"
    what_text = _("%(person)s 쪽에서는 이 채널에 답할 수 없어요.")
    kept_text = _("배정은 그대로예요.")
    next_text = _("이 채널에 답할 수 있는 사람을 골라 주세요.")


class LabelTooLong(Refusal):
    """Facts: ``limit`` (characters)."""

    code = "label_too_long"
    what_text = _("꼬리표 이름은 %(limit)d자까지예요.")
    next_text = _("이름을 줄여 주세요.")


class TooManyLabels(Refusal):
    """Facts: ``count``."""

    code = "too_many_labels"
    what_text = _("꼬리표는 %(count)d개까지 붙일 수 있어요.")
    next_text = _("쓰지 않는 꼬리표를 먼저 떼 주세요.")


class TooManyAtOnce(Refusal):
    """Facts: ``count``."""

    code = "too_many_at_once"
    what_text = _("한 번에 %(count)d개까지 바꿀 수 있어요.")
    kept_text = _("아무것도 바꾸지 않았어요.")
    next_text = _("나누어서 해 주세요.")


class NameMissing(Refusal):
    code = "name_missing"
    what_text = _("이름이 비어 있어요.")
    kept_text = KEPT
    next_text = _("무엇에 쓰는 글인지 이름을 적어 주세요.")


class CannedTooLong(Refusal):
    """Facts: ``name`` and ``text`` (characters)."""

    code = "canned_too_long"
    what_text = _("이름은 %(name)d자, 글은 %(text)d자까지예요.")
    kept_text = KEPT
    next_text = _("줄여서 다시 저장해 주세요.")


class CannedUnknown(Refusal):
    """Facts: ``places`` (what stands in braces and is not known)."""

    code = "canned_unknown"
    what_text = _("%(places)s 자리에 무엇을 넣을지 몰라서 고객에게 그대로 나가요.")
    kept_text = KEPT
    next_text = _(
        "쓸 수 있는 것은 {이름}(고객 이름)과 {내이름}(내 이름), 또는 {customer}와 {me}예요. 고쳐서 다시 저장해 주세요."
    )


class CannedGone(Refusal):
    status = 404
    code = "canned_gone"
    what_text = _("이 답은 누군가 지웠어요.")
    kept_text = KEPT
    next_text = _("새로 저장해 주세요.")
