"""Made-up content for the living page. Nothing here is read by the product."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sotong.design.frame import Frame, RailItem

DELIVERY_STATES = ("draft", "approved", "due", "sending", "sent", "unconfirmed", "failed", "held", "cancelled")


class ExampleForm(forms.Form):
    """One field of each kind."""

    mail = forms.EmailField(label=gettext_lazy("이메일"), help_text=gettext_lazy("회사 주소로 적어 주세요."))
    secret = forms.CharField(label=gettext_lazy("비밀번호"), widget=forms.PasswordInput)
    zone = forms.ChoiceField(
        label=gettext_lazy("시간대"), choices=[("s", gettext_lazy("서울")), ("t", gettext_lazy("도쿄"))]
    )
    note = forms.CharField(label=gettext_lazy("메모"), widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("쓰임"),
        help_text=gettext_lazy("하나만 골라요."),
        choices=[("care", gettext_lazy("고객 지원")), ("brand", gettext_lazy("브랜드"))],
        widget=forms.RadioSelect,
    )
    allowed = forms.MultipleChoiceField(
        label=gettext_lazy("보낼 수 있는 것"),
        choices=[("reply", gettext_lazy("답글")), ("direct", gettext_lazy("쪽지"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("읽기만 하기"),
        help_text=gettext_lazy("켜기 전에는 아무것도 보내지 않아요."),
        required=False,
    )
    picture = forms.FileField(label=gettext_lazy("사진"), required=False)


@dataclass(frozen=True, kw_only=True)
class Row:
    """A conversation as the list shows it."""

    name: str
    net: str
    at: datetime
    text: str
    tags: tuple[tuple[str, str, str], ...] = ()
    due: datetime | None = None
    holder: str | None = None
    until: datetime | None = None
    is_mine: bool = False
    is_unread: bool = False
    is_current: bool = False
    is_masked: bool = False


@dataclass(frozen=True)
class Choice:
    """A segment or a filter."""

    label: str
    url: str = "#"
    count: int | None = None
    is_current: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Moment:
    """A time, with what it stands for."""

    words: str
    at: datetime
    styles: tuple[str, ...] = field(default=("", "short", "date", "day", "time", "full"))


def conversations(now: datetime) -> list[Row]:
    """Rows in every state."""

    def before(**span: int) -> datetime:
        return now - timedelta(**span)

    def after(minutes: int) -> datetime:
        return now + timedelta(minutes=minutes, seconds=30)

    return [
        Row(
            name="bada_1102",
            net="M",
            at=before(minutes=15),
            text=_("2번으로 바꾸니까 터져요. 이 시간에 진짜 사람이 답하는 거예요?"),
            tags=((_("풀렸다고 하심"), "ok", "circle-check"), (_("로밍"), "", "")),
            holder=_("나래"),
            until=after(11),
            is_mine=True,
            is_current=True,
        ),
        Row(
            name="anon77",
            net="B",
            at=before(minutes=1),
            text="",
            tags=((_("쪽지"), "info", "lock"),),
            due=after(29),
            holder=_("나래"),
            until=after(14),
            is_mine=True,
            is_unread=True,
            is_masked=True,
        ),
        Row(
            name="mina_mom",
            net="K",
            at=before(minutes=4),
            text=_("아이 폰을 택시에 두고 내렸어요. 지금 바로 정지할 수 있나요?"),
            tags=((_("분실"), "", ""),),
            due=after(6),
            holder="",
            is_unread=True,
        ),
        Row(
            name="kim_river",
            net="X",
            at=before(minutes=20),
            text=_("요금제를 오늘 바꾸면 이번 달 데이터는 어떻게 계산되나요?"),
            tags=((_("요금제"), "", ""),),
            due=after(58),
            holder=_("도윤"),
            until=after(4),
        ),
        Row(
            name="dodo",
            net="✉",
            at=before(days=1),
            text=_("해지 위약금이 안내받은 것과 다르게 나왔어요."),
            tags=((_("요금서비스팀 답 기다림"), "", "pause"),),
            due=before(minutes=12),
        ),
        Row(
            name="seoha12",
            net="W",
            at=before(days=300),
            text=_("eSIM 옮기는 방법이 궁금해요."),
            tags=((_("끝남"), "ok", "check"),),
        ),
    ]


def moments(now: datetime) -> list[Moment]:
    """Times of the kinds that differ."""
    return [
        Moment(_("조금 전"), now - timedelta(minutes=3)),
        Moment(_("어제"), now - timedelta(days=1)),
        Moment(_("지난해"), now - timedelta(days=400)),
    ]


def segments() -> list[Choice]:
    """The three views of the list."""
    return [Choice(_("내 것"), count=4, is_current=True), Choice(_("안 맡음"), count=1), Choice(_("전체"), count=9)]


def filters() -> list[Choice]:
    """Filters, the first one on."""
    return [
        Choice(_("15분 안"), count=2, icon="flame", is_current=True),
        Choice(_("45분 안"), count=2, icon="timer"),
        Choice(_("놓침"), count=0),
    ]


def cells() -> dict[str, Any]:
    """A small table."""
    return {
        "head": [_("채널"), _("쓰임"), _("오늘 받은 글")],
        "rows": [["@hansori_care", _("고객 지원"), 41], ["@hansori", _("브랜드"), 12]],
    }


def frame() -> Frame:
    """A rail with a count; its links go nowhere."""
    return Frame(
        company=_("한소리텔레콤"),
        rail=(
            RailItem(label=_("상담"), url="#frame", icon="inbox", count=4, count_label=_("4건"), is_current=True),
            RailItem(label=_("채널"), url="#frame", icon="plug"),
            RailItem(label=_("사람"), url="#frame", icon="users"),
        ),
        foot=(RailItem(label=_("설정"), url="#frame", icon="settings"),),
        me=_("나래"),
    )
