"""Start-up: a site with an undeclared URL does not run."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register


def every_url_declares_its_rule(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """A Django check: one error per route without a rule."""
    from sotong.access.declaring import undeclared

    return [
        Error(f"/{route} declares no access rule", hint="Use @public, @signed_in or @allow(...).", id="access.E001")
        for route in undeclared()
    ]


class AccessConfig(AppConfig):
    name = "sotong.access"
    label = "access"

    def ready(self) -> None:
        register(Tags.security)(every_url_declares_its_rule)
