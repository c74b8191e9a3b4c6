"""What the notices of the inbox say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sotong.notices.wording import Wording, word

HANDED = "conversation-handed"
HANDED_ON = "conversation-handed-on"
REPLY_DELETED = "reply-deleted"
REPLY_LEFT = "reply-left"
TAKEN = "conversation-taken"
OF_A_REPLY = (REPLY_DELETED, REPLY_LEFT)


def _handed(detail: Mapping[str, Any]) -> Wording:
    title = _("{who} 님이 대화를 넘겼어요 · {whose}").format(who=detail.get("who", ""), whose=_whose(detail))
    return Wording(
        title=title, text=_("나에게 배정됐어요. 열어서 맡아 주세요."), go=_("대화 보기"), icon="arrow-right-left"
    )


def _handed_on(detail: Mapping[str, Any]) -> Wording:
    title = _("{who} 님이 내가 맡던 대화를 넘겼어요 · {whose}").format(who=detail.get("who", ""), whose=_whose(detail))
    text = _("{to}에게 넘어갔어요. 쓰던 글은 초안에 있어요.").format(to=detail.get("to", ""))
    return Wording(title=title, text=text, go=_("대화 보기"), icon="arrow-right-left")


def _taken(detail: Mapping[str, Any]) -> Wording:
    title = _("{who} 님이 대화를 넘겨받았어요 · {whose}").format(who=detail.get("who", ""), whose=_whose(detail))
    return Wording(title=title, text=_("쓰던 글은 초안에 있어요."), go=_("대화 보기"), icon="hand")


def _reply_deleted(detail: Mapping[str, Any]) -> Wording:
    title = _("{who} 님이 내 답을 네트워크에서 지우기로 했어요 · {whose}").format(
        who=detail.get("who", ""), whose=_whose(detail)
    )
    text = _("까닭: {why}").format(why=detail.get("why", ""))
    return Wording(title=title, text=text, go=_("대화 보기"), icon="trash-2")


def _reply_left(detail: Mapping[str, Any]) -> Wording:
    sentence = (
        _("{who} 님이 내 답을 보내지 않기로 했어요 · {whose}")
        if detail.get("is_sure")
        else _("{who} 님이 내 답이 나갔는지 더 알아보지 않기로 했어요 · {whose}")
    )
    title = sentence.format(who=detail.get("who", ""), whose=_whose(detail))
    text = (
        _("고객은 이 답을 받지 못했어요. 글은 대화에 있어요.")
        if detail.get("is_sure")
        else _("나갔는지는 확인되지 않았어요. 네트워크를 보고, 필요하면 새로 답해 주세요.")
    )
    return Wording(title=title, text=text, go=_("대화 보기"), icon="circle-slash")


def _whose(detail: Mapping[str, Any]) -> str:
    """The customer's name; of a notice that does not know it the number."""
    return str(detail.get("customer") or _("대화 번호 {n}").format(n=detail.get("conversation", "")))


def speak() -> None:
    """Hand the sentences in; at start-up."""
    word(HANDED, _handed)
    word(HANDED_ON, _handed_on)
    word(REPLY_DELETED, _reply_deleted)
    word(REPLY_LEFT, _reply_left)
    word(TAKEN, _taken)
