"""What the dialogs of the desk ask for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from sotong.inbox.actions.bulk import AT_MOST
from sotong.inbox.actions.labelling import LONGEST
from sotong.inbox.forms.fields import UNKNOWN_VALUE, Id, Ids, Text
from sotong.inbox.rules.snoozing import CHOICES, snoozed_until

LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]


class ResolveForm(forms.Form):
    """How a conversation ended; ``even_so``: although a colleague holds it."""

    outcome = Text(max_length=20)
    reason = Text(max_length=500)
    even_so = forms.BooleanField(required=False)


class SnoozeForm(forms.Form):
    """Until when: a choice (``until``), else the time that was typed (``until_local``), both in the viewer's zone."""

    until = forms.ChoiceField(
        required=False, choices=[(one, one) for one in CHOICES], error_messages={"invalid_choice": UNKNOWN_VALUE}
    )
    until_local = forms.DateTimeField(
        required=False,
        input_formats=LOCAL,
        error_messages={"invalid": _("날짜와 시각을 알아볼 수 없어요. 다시 골라 주세요.")},
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("until"):
            # What stands in the field beside it was not asked for.
            self.errors.pop("until_local", None)
        if not self.errors and self.moment is None:
            raise ValidationError(_("언제까지 미룰지 골라 주세요."))
        return given

    @cached_property
    def moment(self) -> datetime | None:
        """The time that was chosen (counted from now) or typed."""
        if choice := self.cleaned_data.get("until"):
            return snoozed_until(choice, timezone.localtime())
        typed: datetime | None = self.cleaned_data.get("until_local")
        return typed


class AssignForm(forms.Form):
    """Whose it becomes."""

    person = Id(required=False)
    team = Id(required=False)


class LabelForm(forms.Form):
    """Which labels it has, and the name of a new one."""

    labels = Ids(at_most=200, required=False)
    new = Text(max_length=LONGEST)


class BulkForm(SnoozeForm):
    """What is done to which conversations; the other fields belong to what is done."""

    do = Text(max_length=20)
    ids = Ids(at_most=AT_MOST, nothing=_("고른 대화가 없어요. 먼저 대화를 골라 주세요."))
    outcome = Text(max_length=20)
    reason = Text(max_length=500)
    person = Id(required=False)
    team = Id(required=False)
    labels = Ids(at_most=200, required=False)
    new = Text(max_length=LONGEST)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("do") == "snooze":
            return super().clean()
        if given.get("do") == "label" and not given.get("labels") and not given.get("new", "").strip():
            raise ValidationError(_("붙일 꼬리표를 고르거나 새로 적어 주세요."))
        return given

    @property
    def values(self) -> dict[str, Any]:
        """The values that what is done takes."""
        given = self.cleaned_data
        return {
            "resolve": {"outcome": given["outcome"], "reason": given["reason"]},
            "snooze": {"until": self.moment},
            "assign": {"person_id": given["person"], "team_id": given["team"]},
            "label": {"label_ids": given["labels"], "new_name": given["new"]},
        }.get(given["do"], {})
