"""Connecting an account. The page keeps what was typed, encrypted; a job calls the network and makes the channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from sotong.access.rules import Actor, may
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.actions.credentials import place, read_credentials, set_credentials
from sotong.channels.actions.health import clear_trouble, poll_soon
from sotong.channels.events import ChannelChanged
from sotong.channels.keys import KeyMissing, keyring
from sotong.channels.models import Channel, Connecting
from sotong.channels.records import clean
from sotong.channels.rules import DEFAULT_KINDS
from sotong.networks.contract import Manifest, RemoteAccount
from sotong.people.models import Company

LEASE = timedelta(seconds=90)
TRIES = 3
State = Connecting.State


class AnotherAccount(Exception):
    """The sign-in is for another account than the channel's: its history would be someone else's."""


class AlreadyConnected(Exception):
    """That account is a channel already."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """One try to connect, as its job needs it. ``lease`` fences what the job writes."""

    id: int
    network: str
    opens_practice: bool
    values: Mapping[str, str]
    lease: datetime


def _may_manage(by: Actor | None, permission: str = "channels.manage") -> None:
    if by is not None and not may(by, permission):
        raise PermissionDenied


def start_connecting(
    *,
    manifest: Manifest,
    values: Mapping[str, str],
    purpose: str = Channel.Purpose.CARE,
    mode: str = Channel.Mode.OPEN,
    channel: Channel | None = None,
    opens_practice: bool = False,
    by: Actor | None,
    at: datetime,
) -> Connecting:
    """Keep what was typed and let a job connect it. ``channel``: renew that one's sign-in instead.

    Raises ``PermissionDenied``.
    """
    _may_manage(by, "practice.open" if opens_practice else "channels.manage")
    with transaction.atomic():
        connecting = Connecting.objects.create(
            network=manifest.name,
            opens_practice=opens_practice,
            purpose=purpose,
            mode=mode,
            channel=channel,
            by_id=getattr(by, "pk", None),
            created_at=at,
        )
        set_credentials(connecting, values)
        connecting.save(update_fields=["credentials", "key_id"])
        record("channels.start_connecting", by=by, subject=connecting, network=manifest.name)
    return connecting


def begin_connecting() -> Work | None:
    """Take the next try that waits, or whose worker died; None when there is none."""
    with transaction.atomic():
        waiting = Q(state=State.WAITING) | Q(state=State.WORKING, lease_until__lte=Now())
        rows = Connecting.objects.select_for_update(skip_locked=True).filter(waiting)
        connecting = rows.order_by("id").first()
        if connecting is None:
            return None
        if connecting.tries >= TRIES:
            _wipe(connecting)
            _end(connecting, State.FAILED, problem="Interrupted")
            return None
        Connecting.objects.filter(pk=connecting.pk).update(
            state=State.WORKING, tries=connecting.tries + 1, lease_until=Now() + LEASE, step="start"
        )
        connecting.refresh_from_db()
        assert connecting.lease_until is not None  # noqa: S101  (set by the update above)
        try:
            values = read_credentials(connecting)
        except KeyMissing:
            _wipe(connecting)
            _end(connecting, State.FAILED, problem="KeyMissing")
            return None
        return Work(
            id=connecting.pk,
            network=connecting.network,
            opens_practice=connecting.opens_practice,
            values=values,
            lease=connecting.lease_until,
        )


def note_step(*, work: Work, step: str, saw: str = "") -> None:
    """Write down how far it got, for the page that waits."""
    changes: dict[str, Any] = {"step": step}
    if saw:
        changes["saw"] = clean(saw, 500)
    Connecting.objects.filter(pk=work.id, lease_until=work.lease).update(**changes)


def fail_connecting(*, work: Work, problem: str, detail: str, secrets: frozenset[str] = frozenset()) -> None:
    """It did not work. What was typed stays for another try, except the secrets."""
    with transaction.atomic():
        connecting = Connecting.objects.select_for_update().filter(pk=work.id, lease_until=work.lease).first()
        if connecting is None:
            return
        open_values = {name: value for name, value in work.values.items() if name not in secrets}
        connecting.credentials, connecting.key_id = keyring().seal(open_values, place(connecting, "credentials"))
        _end(connecting, State.FAILED, problem=problem, detail=detail)


def _wipe(connecting: Connecting) -> None:
    """Nobody knows any more which of the values are secrets: none is kept."""
    connecting.credentials, connecting.key_id = b"", ""


def _end(connecting: Connecting, state: str, *, problem: str = "", detail: str = "") -> None:
    connecting.state, connecting.problem, connecting.problem_detail = state, problem[:30], clean(detail, 500)
    connecting.lease_until = None
    connecting.save()
    Connecting.objects.filter(pk=connecting.pk).update(ended_at=Now())


def finish_connecting(
    *,
    work: Work,
    manifest: Manifest,
    origin: str,
    account: RemoteAccount,
    values: Mapping[str, str],
    session: Mapping[str, Any],
    at: datetime,
) -> Channel | None:
    """Make the channel, renew its sign-in, or open a closed one again; None when another worker has this try.

    Raises ``AnotherAccount`` and ``AlreadyConnected``; then nothing is changed.
    """
    with transaction.atomic():
        connecting = Connecting.objects.select_for_update().filter(pk=work.id, lease_until=work.lease).first()
        if connecting is None:
            return None
        remote_id = clean(account.remote_id, 300)
        rows = Channel.objects.select_for_update(no_key=True)
        if connecting.channel_id is not None:
            channel = rows.get(pk=connecting.channel_id)
            if (channel.origin, channel.remote_id) != (origin, remote_id):
                raise AnotherAccount
        else:
            found = rows.filter(origin=origin, remote_id=remote_id).first()
            if found is not None and found.mode != Channel.Mode.CLOSED and not connecting.opens_practice:
                raise AlreadyConnected
            channel = found or _new_channel(connecting, manifest, origin, remote_id, at)
        _describe(channel, account)
        if channel.mode == Channel.Mode.CLOSED:
            channel.mode, channel.closed_on = connecting.mode, None
        channel.failures, channel.poll_lease_until = 0, None
        channel.checked_at = channel.healthy_at = at
        channel.save()
        set_credentials(channel, values)
        if session:
            channel.session, channel.key_id = keyring().seal(dict(session), place(channel, "session"))
        channel.save(update_fields=["credentials", "session", "key_id"])
        poll_soon(channel_id=channel.pk)
        clear_trouble(channel_id=channel.pk, at=at)
        connecting.channel, connecting.credentials, connecting.key_id = channel, b"", ""
        _end(connecting, State.DONE)
        record("channels.connect", by=connecting.by, subject=channel, network=manifest.name, handle=channel.handle)
        announce(ChannelChanged(channel_id=channel.pk))
    return channel


def _new_channel(connecting: Connecting, manifest: Manifest, origin: str, remote_id: str, at: datetime) -> Channel:
    company = Company.objects.first()
    zone = company.time_zone if company else "Asia/Seoul"
    return Channel(
        network=manifest.name,
        origin=origin,
        remote_id=remote_id,
        purpose=connecting.purpose,
        mode=connecting.mode,
        allowed_kinds=list(DEFAULT_KINDS),
        language=company.language if company else "ko",
        time_zone=zone,
        poll_seconds=manifest.poll_every.total_seconds(),
        opened_on=at.astimezone(ZoneInfo(zone)).date(),
        # A practice account is nothing that the public should find.
        is_public=not manifest.is_practice,
    )


def _describe(channel: Channel, account: RemoteAccount) -> None:
    channel.handle = clean(account.handle, 300)
    channel.url = clean(account.url, 1000)
    channel.name = channel.name or clean(account.display_name, 120).strip() or channel.handle[:120]
