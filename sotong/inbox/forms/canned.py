"""A canned response as it is written."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sotong.inbox.actions.canned import NAME_LONGEST, TEXT_LONGEST
from sotong.inbox.forms.fields import ODD_CHARACTERS

LANGUAGES = [("ko", "한국어"), ("en", "English")]
TOO_LONG = _("너무 길어요. %(limit_value)d자까지 쓸 수 있어요.")


class CannedForm(forms.Form):
    """Name, text and language."""

    name = forms.CharField(
        label=_("이름"),
        max_length=NAME_LONGEST,
        help_text=_("고를 때 보이는 짧은 이름이에요."),
        error_messages={
            "required": _("이름을 적어 주세요."),
            "max_length": TOO_LONG,
            "null_characters_not_allowed": ODD_CHARACTERS,
        },
    )
    text = forms.CharField(
        label=_("글"),
        max_length=TEXT_LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "data-autosize": ""}),
        help_text=_(
            "{이름}은 고객 이름으로, {내이름}은 내 이름으로 바뀌고, "
            "뒤에 붙는 말(은/는, 이에요/예요)은 이름에 맞춰져요. {customer}와 {me}로 적어도 돼요."
        ),
        error_messages={
            "required": _("글을 적어 주세요."),
            "max_length": TOO_LONG,
            "null_characters_not_allowed": ODD_CHARACTERS,
        },
    )
    language = forms.ChoiceField(
        label=_("말"),
        choices=LANGUAGES,
        initial="ko",
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("말을 골라 주세요.")),
    )
