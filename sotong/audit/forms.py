"""Which entries to show."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sotong.access.addresses import ROW_ID_MAX
from sotong.audit.queries import Filter, known_actions, known_people
from sotong.audit.words import title_of


class FilterForm(forms.Form):
    """Who, what, about whom, when. Dates are days in the viewer's zone; the last one counts whole."""

    person = forms.TypedChoiceField(label=_("누가"), coerce=int, required=False, empty_value=None)
    action = forms.ChoiceField(label=_("무엇을"), required=False)
    contact = forms.IntegerField(
        label=_("연락처 번호"),
        required=False,
        min_value=1,
        max_value=ROW_ID_MAX,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("숫자로 적어 주세요.")),
    )
    since = forms.DateField(
        label=_("이날부터"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("날짜를 2026-05-01처럼 적어 주세요.")},
    )
    until = forms.DateField(
        label=_("이날까지"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": _("날짜를 2026-05-01처럼 적어 주세요.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        person, action = self.fields["person"], self.fields["action"]
        person.choices = [("", _("모두")), *known_people()]  # type: ignore[attr-defined]
        named = sorted(((name, title_of(name)) for name in known_actions()), key=lambda pair: pair[1])
        action.choices = [("", _("모두")), *named]  # type: ignore[attr-defined]

    def wanted(self) -> Filter:
        """The filter that the valid fields describe; a field in error filters nothing."""
        given = self.cleaned_data
        return Filter(
            person_id=given.get("person"),
            action=given.get("action") or "",
            contact_id=given.get("contact"),
            since=_start_of(given.get("since")),
            until=_end_of(given.get("until")),
        )


def _end_of(day: date | None) -> datetime | None:
    """The first moment after a day; None after the last day there is, which shuts nothing out."""
    return _start_of(day + timedelta(days=1)) if day is not None and day < date.max else None


def _start_of(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
