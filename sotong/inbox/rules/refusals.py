"""Why something was not done: what happened, what was kept, what to do next. Nothing is half done."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Refusal(Exception):
    """Base. ``status`` is the HTTP status, ``code`` the stable name. The texts are read in the viewer's language."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "refused"
    what_text: ClassVar[Words] = _("지금은 할 수 없어요.")
    kept_text: ClassVar[Words] = ""
    next_text: ClassVar[Words] = ""

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts
        """Values that the texts name, such as ``person``; also given to programs."""

    def _said(self, text: Words) -> str:
        said = str(text)
        return said % self.facts if self.facts and "%(" in said else said

    @property
    def what(self) -> str:
        """What happened."""
        return self._said(self.what_text)

    @property
    def kept(self) -> str:
        """What was kept; empty where nothing could be lost."""
        return self._said(self.kept_text)

    @property
    def next(self) -> str:
        """What to do now; may be empty."""
        return self._said(self.next_text)

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.kept, self.next) if part)


KEPT = _("쓰던 글은 그대로 있어요.")


class NotThere(Refusal):
    """No such thing, or none that this person may know of."""

    status = 404
    code = "not_there"
    what_text = _("찾을 수 없어요. 지워졌거나 볼 권한이 없는 대화예요.")


class NotPermitted(Refusal):
    status = 403
    code = "not_permitted"
    what_text = _("이 일을 할 권한이 없어요.")
    next_text = _("근무 책임자에게 부탁해 주세요.")


class HeldByOther(Refusal):
    """Facts: ``person`` (name), ``person_id``, ``until`` (aware datetime)."""

    status = 409
    code = "held_by_other"
    what_text = _("%(person)s 님이 이 대화를 맡고 있어요.")
    kept_text = KEPT
    next_text = _("이야기를 나누거나, 그래도 보내려면 한 번 더 눌러 주세요.")


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


class EmptyText(Refusal):
    code = "empty"
    what_text = _("글이 비어 있어요.")
    next_text = _("보낼 글을 써 주세요.")


class TooLong(Refusal):
    """Facts: ``channel`` (name)."""

    code = "too_long"
    what_text = _("%(channel)s에 올리기에는 글이 길어요.")
    kept_text = KEPT
    next_text = _("글을 줄여 주세요.")


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


class ChannelShut(Refusal):
    """The channel is closed or only reads. Facts: ``channel``."""

    code = "channel_shut"
    what_text = _("%(channel)s 채널은 지금 글을 보내지 않아요.")
    kept_text = KEPT
    next_text = _("채널 화면에서 상태를 확인해 주세요.")


class ImagesRefused(Refusal):
    """Facts: ``channel``."""

    code = "images_refused"
    what_text = _("%(channel)s에서 받지 않는 이미지가 있어요.")
    kept_text = KEPT
    next_text = _("이미지 수나 크기를 줄이거나 빼 주세요.")


class UndoTooLate(Refusal):
    status = 409
    code = "undo_too_late"
    what_text = _("이미 보내는 중이라 되돌릴 수 없어요.")
    next_text = _("네트워크에서 지우려면 채널에서 직접 지워 주세요.")


class BadImage(Refusal):
    code = "bad_image"
    what_text = _("이 파일은 이미지로 읽을 수 없어요.")
    kept_text = _("쓰던 글과 다른 이미지는 그대로 있어요.")
    next_text = _("JPEG, PNG, WebP, GIF 파일을 골라 주세요.")


class ImageTooLarge(BadImage):
    """Facts: ``limit`` (megabytes, or million pixels, in words)."""

    code = "image_too_large"
    what_text = _("이미지가 너무 커요. %(limit)s까지 돼요.")
    next_text = _("크기를 줄여서 다시 올려 주세요.")


class TooManyImages(BadImage):
    """Facts: ``count``."""

    code = "too_many_images"
    what_text = _("이미지는 %(count)d장까지 붙일 수 있어요.")
    next_text: ClassVar[Words] = ""


class BadValue(Refusal):
    """A value that the form does not offer. Facts: ``field``."""

    code = "bad_value"
    what_text = _("알 수 없는 값이에요.")
    next_text = _("화면을 새로 고치고 다시 해 주세요.")


class ReasonMissing(Refusal):
    code = "reason_missing"
    what_text = _("까닭이 비어 있어요.")
    next_text = _("왜 그렇게 끝내는지 한 줄로 적어 주세요.")


class PastTime(Refusal):
    code = "past_time"
    what_text = _("이미 지난 시각이에요.")
    next_text = _("앞으로 올 시각을 골라 주세요.")


class NoteTooLong(Refusal):
    """Facts: ``limit`` (characters)."""

    code = "note_too_long"
    what_text = _("메모는 %(limit)d자까지 쓸 수 있어요.")
    kept_text = KEPT
    next_text = _("메모를 나누어 주세요.")


class TooFar(Refusal):
    code = "too_far"
    what_text = _("한 해보다 더 미룰 수는 없어요.")
    next_text = _("더 가까운 시각을 골라 주세요.")


class IsResolved(Refusal):
    status = 409
    code = "is_resolved"
    what_text = _("이미 끝낸 대화예요.")
    next_text = _("다시 연 뒤에 해 주세요.")


class MayNotAnswer(Refusal):
    """Facts: ``person`` (name of the person or team)."""

    code = "may_not_answer"
    what_text = _("%(person)s 쪽에서는 이 채널에 답할 수 없어요.")
    kept_text = _("배정은 그대로예요.")
    next_text = _("이 채널에 답할 수 있는 사람을 골라 주세요.")


class LabelTooLong(Refusal):
    """Facts: ``limit`` (characters)."""

    code = "label_too_long"
    what_text = _("라벨 이름은 %(limit)d자까지예요.")
    next_text = _("이름을 줄여 주세요.")


class TooManyLabels(Refusal):
    """Facts: ``count``."""

    code = "too_many_labels"
    what_text = _("라벨은 %(count)d개까지 붙일 수 있어요.")
    next_text = _("쓰지 않는 라벨을 먼저 떼 주세요.")


class AltTooLong(BadImage):
    """Facts: ``limit`` (characters)."""

    code = "alt_too_long"
    what_text = _("이미지 설명은 %(limit)d자까지 쓸 수 있어요.")
    next_text = _("설명을 줄여 주세요.")


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


class CannedGone(Refusal):
    status = 404
    code = "canned_gone"
    what_text = _("이 준비된 답은 누군가 지웠어요.")
    kept_text = KEPT
    next_text = _("새로 저장해 주세요.")
