"""The brake and the freezes: what stops sending, and what lets it go again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from sotong.access.rules import Actor, may
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.events import DeliveryChanged, HoldChanged
from sotong.channels.models import Delivery, Hold
from sotong.channels.models.deliveries import IN_TURN
from sotong.channels.rules.permits import BRAKE

SCOPES = (BRAKE, *Delivery.Kind.values)
HOLD_BATCH = 500


class HoldInForce(Exception):
    """A held delivery cannot go while its hold is in force. ``scope`` names the hold."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


def ensure_holds() -> None:
    """One row for each scope, so that there is always something to lock. Runs after each migration."""
    Hold.objects.bulk_create((Hold(scope=scope) for scope in SCOPES), ignore_conflicts=True)


def _may_brake(by: Actor | None) -> None:
    if by is not None and not may(by, "channels.brake"):
        raise PermissionDenied


def put_hold(*, scope: str = BRAKE, by: Actor | None, reason: str, at: datetime) -> Hold:
    """Stop all sending (scope "all"), or one kind. Returns when it is in force: no ``sending`` commits after that.

    What was already ``sending`` cannot be called back; ``queries.leaving`` lists it. Raises ``KeyError`` for a scope
    that does not exist, ``PermissionDenied``.
    """
    _may_brake(by)
    if scope not in SCOPES:
        raise KeyError(scope)
    with transaction.atomic():
        hold = Hold.objects.select_for_update().get(scope=scope)
        if hold.is_on:
            return hold
        hold.is_on, hold.since, hold.reason, hold.by_id = True, at, reason.strip()[:500], getattr(by, "pk", None)
        hold.save()
        record("channels.put_hold", by=by, subject=hold, reason=hold.reason, scope=scope)
        announce(HoldChanged(scope=scope, is_on=True))
    return hold


def explain_hold(*, scope: str = BRAKE, by: Actor | None, reason: str, at: datetime) -> bool:
    """Say why a hold is in force that was put without a reason. False when it is not, has one, or ``reason`` is none.

    Raises ``PermissionDenied``.
    """
    _may_brake(by)
    given = reason.strip()[:500]
    with transaction.atomic():
        hold = Hold.objects.select_for_update().get(scope=scope)
        if not hold.is_on or hold.reason or not given:
            return False
        hold.reason = given
        hold.save(update_fields=["reason"])
        record("channels.explain_hold", by=by, subject=hold, reason=given, scope=scope)
        announce(HoldChanged(scope=scope, is_on=True))
    return True


def lift_hold(*, scope: str = BRAKE, by: Actor | None, at: datetime) -> Hold:
    """End a hold. What was held stays held until a person lets each or all of it go (``release_held``)."""
    _may_brake(by)
    with transaction.atomic():
        hold = Hold.objects.select_for_update().get(scope=scope)
        if not hold.is_on:
            return hold
        hold.is_on = False
        hold.save(update_fields=["is_on"])
        record("channels.lift_hold", by=by, subject=hold, scope=scope, since=str(hold.since))
        announce(HoldChanged(scope=scope, is_on=False))
    return hold


def hold_due(*, at: datetime) -> int:
    """Mark what is due under a hold as held, so that it is listed and nobody wonders; returns how many.

    Keeps the holds FOR SHARE until it has committed, so that nothing is marked after a hold was lifted: no person would
    look for it then.
    """
    wanted = list(Hold.objects.filter(is_on=True).values_list("scope", flat=True))
    if not wanted:
        return 0
    due: QuerySet[Delivery] = Delivery.objects.filter(state=Delivery.State.DUE, due_at__lte=Now())
    if BRAKE not in wanted:
        due = due.filter(kind__in=wanted)
    with transaction.atomic():
        found = list(due.select_for_update(skip_locked=True, of=("self",)).order_by(*IN_TURN)[:HOLD_BATCH])
        scopes = _on_for_share()
        rows = [row for row in found if scopes & {BRAKE, row.kind}]
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=Delivery.State.HELD,
            problem="Brake" if BRAKE in scopes else "Frozen",
            problem_detail="",
            settled_at=at,
        )
        announce(*(DeliveryChanged.to(Delivery.State.HELD, row) for row in rows))
    return len(rows)


def _on_for_share() -> set[str]:
    """The scopes in force, which stay as they are until the caller's transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT scope FROM {Hold._meta.db_table} WHERE is_on ORDER BY id FOR SHARE")  # noqa: S608
        return {scope for (scope,) in cursor.fetchall()}


def release_held(
    *, by: Actor | None, at: datetime, ids: Sequence[int] | None = None, channel_id: int | None = None
) -> int:
    """A person lets held deliveries go: these, or all of a channel, or all. They are due at once; returns how many.

    Raises ``HoldInForce`` while a hold covers one of them, ``PermissionDenied``.
    """
    if by is not None and not may(by, "channels.decide"):
        raise PermissionDenied
    chosen = Q(state=Delivery.State.HELD)
    if ids is not None:
        chosen &= Q(pk__in=ids)
    if channel_id is not None:
        chosen &= Q(channel_id=channel_id)
    with transaction.atomic():
        found = Delivery.objects.select_for_update(of=("self",)).select_related("channel").filter(chosen)
        rows = list(found.order_by(*IN_TURN))
        channels = {row.channel_id: row.channel for row in rows}.values()
        if by is not None and not all(may(by, "channels.decide", where=channel) for channel in channels):
            raise PermissionDenied
        on = set(Hold.objects.filter(is_on=True).values_list("scope", flat=True))
        for row in rows:
            if covering := on & {BRAKE, row.kind}:
                raise HoldInForce(min(covering))
        Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=Delivery.State.DUE, due_at=Now(), wanted_at=Now(), problem="", problem_detail="", settled_at=None
        )
        subject = rows[0] if len(rows) == 1 else next(iter(channels)) if len(channels) == 1 else None
        record("channels.release_held", by=by, subject=subject, deliveries=[row.pk for row in rows])
        announce(*(DeliveryChanged.to(Delivery.State.DUE, row) for row in rows))
    return len(rows)
