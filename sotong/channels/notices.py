"""What the notices of channels say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from sotong.access.rules import Actor
from sotong.channels.words import problem_words
from sotong.notices.wording import Wording, word

DOUBT = "delivery-unconfirmed"
TROUBLE = "channel-trouble"
SET_ASIDE = "arrivals-set-aside"


def _doubt(detail: Mapping[str, Any]) -> Wording:
    title = _("{name}: 보냈는지 모르는 글이 있어요").format(name=detail.get("name", ""))
    return Wording(
        title=title, text=_("두 번 보내지 않으려고 기다려요. 보고 정해 주세요."), go=_("글 보기"), icon="circle-help"
    )


def _trouble(detail: Mapping[str, Any]) -> Wording:
    what, advice = problem_words(str(detail.get("problem", "")), str(detail.get("network", "")))
    title = _("{name}: {what}").format(name=detail.get("name", ""), what=what)
    return Wording(title=title, text=advice, go=_("채널 보기"), icon="unplug")


def _set_aside(detail: Mapping[str, Any]) -> Wording:
    title = _("{name}: 읽지 못해 따로 둔 것이 있어요").format(name=detail.get("name", ""))
    return Wording(title=title, text=_("버리지 않았어요. 다시 읽어 볼 수 있어요."), go=_("채널 보기"), icon="archive")


def speak(*, seen: Callable[[Actor], Q]) -> None:
    """Hand the sentences in; at start-up. ``seen``: the notices of channels that a person may see.

    What is set aside may stay so for good, so a person may close that notice; the others end when their cause does.
    """
    word(DOUBT, _doubt, seen=seen, may_close=False)
    word(TROUBLE, _trouble, seen=seen, may_close=False)
    word(SET_ASIDE, _set_aside, seen=seen)
