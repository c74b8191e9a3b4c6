"""Forms about oneself: accepting an invitation, a new password, one's own settings; and the company's name."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sotong.people.forms.founding import FILL_IN, LANGUAGE_CHOICES, NameField, SideBySide
from sotong.people.forms.passwords import NewPasswordField, problem_of
from sotong.people.forms.zones import ZoneField
from sotong.people.models import Person

THEMES = [("system", _("기기대로")), ("light", _("밝게")), ("dark", _("어둡게"))]
DENSITIES = [("comfortable", _("보통")), ("compact", _("촘촘하게"))]


class NewPasswordForm(forms.Form):
    """A new password for ``person`` (whose name and address it must not resemble)."""

    password = NewPasswordField(label=_("새 비밀번호"), error_messages={"required": FILL_IN})

    def __init__(self, *args: Any, person: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        self.person = person

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        self.person.name = given.get("name", self.person.name)
        if (password := given.get("password")) and (problem := problem_of(password, self.person)):
            self.add_error("password", problem)
        return given


class AcceptForm(NewPasswordForm):
    """What someone who was invited says of themselves."""

    field_order = ("name", "language", "time_zone", "password")
    name = NameField(
        label=_("이름"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": FILL_IN},
    )
    language = forms.ChoiceField(label=_("내가 쓰는 말"), choices=LANGUAGE_CHOICES, widget=SideBySide)
    time_zone = ZoneField(guess=True, help_text=_("모든 시각을 이 시간대로 보여요."))


class PreferencesForm(forms.Form):
    """How one wants things."""

    name = NameField(label=_("이름"), max_length=80, error_messages={"required": FILL_IN})
    nickname = NameField(
        label=_("고객에게 보이는 이름"),
        max_length=40,
        required=False,
        help_text=_("자주 쓰는 답의 {내이름} 자리에 들어가고, 동료에게도 이렇게 보여요. 비워 두면 이름을 써요."),
    )
    language = forms.ChoiceField(label=_("화면의 말"), choices=LANGUAGE_CHOICES, widget=SideBySide)
    time_zone = ZoneField(help_text=_("모든 시각을 이 시간대로 보여요."))
    theme = forms.ChoiceField(label=_("화면 밝기"), choices=THEMES, widget=SideBySide)
    density = forms.ChoiceField(label=_("줄 간격"), choices=DENSITIES, widget=SideBySide)
    undo_seconds = forms.IntegerField(
        label=_("되돌릴 수 있는 시간(초)"),
        min_value=0,
        max_value=30,
        required=False,
        help_text=_("답을 보낸 뒤 이만큼 기다려요. 0부터 30까지. 비워 두면 회사가 정한 대로예요."),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("0부터 30 사이의 숫자로 적어 주세요.")),
    )
    has_shortcuts = forms.BooleanField(
        label=_("글자 하나로 된 단축키 쓰기"),
        required=False,
        help_text=_("끄면 J, K, R 같은 글쇠가 아무 일도 하지 않아요."),
    )


class CompanyForm(forms.Form):
    """What the company is called, and the language and zone of whoever chose none."""

    name = NameField(label=_("회사 이름"), max_length=120, error_messages={"required": FILL_IN})
    language = forms.ChoiceField(label=_("회사가 주로 쓰는 말"), choices=LANGUAGE_CHOICES, widget=SideBySide)
    time_zone = ZoneField()
