"""Words for roles, authority and one-time links; the other door before sign-in."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from sotong.people.roles import AUTHORITY_SENTENCES, AUTHORITY_TITLES, ROLE_SENTENCES, ROLE_TITLES

register = template.Library()


@register.simple_tag
def identity_provider() -> str:
    """The name on the button of the company's identity provider; empty when there is none."""
    providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    apps = providers.get("openid_connect", {}).get("APPS", [])
    return str(apps[0]["name"]) if apps else ""


@register.filter
def role_title(role: str) -> str:
    """A role in the viewer's language."""
    return str(ROLE_TITLES.get(role, role))


@register.filter
def role_sentence(role: str) -> str:
    """What a role may do, in one sentence."""
    return str(ROLE_SENTENCES.get(role, ""))


@register.filter
def authority_title(level: int | str) -> str:
    """A level of authority in the viewer's language."""
    return str(AUTHORITY_TITLES.get(int(level), level))


@register.filter
def authority_sentence(level: int | str) -> str:
    """What a level of authority may promise, in one sentence."""
    return str(AUTHORITY_SENTENCES.get(int(level), ""))
