"""What the pages before sign-in need: whose house it is, and which other door there is."""

from __future__ import annotations

from django import template
from django.conf import settings

from sotong.people import queries
from sotong.people.models import AUTHORITY_TITLES, ROLE_TITLES

register = template.Library()


@register.simple_tag
def house_name() -> str:
    """The company's name; empty before the first run."""
    house = queries.company()
    return house.name if house else ""


@register.simple_tag
def identity_provider() -> str:
    """The name on the button of the company's identity provider; empty when there is none."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["name"]) if apps else ""


@register.filter
def role_title(role: str) -> str:
    """A role in the viewer's language."""
    return str(ROLE_TITLES.get(role, role))


@register.filter
def authority_title(level: int) -> str:
    """A level of authority in the viewer's language."""
    return str(AUTHORITY_TITLES.get(level, level))
