"""Connecting accounts and examining connections: the network calls that pages only ask for."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from django.db import IntegrityError

from sotong.channels.actions.checks import end_checks, record_check
from sotong.channels.actions.connecting import (
    AlreadyConnected,
    AnotherAccount,
    Work,
    begin_connecting,
    fail_connecting,
    finish_connecting,
    note_step,
)
from sotong.channels.actions.practice import practice_address
from sotong.channels.connectors import connector_for, forget_connector
from sotong.channels.jobs.lanes import lanes
from sotong.channels.models import Channel
from sotong.channels.rules.outcomes import connect_problem_of, problem_of
from sotong.egress.errors import Blocked
from sotong.networks import errors, registry
from sotong.networks.contract import Connector, MemorySession
from sotong.networks.practice import opening
from sotong.settings.options import options

log = logging.getLogger(__name__)

PRACTICE_WAIT = 40.0
"""Seconds that the practice network's process gets to start."""


def _now() -> datetime:
    return datetime.now(UTC)


def offer_connecting() -> None:
    """Give what waits to be connected a thread."""
    lane = lanes.lane("connect", 0)
    if lane.free and (begun := begin_connecting()):
        lane.offer(partial(connect, begun))


def connect(work: Work) -> None:
    """Do one try: ask the network who we are there, make the channel, then look at each permission."""
    secrets = frozenset(work.values)
    try:
        manifest = registry.manifest(work.network)
        secrets = frozenset(field.name for field in manifest.credentials if field.is_secret)
        values = _practice_values(work) if work.opens_practice else dict(work.values)
        session = MemorySession()
        connector = registry.open_connector(work.network, values, session=session)
        note_step(work=work, step="whoami")
        account = connector.whoami()
        note_step(work=work, step="channel", saw=f"{account.display_name} @{account.handle}".strip())
        channel = finish_connecting(
            work=work,
            manifest=manifest,
            origin=connector.origin,
            account=account,
            values=values,
            session=session.read(),
            at=_now(),
        )
    except (AnotherAccount, AlreadyConnected) as problem:
        fail_connecting(work=work, problem=type(problem).__name__, detail="", secrets=secrets)
        return
    except opening.AnotherProgram as problem:
        fail_connecting(work=work, problem="PortTaken", detail=problem.detail, secrets=secrets)
        return
    except errors.NetworkError as problem:
        fail_connecting(work=work, problem=connect_problem_of(problem), detail=problem.detail, secrets=secrets)
        return
    except Blocked as problem:
        # An address that is no usable URL at all is refused when the connector is made.
        fail_connecting(work=work, problem="Blocked", detail=str(problem), secrets=secrets)
        return
    except IntegrityError:
        fail_connecting(work=work, problem="AlreadyConnected", detail="", secrets=secrets)
        return
    except Exception as problem:
        log.exception("connecting %s failed", work.network)
        fail_connecting(work=work, problem="Unexpected", detail=type(problem).__name__, secrets=secrets)
        return
    if channel is not None:
        _examine(channel, connector, _now())


def _practice_values(work: Work) -> dict[str, str]:
    base_url, folder = practice_address(), options().data / "practice"
    note_step(work=work, step="practice_start")
    opening.wait_until_open(base_url, folder, seconds=PRACTICE_WAIT)
    note_step(work=work, step="practice_account")
    return opening.make_company_account(base_url, folder, work.values["handle"], work.values["name"])


def offer_examinations() -> None:
    """Give the channels that someone wants examined a thread."""
    asked = Channel.objects.exclude(examine_at=None).exclude(mode=Channel.Mode.CLOSED)
    for pk in asked.values_list("pk", flat=True):
        lanes.lane("examine", pk).offer(partial(examine_channel, channel_id=pk))


def examine_channel(*, channel_id: int) -> None:
    """Look at each permission of a channel with a real call, one by one."""
    channel = Channel.objects.get(pk=channel_id)
    if channel.examine_at is None:
        return
    try:
        connector = connector_for(channel)
    except Exception as problem:  # noqa: BLE001
        saw = f"{type(problem).__name__}: {problem}"
        record_check(channel_id=channel_id, permission="account", is_ok=False, saw=saw, at=_now())
        end_checks(channel_id=channel_id, begun=channel.examine_at, permissions=("account",))
        return
    _examine(channel, connector, channel.examine_at)


def _examine(channel: Channel, connector: Connector, begun: datetime) -> None:
    probes: Mapping[str, object] = {}
    try:
        probes = found = connector.probes()
        for permission, probe in found.items():
            is_ok, saw = True, ""
            try:
                saw = probe()
            except errors.NetworkError as problem:
                is_ok, saw = False, f"{problem_of(problem)}: {problem.detail}"
                forget_connector(channel.pk)
            except Exception as problem:  # noqa: BLE001
                is_ok, saw = False, type(problem).__name__
            record_check(channel_id=channel.pk, permission=permission, is_ok=is_ok, saw=saw, at=_now())
    finally:
        end_checks(channel_id=channel.pk, begun=begun, permissions=tuple(probes))
