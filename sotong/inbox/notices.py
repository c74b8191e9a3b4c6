"""What the notices of the inbox say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from sotong.notices.wording import Wording, word

HANDED = "conversation-handed"
TAKEN = "conversation-taken"


def _handed(detail: Mapping[str, Any]) -> Wording:
    title = _("{who} 님이 대화를 넘겼어요 · 대화 {n}").format(
        who=detail.get("who", ""), n=detail.get("conversation", "")
    )
    return Wording(title=title, text=_("이제 이 대화를 맡아 주세요."), go=_("대화 보기"), icon="arrow-right-left")


def _taken(detail: Mapping[str, Any]) -> Wording:
    title = _("{who} 님이 대화를 넘겨받았어요 · 대화 {n}").format(
        who=detail.get("who", ""), n=detail.get("conversation", "")
    )
    return Wording(title=title, text=_("쓰던 글은 초안에 있어요."), go=_("대화 보기"), icon="hand")


def speak() -> None:
    """Hand the sentences in; at start-up."""
    word(HANDED, _handed)
    word(TAKEN, _taken)
