"""The first form of an installation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sotong.language.words import tidy
from sotong.people.forms.passwords import NewPasswordField, problem_of
from sotong.people.forms.zones import ZoneField
from sotong.people.models import Person
from sotong.people.rules import address_of

LANGUAGE_CHOICES = [("ko", "한국어"), ("en", "English")]
FILL_IN = _("여기를 채워 주세요.")


class SideBySide(forms.RadioSelect):
    """Radio buttons in a row."""

    template_name = "people/widgets/side.html"


class AddressField(forms.EmailField):
    """An e-mail address in its one form: what differs only in how it was typed is the same address."""

    def to_python(self, value: Any) -> str:
        return address_of(super().to_python(value) or "")


class NameField(forms.CharField):
    """What someone or something is called, without what cannot be seen."""

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


def email_field(**options: Any) -> AddressField:
    """An e-mail address that someone signs in with."""
    options.setdefault("label", _("이메일"))
    return AddressField(
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"}),
        error_messages={
            "required": FILL_IN,
            "invalid": _("이메일 주소처럼 보이지 않아요. 예: narae@company.example"),
        },
        **options,
    )


class FirstRunForm(forms.Form):
    """The company and its owner."""

    company = NameField(
        label=_("회사 이름"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "organization"})
    )
    language = forms.ChoiceField(label=_("회사가 주로 쓰는 말"), choices=LANGUAGE_CHOICES, widget=SideBySide)
    time_zone = ZoneField(guess=True)
    name = NameField(label=_("내 이름"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = email_field(help_text=_("들어올 때 써요. 메일을 보내지는 않아요."))
    password = NewPasswordField()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.error_messages["required"] = FILL_IN

    def clean(self) -> dict[str, Any] | None:
        """A password is judged beside the name and the address of its owner."""
        given = super().clean() or {}
        if password := given.get("password"):
            person = Person(email=given.get("email", ""), name=given.get("name", ""))
            if problem := problem_of(password, person):
                self.add_error("password", problem)
        return given
