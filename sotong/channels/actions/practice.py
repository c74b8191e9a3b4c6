"""Opening the practice network: a wish that ``sotong up`` sees, and an account of the company there."""

from __future__ import annotations

import re
from datetime import datetime

from django.core.exceptions import PermissionDenied

from sotong.access.rules import Actor, may
from sotong.channels.actions.connecting import start_connecting
from sotong.channels.models import Channel, Connecting
from sotong.networks import registry
from sotong.people.models import Company
from sotong.settings.options import options

NETWORK = "practice"
USUAL_HANDLE = "company"


def wish_practice() -> None:
    """Let ``sotong up`` keep the practice network running (its ``run`` folder holds the wish)."""
    options().run.mkdir(mode=0o700, parents=True, exist_ok=True)
    (options().run / "practice.wanted").touch()


def open_practice(*, by: Actor, at: datetime) -> Connecting:
    """Start the practice network and connect the company's account there; asked twice, the same try goes on.

    Raises ``PermissionDenied``.
    """
    if not may(by, "practice.open"):
        raise PermissionDenied
    wish_practice()
    under_way = Connecting.objects.filter(opens_practice=True, state__in=["waiting", "working"]).order_by("id").first()
    if under_way is not None:
        return under_way
    company = Company.objects.first()
    name = company.name if company else ""
    return start_connecting(
        manifest=registry.manifest(NETWORK),
        values={"handle": _handle(name), "name": name[:40] or USUAL_HANDLE},
        purpose=Channel.Purpose.CARE,
        opens_practice=True,
        by=by,
        at=at,
    )


def _handle(name: str) -> str:
    """A handle that the practice network takes, from the letters of ``name`` that it knows."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:30].rstrip("_") if _fits(name) else USUAL_HANDLE


def _fits(name: str) -> bool:
    return len(re.sub(r"[^a-z0-9]", "", name.lower())) >= 3
