"""One try to send: intent committed before the socket opens, settled after, recovered when its worker died.

Rows are locked in one order everywhere: delivery, hold, channel.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.actions.health import note_trouble, poll_soon
from sotong.channels.connectors import can, manifest_of
from sotong.channels.events import DeliveryChanged
from sotong.channels.models import Attempt, Channel, Delivery, Hold
from sotong.channels.models.deliveries import IN_TURN
from sotong.channels.records import clean, to_account, to_post_ref
from sotong.channels.rules import after, landing_over, lease_length, may_send, next_look
from sotong.channels.rules.outcomes import VOUCHED, problem_of
from sotong.channels.rules.timing import EARLY_LOOK, LONGEST_LANDING
from sotong.jobs.failpoints import reach
from sotong.networks.contract import Capability, Media, OutboundPost, Receipt

State = Delivery.State
NO_LOOKS = {"looks": 0, "looks_empty": 0, "looks_failed": 0}
"""Looking begins anew."""


@dataclass(frozen=True, kw_only=True)
class Intent:
    """A committed ``sending``: whoever holds it is the only one who may publish it, and only soon."""

    delivery_id: int
    channel_id: int
    attempt: int
    post: OutboundPost


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """A delivery that was due and may not go out now: it is held, or waits by itself (``is_waiting``)."""

    delivery_id: int
    reason: str
    is_waiting: bool


def database_now() -> datetime:
    """The database's clock: the one that leases are kept by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment.astimezone(UTC)


def _next_due(channel_id: int) -> Delivery | None:
    """The next due delivery that no one else has and whose chain is free, locked."""
    ahead = Delivery.objects.filter(channel_id=OuterRef("channel_id"), chain=OuterRef("chain"), id__lt=OuterRef("id"))
    ahead = ahead.filter(Q(state__in=[State.DUE, State.SENDING]) | Q(state=State.UNCONFIRMED, lease_until__gt=Now()))
    return (
        Delivery.objects.filter(channel_id=channel_id, state=State.DUE, due_at__lte=Now())
        .filter(Q(chain="") | ~Exists(ahead))
        .order_by("due_at", "id")
        .select_for_update(skip_locked=True)
        .first()
    )


def begin_attempt(*, channel_id: int, at: datetime) -> Intent | Stopped | None:
    """Take the channel's next due delivery and commit that we are sending it; None when there is nothing to do.

    The hold rows are taken FOR SHARE: a freeze that has committed lets no ``sending`` commit after it.
    """
    reach("channels.attempt.before")
    with transaction.atomic():
        delivery = _next_due(channel_id)
        if delivery is None:
            return None
        holds = _holds_for_share(delivery.kind)
        channel = _channel_for_share(channel_id)
        now = database_now()
        permit = may_send(
            kind=delivery.kind,
            mode=channel.mode,
            allowed_kinds=channel.allowed_kinds,
            holds_on=holds,
            trouble=channel.trouble,
            paused_until=channel.paused_until,
            now=now,
        )
        if permit.verdict == "wait":
            return Stopped(delivery_id=delivery.pk, reason=permit.reason, is_waiting=True)
        if permit.verdict == "hold":
            _hold(delivery, permit.reason, at)
            return Stopped(delivery_id=delivery.pk, reason=permit.reason, is_waiting=False)
        media = list(delivery.media.order_by("position"))
        manifest = manifest_of(channel.network)
        if manifest is None:
            _hold(delivery, "NoNetwork", at)
            return Stopped(delivery_id=delivery.pk, reason="NoNetwork", is_waiting=False)
        landing = manifest.limits.landing_time_max
        number = delivery.attempts_made + 1
        Attempt.objects.create(delivery=delivery, number=number, started_at=now)
        Delivery.objects.filter(pk=delivery.pk).update(
            state=State.SENDING,
            attempts_made=number,
            lease_until=now + lease_length(landing, len(media)),
            next_look_at=now + EARLY_LOOK,
            **NO_LOOKS,
        )
        announce(DeliveryChanged.to(State.SENDING, delivery))
        reach("channels.attempt.inside")
    post = OutboundPost(
        text=delivery.text,
        idempotency_key=str(delivery.key),
        in_reply_to=to_post_ref(delivery.in_reply_to),
        direct_to=to_account(delivery.direct_to),
        language=delivery.language,
        media=tuple(
            Media(mime=m.mime, alt=m.alt, width=m.width, height=m.height, content=bytes(m.content)) for m in media
        ),
        created_at=delivery.created_at,
    )
    return Intent(delivery_id=delivery.pk, channel_id=channel_id, attempt=number, post=post)


def _holds_for_share(kind: str) -> frozenset[str]:
    """The scopes in force that touch ``kind``. Raises ``RuntimeError`` when a row is missing: never send then."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT scope, is_on FROM {Hold._meta.db_table} WHERE scope = ANY(%s) ORDER BY id FOR SHARE",  # noqa: S608
            [["all", kind]],
        )
        rows = cursor.fetchall()
    if len(rows) != 2:
        raise RuntimeError("the hold rows are missing")
    return frozenset(scope for scope, is_on in rows if is_on)


def _channel_for_share(channel_id: int) -> Channel:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {Channel._meta.db_table} WHERE id = %s FOR SHARE",  # noqa: S608
            [channel_id],
        )
    return Channel.objects.get(pk=channel_id)


def _hold(delivery: Delivery, reason: str, at: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.HELD, problem=reason, problem_detail="", settled_at=at, next_look_at=None
    )
    announce(DeliveryChanged.to(State.HELD, delivery))


def settle_attempt(*, intent: Intent, result: Receipt | BaseException, at: datetime) -> str:
    """Write down how an attempt ended; returns the delivery's state afterwards.

    An attempt whose lease was taken over writes only what cannot be wrong: a receipt is always true, a failure is not
    believed any more.
    """
    is_receipt = isinstance(result, Receipt) and bool(result.remote_id)
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=intent.delivery_id)
        now = database_now()
        is_ours = delivery.state == State.SENDING and delivery.attempts_made == intent.attempt
        if isinstance(result, Receipt) and is_receipt:
            outcome, detail = "sent", ""
            if is_ours or delivery.problem in VOUCHED or delivery.state not in {State.SENDING, State.SENT}:
                mark_sent(delivery, result, now=now, at=at)
        else:
            error = result if isinstance(result, BaseException) else TypeError("the connector returned no id")
            outcome, detail = problem_of(error)[:20], clean(getattr(error, "detail", "") or "", 500)
            if is_ours:
                _apply(delivery, error, detail, now=now, at=at)
        Attempt.objects.filter(delivery=delivery, number=intent.attempt).update(
            ended_at=now, outcome=outcome, detail=detail
        )
        reach("channels.settle.inside")
        state = Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk)
    reach("channels.settle.after")
    return state


def mark_sent(
    delivery: Delivery, receipt: Receipt, *, now: datetime, at: datetime, is_seen: bool = False, problem: str = ""
) -> None:
    """The network has it: it returned the id, or ``find`` saw it, or (``problem``) why we still call it sent. Within
    the caller's transaction.
    """
    can_look = can(delivery.channel.network, Capability.FIND)
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.SENT,
        remote_id=clean(receipt.remote_id, 500),
        revision=clean(receipt.revision, 200),
        url=clean(receipt.url, 1000),
        sent_at=delivery.sent_at or now,
        seen_at=now if is_seen else None,
        next_look_at=None if is_seen or problem or not can_look else now + next_look(0, 1.0),
        **NO_LOOKS,
        # A person's word may be taken back while the effect may still land.
        lease_until=delivery.lease_until if problem in VOUCHED else None,
        problem=problem,
        problem_detail="",
        told_at=None,
        settled_at=at,
    )
    announce(DeliveryChanged.to(State.SENT, delivery))
    if problem in VOUCHED:
        # The trail names the person who says so; that it was sent is written when the network says it.
        return
    attempt = delivery.attempts_made
    record("channels.send", by=None, actor="worker", subject=delivery, key=str(delivery.key), attempt=attempt)
    if delivery.channel.failures:
        # The network answers again: the next poll need not wait for its turn to say so.
        poll_soon(channel_id=delivery.channel_id)


def _apply(delivery: Delivery, error: BaseException, detail: str, *, now: datetime, at: datetime) -> None:
    """Put a failed attempt's outcome into force."""
    chance = random.random()  # noqa: S311  (spreads retries; nothing secret)
    outcome = after(error, attempt=delivery.attempts_made, age=now - delivery.wanted_since, chance=chance)
    manifest = manifest_of(delivery.channel.network)
    changes: dict[str, Any] = {
        "state": outcome.state,
        "problem": outcome.problem,
        "problem_detail": detail,
        "lease_until": None,
        "next_look_at": None,
        "settled_at": None if outcome.state in {State.DUE, State.UNCONFIRMED} else at,
    }
    if outcome.state == State.DUE:
        changes["due_at"] = now + timedelta(seconds=outcome.wait)
    if outcome.state == State.UNCONFIRMED:
        landing = manifest.limits.landing_time_max if manifest is not None else LONGEST_LANDING
        changes["lease_until"] = now + landing_over(landing)
        if can(delivery.channel.network, Capability.FIND):
            changes["next_look_at"] = now + next_look(0, chance)
    Delivery.objects.filter(pk=delivery.pk).update(**changes)
    announce(DeliveryChanged.to(outcome.state, delivery))
    if outcome.pause:
        Channel.objects.filter(pk=delivery.channel_id).update(paused_until=now + timedelta(seconds=outcome.pause))
    if outcome.is_trouble:
        note_trouble(channel_id=delivery.channel_id, error=error, at=at)


def recover_attempts(*, at: datetime, limit: int = 200) -> int:
    """Deliveries whose worker died while sending become unconfirmed: the effect may have happened. Returns how many.

    The lease outlives the network's longest landing time, so the look that follows knows what it sees.
    """
    with transaction.atomic():
        rows = list(
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("channel")
            .filter(state=State.SENDING, lease_until__lte=Now())
            .order_by(*IN_TURN)[:limit]
        )
        for delivery in rows:
            can_look = can(delivery.channel.network, Capability.FIND)
            Delivery.objects.filter(pk=delivery.pk).update(
                state=State.UNCONFIRMED,
                problem="Interrupted",
                problem_detail="",
                next_look_at=Now() if can_look else None,
                **NO_LOOKS,
            )
            Attempt.objects.filter(delivery=delivery, number=delivery.attempts_made, ended_at=None).update(
                ended_at=Now(), outcome="interrupted"
            )
            announce(DeliveryChanged.to(State.UNCONFIRMED, delivery))
    return len(rows)
