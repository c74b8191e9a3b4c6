"""What the audit trail calls what people do at the desk, and the rows that it is done to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

DONE: dict[str, Any] = {
    "inbox.claim_conversation": _("대화를 맡았어요"),
    "inbox.release_claim": _("맡은 대화를 놓았어요"),
    "inbox.take_over": _("다른 사람이 맡은 대화를 넘겨받았어요"),
    "inbox.assign_conversation": _("대화를 맡겼어요"),
    "inbox.send_reply": _("답을 썼어요"),
    "inbox.undo_reply": _("보내기 전에 답을 되돌렸어요"),
    "inbox.take_back_reply": _("보낸 답을 네트워크에서 지우기로 했어요"),
    "inbox.send_automatic": _("받았다는 말을 자동으로 썼어요"),
    "inbox.add_note": _("내부 메모를 남겼어요"),
    "inbox.resolve_conversation": _("대화를 끝냈어요"),
    "inbox.reopen_conversation": _("대화를 다시 열었어요"),
    "inbox.snooze_conversation": _("대화를 미뤘어요"),
    "inbox.wake_conversation": _("미룬 대화를 다시 꺼냈어요"),
    "inbox.set_labels": _("꼬리표를 바꿨어요"),
    "inbox.make_label": _("꼬리표를 만들었어요"),
    "inbox.save_canned": _("자주 쓰는 답을 저장했어요"),
    "inbox.delete_canned": _("자주 쓰는 답을 지웠어요"),
    "inbox.Conversation": _("대화"),
    "inbox.Message": _("글"),
    "inbox.Label": pgettext_lazy("one row", "꼬리표"),
    "inbox.CannedResponse": pgettext_lazy("one row", "자주 쓰는 답"),
}
