"""Opening the practice network: a wish that ``sotong up`` sees, and an account of the company there."""

from __future__ import annotations

import re
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from sotong.access.rules import Actor, may
from sotong.audit.actions import record
from sotong.channels.actions.connecting import start_connecting
from sotong.channels.actions.credentials import read_credentials, set_credentials
from sotong.channels.actions.health import poll_soon
from sotong.channels.keys import KeyMissing
from sotong.channels.models import Channel, Connecting
from sotong.networks import registry
from sotong.people.models import Company
from sotong.settings.options import options

NETWORK = "practice"
USUAL_HANDLE = "company"


def practice_address() -> str:
    """Where this house's practice network answers."""
    chosen = options()
    host = "127.0.0.1" if chosen.host in {"", "0.0.0.0", "::", "localhost"} else chosen.host  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{chosen.practice_port}"


def wish_practice() -> None:
    """Let ``sotong up`` keep the practice network running (its ``run`` folder holds the wish)."""
    options().run.mkdir(mode=0o700, parents=True, exist_ok=True)
    (options().run / "practice.wanted").touch()


def open_practice(*, by: Actor, at: datetime, channel: Channel | None = None) -> Connecting:
    """Start the practice network and connect the company's account there; asked twice, the same try goes on.

    ``channel``: whose account there, where its sign-in has died. Raises ``PermissionDenied``.
    """
    if not may(by, "practice.open"):
        raise PermissionDenied
    wish_practice()
    under_way = Connecting.objects.filter(opens_practice=True, state__in=["waiting", "working"]).order_by("id").first()
    if under_way is not None:
        return under_way
    company = Company.objects.first()
    name = channel.name if channel else company.name if company else ""
    return start_connecting(
        manifest=registry.manifest(NETWORK),
        values={"handle": channel.handle if channel else _handle(name), "name": name[:40] or USUAL_HANDLE},
        purpose=Channel.Purpose.CARE,
        opens_practice=True,
        by=by,
        at=at,
    )


def astray() -> list[Channel]:
    """The channels that were opened with this house's practice network and ask another address now.

    One whose sign-in was typed since is where a person wanted it.
    """
    return [row for row in Channel.objects.filter(network=NETWORK).order_by("pk") if _is_own(row) and _old_address(row)]


def bring_back() -> int:
    """Let those channels ask our practice network again; returns how many.

    Its port is a setting, and another house, above all the one that was backed up, may answer at the old one.
    """
    found = astray()
    for row in found:
        with transaction.atomic():
            channel = Channel.objects.select_for_update(no_key=True).get(pk=row.pk)
            if not (old := _old_address(channel)):
                continue
            set_credentials(channel, {**read_credentials(channel), "base_url": practice_address()})
            if channel.url.startswith(f"{old}/"):
                channel.url = practice_address() + channel.url.removeprefix(old)
            channel.save(update_fields=["credentials", "session", "key_id", "url"])
            poll_soon(channel_id=channel.pk)
            record("channels.bring_back", by=None, subject=channel)
    return len(found)


def _is_own(channel: Channel) -> bool:
    last = Connecting.objects.filter(channel=channel, state=Connecting.State.DONE).order_by("-pk").first()
    return last is not None and last.opens_practice


def _old_address(channel: Channel) -> str:
    """The address that the channel asks, where that is not ours; empty where nobody can read it."""
    try:
        address = read_credentials(channel).get("base_url", "")
    except KeyMissing:
        return ""
    return "" if address == practice_address() else address


def _handle(name: str) -> str:
    """A handle that the practice network takes, from the letters of ``name`` that it knows."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:30].rstrip("_") if _fits(name) else USUAL_HANDLE


def _fits(name: str) -> bool:
    return len(re.sub(r"[^a-z0-9]", "", name.lower())) >= 3
