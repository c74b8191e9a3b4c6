"""How a view declares its rule, and how the declarations are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from sotong.access.rules import PERMISSIONS

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Rule:
    """``permission`` is "public", "signed_in" or a name from ``PERMISSIONS``."""

    permission: str


DECLARED: dict[str, Rule] = {}
"""Rules of views that others wrote (allauth's), by URL name."""


def public(view: View) -> View:
    """Anyone may use this view."""
    view.access_rule = Rule("public")  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Any active person of the company may use this view."""
    view.access_rule = Rule("signed_in")  # type: ignore[attr-defined]
    return view


def allow(permission: str) -> Callable[[View], View]:
    """Only who holds ``permission`` may use this view. Raises ``KeyError`` for an unknown one at import."""
    if permission not in PERMISSIONS:
        raise KeyError(permission)

    def decorate(view: View) -> View:
        view.access_rule = Rule(permission)  # type: ignore[attr-defined]
        return view

    return decorate


def declare(url_name: str, permission: str) -> None:
    """The rule of a view that we did not write, by its URL name."""
    if permission not in {"public", "signed_in", *PERMISSIONS}:
        raise KeyError(permission)
    DECLARED[url_name] = Rule(permission)


def rule_of(callback: Callable[..., Any], url_name: str | None) -> Rule | None:
    """The declared rule of a view, or None."""
    view = getattr(callback, "view_class", None)
    found = getattr(callback, "access_rule", None) or getattr(view, "access_rule", None)
    return found or DECLARED.get(url_name or "")


def patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL pattern of the site with its full route."""
    for item in (resolver or get_resolver()).url_patterns:
        route = prefix + str(item.pattern)
        if isinstance(item, URLResolver):
            yield from patterns(item, route)
        else:
            yield route, item


def undeclared() -> list[str]:
    """Routes whose view declares no rule."""
    return [route for route, item in patterns() if rule_of(item.callback, item.name) is None]


class UndeclaredRoutes(ImproperlyConfigured):
    """Routes whose view says nothing about who may use it; the message lists them."""


def require_declared() -> None:
    """Stop the start of a site with an undeclared route. Raises ``UndeclaredRoutes``; servers call it."""
    if routes := undeclared():
        listed = ", ".join(f"/{route}" for route in routes)
        raise UndeclaredRoutes(f"these routes declare no access rule (@public, @signed_in or @allow(...)): {listed}")
