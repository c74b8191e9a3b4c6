"""Why a reply or a note did not leave the desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sotong.inbox.rules.refusals.base import KEPT, Refusal


class HeldByOther(Refusal):
    """Facts: ``person`` (name), ``person_id``, ``until`` (aware datetime)."""

    status = 409
    code = "held_by_other"
    what_text = _("%(person)s 님이 이 대화를 맡고 있어요.")


class ReplyHeldByOther(HeldByOther):
    code = "reply_held_by_other"
    kept_text = KEPT
    next_text = _("이야기를 나누거나, 그래도 보내려면 한 번 더 눌러 주세요.")


class EndHeldByOther(HeldByOther):
    code = "end_held_by_other"
    next_text = _("이야기를 나누거나, 그래도 끝내려면 한 번 더 눌러 주세요.")


class NotHeld(Refusal):
    status = 409
    code = "not_held"
    what_text = _("지금 맡고 있는 대화가 아니에요. 맡은 시간이 끝났을 수 있어요.")
    next_text = _("다시 맡아 주세요.")


class NewMessages(Refusal):
    """Facts: ``count``, ``newest_id``."""

    status = 409
    code = "new_messages"
    what_text = _("쓰는 동안 새 글이 %(count)d개 왔어요.")
    kept_text = KEPT
    next_text = _("읽어 보고 다시 보내 주세요.")


class AlreadySent(Refusal):
    """The draft's token has made a message with another text. Facts: ``message_id``."""

    status = 409
    code = "already_sent"
    what_text = _("이 초안은 이미 다른 글로 보냈어요.")
    kept_text = _("지금 쓴 글은 보내지 않았고 그대로 있어요.")
    next_text = _("보낸 글을 확인하고, 필요하면 새 답글로 보내 주세요.")


class TakenBack(Refusal):
    """The draft's token has made a reply that was taken back. Facts: ``token`` (the one to send it anew with)."""

    status = 409
    code = "taken_back"
    what_text = _("보내지 않기로 한 답글이라 나가지 않아요.")
    kept_text = _("지금 쓴 글은 보내지 않았고 그대로 있어요.")
    next_text = _("그래도 보내려면 새 답글로 보내 주세요.")


class DidNotLeave(Refusal):
    """The draft's token has made a reply that surely did not leave. Facts: ``token`` (to send it anew with)."""

    status = 409
    code = "did_not_leave"
    what_text = _("이 답글은 보내지 못했어요.")
    kept_text = KEPT
    next_text = _("대화에서 까닭을 보고, 필요하면 새 답글로 보내 주세요.")


class TooLong(Refusal):
    """Facts: ``channel`` (name)."""

    code = "too_long"
    what_text = _("%(channel)s에 올리기에는 글이 길어요.")
    kept_text = KEPT
    next_text = _("글을 줄여 주세요.")


class NoteTooLong(Refusal):
    """Facts: ``limit`` (characters)."""

    code = "note_too_long"
    what_text = _("메모는 %(limit)d자까지 쓸 수 있어요.")
    kept_text = KEPT
    next_text = _("메모를 나누어 주세요.")


class WrongTab(Refusal):
    code = "wrong_tab"
    what_text = _("이 대화에서는 그렇게 보낼 수 없어요.")
    kept_text = KEPT
    next_text = _("다른 탭을 골라 주세요.")


class NoDirect(WrongTab):
    """Facts: ``channel``."""

    code = "no_direct"
    what_text = _("%(channel)s에서는 쪽지를 보낼 수 없어요.")


class NoTarget(WrongTab):
    code = "no_target"
    what_text = _("공개로 답할 글이 없는 대화예요.")


class TargetGone(Refusal):
    status = 409
    code = "target_gone"
    what_text = _("답하려던 글을 고객이 지웠어요.")
    kept_text = KEPT
    next_text = _("다른 글에 답하거나, 메모로 남겨 주세요.")


class PictureGone(Refusal):
    """An image that was on screen is no part of the draft any more: another window took it off."""

    status = 409
    code = "picture_gone"
    what_text = _("붙여 둔 사진을 다른 창에서 뺐어요.")
    kept_text = KEPT
    next_text = _("이 창에서도 그 사진을 빼거나, 다시 붙이고 보내 주세요.")


class ChannelShut(Refusal):
    """The channel is closed or only reads. Facts: ``channel``."""

    code = "channel_shut"
    what_text = _("%(channel)s 채널은 지금 글을 보내지 않아요.")
    kept_text = KEPT
    next_text = _("채널 화면에서 상태를 확인해 주세요.")


class UndoTooLate(Refusal):
    status = 409
    code = "undo_too_late"
    what_text = _("이미 나갔거나 나가는 중이라 되돌릴 수 없어요.")
    next_text = _("보낸 것이 확인되면 그 답 곁의 ‘지우기’로 네트워크에서 지울 수 있어요.")


class UndoneBefore(Refusal):
    status = 409
    code = "undone_before"
    what_text = _("이미 되돌린 답글이에요. 나가지 않아요.")


class NotSentYet(Refusal):
    """Only what is surely out there can be taken back."""

    status = 409
    code = "not_sent_yet"
    what_text = _("보낸 것이 확인된 답만 네트워크에서 지울 수 있어요.")
    next_text = _("보냈는지 먼저 확인해 주세요.")


class CannotDelete(Refusal):
    """Facts: ``channel``."""

    code = "cannot_delete"
    what_text = _("%(channel)s의 이 글은 소통이 지울 수 없어요.")
    next_text = _("네트워크에서 직접 지워 주세요.")


class WhyMissing(Refusal):
    code = "why_missing"
    what_text = _("까닭이 비어 있어요.")
    next_text = _("왜 지우는지 한 줄로 적어 주세요.")
