"""Time zones to choose from, by the name of their city."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel.core import Locale, get_global
from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sotong.people.rules import is_time_zone

REGIONS: dict[str, Any] = {
    "Asia": _("아시아"),
    "Europe": _("유럽"),
    "America": _("아메리카"),
    "Australia": _("오스트레일리아"),
    "Pacific": _("태평양"),
    "Africa": _("아프리카"),
    "Atlantic": _("대서양"),
    "Indian": _("인도양"),
    "Arctic": _("북극"),
    "Antarctica": _("남극"),
}
Groups = list[tuple[str, list[tuple[str, str]]]]


def zone_choices() -> Groups:
    """Zones grouped by region in the viewer's language; Seoul first."""
    return _choices(get_language() or "ko", timezone.now().date().toordinal())


@cache
def _choices(language: str, day: int) -> Groups:
    """Kept for a day, because summer time moves the offsets."""
    moment = datetime.fromordinal(day)
    groups: dict[str, list[tuple[str, str]]] = {name: [] for name in REGIONS}
    for zone in available_timezones():
        region = zone.partition("/")[0]
        if region in groups and zone == one_name(zone) and is_time_zone(zone):
            groups[region].append((zone, f"{_city(zone, language)} (UTC{offset(zone, moment)})"))
    shown = [(str(REGIONS[name]), sorted(found, key=lambda item: item[1])) for name, found in groups.items()]
    seoul = ("Asia/Seoul", f"{_city('Asia/Seoul', language)} (UTC{offset('Asia/Seoul', moment)})")
    return [(str(_("자주 써요")), [seoul, ("UTC", "UTC")]), *shown]


def one_name(zone: str) -> str:
    """Of the names that a city's zone has had the one of today: Asia/Kolkata for Asia/Calcutta."""
    name: str = get_global("zone_aliases").get(zone, zone) if zone.partition("/")[0] in REGIONS else zone
    return name


@cache
def _former() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for former, today in get_global("zone_aliases").items():
        names.setdefault(today, []).append(former)
    return names


def _city(zone: str, language: str) -> str:
    """Its city in ``language``: CLDR keeps some under a former name."""
    known = Locale.parse(language).time_zones
    cities = (known.get(name, {}).get("city") for name in (zone, *_former().get(zone, [])))
    return next(filter(None, cities), zone.rpartition("/")[2].replace("_", " "))


def offset(zone: str, moment: datetime) -> str:
    """+09:00"""
    text = moment.replace(tzinfo=ZoneInfo(zone)).strftime("%z")
    return f"{text[:3]}:{text[3:5]}"


class ZoneField(forms.ChoiceField):
    """One IANA time zone. ``data-zone-guess`` lets zones.js choose the browser's own."""

    def __init__(self, *, guess: bool = False, **options: Any) -> None:
        options.setdefault("label", _("시간대"))
        options.setdefault("error_messages", {"invalid_choice": _("목록에서 골라 주세요.")})
        super().__init__(choices=zone_choices, **options)
        if guess:
            self.widget.attrs["data-zone-guess"] = ""

    def prepare_value(self, value: Any) -> Any:
        return one_name(value) if isinstance(value, str) else value

    def to_python(self, value: Any) -> str:
        return one_name(str(super().to_python(value)))
