"""What screens show of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import cast
from zoneinfo import ZoneInfo

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language_from_request

from sotong.people.models import Company, Invitation, Person, Session, Team
from sotong.people.rules import LANGUAGES, device_of, hash_of, is_time_zone

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
    company: str = ""
    """The company's name, for a person."""


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
    house = company()
    language = person.language or (house.language if house else "")
    zone = person.time_zone or (house.time_zone if house else "")
    return Viewer(
        language=language if language in LANGUAGES else settings.LANGUAGE_CODE,
        time_zone=zone if zone and is_known_zone(zone) else settings.TIME_ZONE,
        theme=person.theme,
        density=person.density,
        has_shortcuts=person.has_shortcuts,
        person=person,
        company=house.name if house else "",
    )


@cache
def is_known_zone(name: str) -> bool:
    """Whether times can be shown in this zone; asked once a name."""
    return is_time_zone(name) and ZoneInfo(name) is not None


def has_second_factor(person: Person) -> bool:
    """Whether a password alone does not open this account."""
    return bool(Authenticator.objects.filter(user=person).exists())


def everyone() -> QuerySet[Person]:
    """Who works or worked here, by name, with their teams."""
    return Person.objects.prefetch_related("teams").order_by("-is_active", "name", "pk")


def waiting_invitations() -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn, newest first; some may have expired."""
    rows = Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
    return rows.select_related("invited_by").order_by("-pk")


def teams_with_members() -> QuerySet[Team]:
    """Every team by name."""
    return Team.objects.prefetch_related("members").order_by("name")


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """One browser that is signed in. ``mark`` names it in forms without giving its key away."""

    mark: str
    browser: str
    system: str
    address: str
    started_at: datetime
    seen_at: datetime | None
    is_this: bool


def sessions_of(person: Person, *, current: str | None, at: datetime) -> Sequence[OpenSession]:
    """Where someone is signed in, this browser first."""
    shown = []
    for row in Session.objects.filter(person=person, expire_date__gt=at).order_by("-seen_at"):
        browser, system = device_of(row.device)
        shown.append(
            OpenSession(
                mark=hash_of(row.session_key),
                browser=browser,
                system=system,
                address=row.address or "",
                started_at=row.started_at,
                seen_at=row.seen_at,
                is_this=row.session_key == current,
            )
        )
    return sorted(shown, key=lambda item: not item.is_this)
