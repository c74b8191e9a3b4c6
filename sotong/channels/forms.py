"""Forms of channels: connecting by the network's manifest, keeping, stopping, deciding."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import escape
from django.utils.translation import gettext_lazy as _

from sotong.channels import words
from sotong.channels.connectors import manifest_of
from sotong.channels.models import Channel, Delivery
from sotong.channels.rules.hours import parse_hours, write_hours
from sotong.channels.rules.permits import BRAKE
from sotong.channels.rules.texts import length_of, signed_as_automatic
from sotong.egress.errors import Blocked
from sotong.egress.rules import server_address
from sotong.language.words import tidy
from sotong.networks.contract import CredentialField, Manifest
from sotong.people.forms.zones import ZoneField
from sotong.people.models import Team

FILL_IN = _("적어 주세요.")


class ConnectForm(forms.Form):
    """The fields of a network's manifest. Secrets are never written back into the page."""

    def __init__(self, *args: Any, manifest: Manifest, is_renewal: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.manifest = manifest
        for field in manifest.credentials:
            self.fields[f"in-{field.name}"] = _credential(field)
        if not is_renewal:
            self.fields["purpose"] = forms.ChoiceField(
                label=_("쓰임"), choices=list(words.PURPOSES.items()), initial=Channel.Purpose.CARE
            )
            self.fields["mode"] = forms.ChoiceField(
                label=_("처음에는"),
                choices=[("shadow", _("읽기만 해요. 켜기 전에는 아무것도 보내지 않아요")), ("open", _("읽고 보내요"))],
                initial="shadow",
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for field in self.manifest.credentials:
            name = f"in-{field.name}"
            value = str(cleaned.get(name, "")).strip()
            if field.kind == "handle":
                value = value.removeprefix("@")
            if field.kind == "url" and value:
                try:
                    value = server_address(value, takes_plain=self.manifest.is_practice)
                except Blocked:
                    self.add_error(name, _("서버 주소로 쓸 수 없어요. https://로 시작하는 주소를 적어 주세요."))
            cleaned[name] = value
        return cleaned

    def values(self) -> dict[str, str]:
        """What was typed, by the manifest's names."""
        return {field.name: self.cleaned_data[f"in-{field.name}"] for field in self.manifest.credentials}


def kept_values(manifest: Manifest, values: Mapping[str, str]) -> dict[str, str]:
    """Earlier values that may be shown again, by the form's names."""
    return {
        f"in-{field.name}": values[field.name]
        for field in manifest.credentials
        if not field.is_secret and values.get(field.name)
    }


def _credential(field: CredentialField) -> forms.CharField:
    widget: forms.Widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    if field.is_secret:
        widget = forms.PasswordInput(render_value=False, attrs={"autocomplete": "new-password"})
    elif field.kind == "url":
        widget.attrs["inputmode"] = "url"
    return forms.CharField(
        label=words.in_language(field.label),
        help_text=escape(words.in_language(field.help)),
        max_length=1000,
        required=field.is_required,
        initial=field.default,
        widget=widget,
        error_messages={"required": FILL_IN},
    )


class ChannelForm(forms.Form):
    """What a channel is for, who may use it, how it speaks."""

    name = forms.CharField(label=_("이름"), max_length=120, error_messages={"required": FILL_IN})
    purpose = forms.ChoiceField(label=_("쓰임"), choices=list(words.PURPOSES.items()))
    audience = forms.CharField(label=_("누가 듣나요"), max_length=200, required=False)
    tone = forms.CharField(
        label=_("말투"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-autosize": ""}),
        help_text=_("답을 쓰는 사람에게 보여요. 예: 반말은 쓰지 않아요. 원인부터 말해요."),
    )
    escalation = forms.CharField(
        label=_("어려울 때 넘기는 곳"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "data-autosize": ""}),
    )
    acknowledgement = forms.CharField(
        label=_("받았다는 말"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-autosize": ""}),
        help_text=_("대화가 열리면 한 번, 자동이라고 밝히고 보내요. 비우면 보내지 않아요."),
    )
    allowed_kinds = forms.MultipleChoiceField(
        label=_("내보낼 수 있는 것"),
        choices=[(kind, words.KINDS[kind]) for kind in Delivery.Kind.values],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    teams = forms.ModelMultipleChoiceField(
        label=_("쓸 수 있는 팀"),
        queryset=Team.objects.order_by("name"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("고르지 않으면 역할이 허락하는 모두가 써요."),
    )
    language = forms.ChoiceField(label=_("쓰는 말"), choices=[("ko", "한국어"), ("en", "English")])
    time_zone = ZoneField()
    is_public = forms.BooleanField(
        label=_("공식 계정 목록에 보이기"), required=False, help_text=_("누구나 보는 페이지예요.")
    )

    def __init__(self, data: Any = None, *, channel: Channel) -> None:
        names = (name for name in self.base_fields if name != "teams")
        initial = {name: getattr(channel, name) for name in names} | {"teams": channel.teams.all()}
        initial |= {f"hours-{day}": write_hours(channel.hours.get(day, ())) for day in words.DAYS}
        super().__init__(data, initial=initial)
        self.manifest = manifest_of(channel.network)
        if not Team.objects.exists():
            del self.fields["teams"]
        if self.manifest is None or self.manifest.is_practice:
            del self.fields["is_public"]
        for day, title in words.DAYS.items():
            self.fields[f"hours-{day}"] = forms.CharField(
                label=title, max_length=100, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
            )

    def clean_name(self) -> str:
        name = tidy(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(FILL_IN)
        return name

    def clean_acknowledgement(self) -> str:
        """Kept as it goes out: saying that it is automatic."""
        text = str(self.cleaned_data["acknowledgement"]).strip()
        text = signed_as_automatic(text, str(self.data.get("language", "ko"))) if text else ""
        if self.manifest is not None:
            length, most = length_of(text, self.manifest.limits.text_unit), self.manifest.limits.text_max
            if length > most:
                said = str(_("이 네트워크에서는 {most}자까지예요. 지금 {length}자예요."))
                raise ValidationError(said.format(most=most, length=length))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        hours: dict[str, list[list[str]]] = {}
        for day in words.DAYS:
            try:
                if spans := parse_hours(cleaned.pop(f"hours-{day}", "") or ""):
                    hours[day] = spans
            except ValueError:
                self.add_error(f"hours-{day}", _("09:00–18:00처럼 적어 주세요."))
        return cleaned | {"hours": hours}

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[f"hours-{day}"] for day in words.DAYS]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("hours-")]


class BrakeForm(forms.Form):
    """What is stopped, all sending or one kind, and why, where there is time to say it. ``in_force``: scopes that are
    stopped already.
    """

    scope = forms.TypedChoiceField(
        label=_("무엇을 멈출까요"),
        required=False,
        empty_value=BRAKE,
        initial=BRAKE,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("멈출 수 있는 것 중에서 골라 주세요. 이미 멈춘 것일 수 있어요.")},
    )
    reason = forms.CharField(
        label=_("왜 멈추나요"),
        max_length=500,
        required=False,
        help_text=_("모든 화면에 보이고, 기록에 남아요. 나중에 적어도 돼요."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, data: Any = None, *, in_force: Collection[str] = ()) -> None:
        super().__init__(data)
        scopes = [(BRAKE, _("모든 발송")), *words.KINDS.items()]
        self.fields["scope"].choices = [pair for pair in scopes if pair[0] not in in_force]  # type: ignore[attr-defined]


class ThereForm(forms.Form):
    """Where a person saw the post. ``example``: what such an address looks like."""

    url = forms.CharField(
        label=_("글의 주소"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        error_messages={"required": FILL_IN},
    )

    def __init__(self, data: Any = None, *, example: str) -> None:
        super().__init__(data)
        self.example = example
        if example:
            self.fields["url"].help_text = escape(
                str(_("이 채널의 글은 {example}처럼 생겼어요.")).format(example=example)
            )

    def refuse(self) -> None:
        """Say that this is no post of the channel's account."""
        self.add_error("url", _("이 채널의 계정이 쓴 글의 주소가 아니에요. 아직 아무것도 적지 않았어요."))

    def refuse_taken(self) -> None:
        """Say that another reply has this address."""
        self.add_error("url", _("이 주소는 다른 답의 글이에요. 아직 아무것도 적지 않았어요."))


class ClosingForm(forms.Form):
    """The last day of a channel, and why."""

    closed_on = forms.DateField(
        label=_("마지막 날"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": FILL_IN, "invalid": _("날짜로 적어 주세요.")},
    )
    reason = forms.CharField(
        label=_("왜 닫나요"),
        max_length=500,
        help_text=_("기록에 남아요."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": FILL_IN},
    )
