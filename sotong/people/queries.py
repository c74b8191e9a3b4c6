"""What screens show of people."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from sotong.people.models import Company, Person
from sotong.people.rules import LANGUAGES, is_time_zone

THEME_COOKIE = "theme"
THEMES = ("system", "light", "dark")
DENSITIES = ("comfortable", "compact")


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """How whoever looks wants to see things. ``time_zone`` is an IANA name; ``person`` is None for a visitor."""

    language: str
    time_zone: str
    theme: str = "system"
    density: str = "comfortable"
    has_shortcuts: bool = True
    person: Person | None = None


def company() -> Company | None:
    """The company; None before the first run."""
    return Company.objects.first()


def person_of(request: HttpRequest) -> Person:
    """The signed-in person, for views that demand one."""
    return cast(Person, request.user)


def viewer_of(request: HttpRequest) -> Viewer:
    """Language: the person's, else the company's for a person without one; a visitor's: cookie, browser, Korean."""
    person: Person | AnonymousUser = request.user
    if not isinstance(person, Person):
        language = get_language_from_request(request)
        theme = request.COOKIES.get(THEME_COOKIE, "system")
        return Viewer(
            language=language if language in LANGUAGES else settings.LANGUAGE_CODE,
            time_zone=settings.TIME_ZONE,
            theme=theme if theme in THEMES else "system",
        )
    language, zone = person.language, person.time_zone
    if not (language and zone) and (house := company()):
        language, zone = language or house.language, zone or house.time_zone
    return Viewer(
        language=language if language in LANGUAGES else settings.LANGUAGE_CODE,
        time_zone=zone if zone and is_known_zone(zone) else settings.TIME_ZONE,
        theme=person.theme,
        density=person.density,
        has_shortcuts=person.has_shortcuts,
        person=person,
    )


@cache
def is_known_zone(name: str) -> bool:
    """Whether times can be shown in this zone; asked once a name."""
    return is_time_zone(name) and ZoneInfo(name) is not None
