"""Passwords: the field, and what makes one good enough, in our own words (``AUTH_PASSWORD_VALIDATORS``)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation as django_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

SHORTEST = 10


class LongEnough(django_validation.MinimumLengthValidator):
    """At least ten characters: length is what counts."""

    def __init__(self, min_length: int = SHORTEST) -> None:
        super().__init__(min_length)

    def get_error_message(self) -> str:
        return ngettext("%d자 이상으로 지어 주세요.", "%d자 이상으로 지어 주세요.", self.min_length) % self.min_length

    def get_help_text(self) -> str:
        return self.get_error_message()


class NotCommon(django_validation.CommonPasswordValidator):
    """Not one of the twenty thousand that everybody tries first."""

    def get_error_message(self) -> str:
        return str(_("너무 흔한 비밀번호예요. 다른 것으로 지어 주세요."))


class NotAboutOneself(django_validation.UserAttributeSimilarityValidator):
    """Not one's own name or e-mail."""

    def __init__(self) -> None:
        super().__init__(user_attributes=("email", "name", "nickname"))

    def get_error_message(self) -> str:
        return str(_("이름이나 이메일과 너무 비슷해요."))


class NotOnlyDigits(django_validation.NumericPasswordValidator):
    """Not digits alone."""

    def get_error_message(self) -> str:
        return str(_("숫자만으로는 부족해요. 글자도 섞어 주세요."))


class NewPasswordField(forms.CharField):
    """A password to be set, with words for its strength beside it (``strength.js``)."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("비밀번호"))
        options.setdefault("help_text", _("10자 이상이면 돼요. 짧은 문장도 좋아요."))
        widget = forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password", "data-strength": ""})
        super().__init__(strip=False, max_length=200, widget=widget, **options)


def problem_of(password: str, person: Any) -> ValidationError | None:
    """The first thing that is wrong with a password for this (perhaps unsaved) person."""
    try:
        django_validation.validate_password(password, person)
    except ValidationError as refused:
        return refused.error_list[0]
    return None
