"""Fields as the inbox reads them: every refusal is a sentence that says what to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from sotong.access.addresses import ROW_ID_MAX, row_id

TEXT_LONGEST = 100_000
ODD_CHARACTERS = _("글에 저장할 수 없는 문자가 있어요. 그 문자를 빼고 다시 해 주세요.")
UNKNOWN_VALUE = _("알 수 없는 값이에요. 화면을 새로 고치고 다시 해 주세요.")


class Text(forms.CharField):
    """A text as it was typed, with line ends of one kind."""

    def __init__(self, *, max_length: int, **options: Any) -> None:
        options.setdefault("required", False)
        errors = {
            "max_length": _("글이 너무 길어요. %(limit_value)d자까지 쓸 수 있어요. 줄여서 다시 해 주세요."),
            "null_characters_not_allowed": ODD_CHARACTERS,
        }
        super().__init__(max_length=max_length, strip=False, error_messages=errors, **options)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")


class Id(forms.IntegerField):
    """The number of a row."""

    def __init__(self, **options: Any) -> None:
        errors = dict.fromkeys(("required", "invalid", "min_value", "max_value"), UNKNOWN_VALUE)
        super().__init__(min_value=0, max_value=ROW_ID_MAX, error_messages=errors, **options)


class Ids(forms.TypedMultipleChoiceField):
    """Numbers of rows."""

    def __init__(self, *, at_most: int, nothing: Any = UNKNOWN_VALUE, **options: Any) -> None:
        self.at_most = at_most
        errors = {"required": nothing, "invalid_choice": UNKNOWN_VALUE, "invalid_list": UNKNOWN_VALUE}
        super().__init__(coerce=int, error_messages=errors, **options)

    def valid_value(self, value: Any) -> bool:
        return row_id(str(value)) is not None

    def validate(self, value: Any) -> None:
        if len(value) > self.at_most:
            raise ValidationError(_("한 번에 %(count)d개까지 고를 수 있어요."), params={"count": self.at_most})
        super().validate(value)


class Token(forms.UUIDField):
    """The key that makes sending happen once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages=dict.fromkeys(("required", "invalid"), UNKNOWN_VALUE), **options)
