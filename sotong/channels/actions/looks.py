"""Looking for a delivery on its network: one look, what it saw, and what follows from that."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from sotong.access.rules import Actor
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.actions.attempts import database_now, mark_sent
from sotong.channels.actions.health import note_trouble
from sotong.channels.events import DeliveryChanged
from sotong.channels.models import Delivery
from sotong.channels.records import clean
from sotong.channels.rules import back_off, next_look
from sotong.channels.rules.outcomes import BY_PERSON_ONLY, GIVE_UP_AFTER, NOT_BORNE_OUT, VOUCHED, pause_of
from sotong.channels.rules.timing import LOOKS_SENT
from sotong.networks import errors
from sotong.networks.contract import Receipt

State = Delivery.State
LOOKABLE = (State.SENDING, State.UNCONFIRMED, State.SENT)


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look to be made. ``is_late``: nothing of the attempt can land any more, so "not there" is believed."""

    delivery_id: int
    channel_id: int
    key: str
    attempt: int
    is_late: bool


def begin_look(*, channel_id: int) -> Look | None:
    """Take the channel's next delivery that someone should look for; its next look is planned at once."""
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True)
            .filter(channel_id=channel_id, next_look_at__lte=Now(), state__in=LOOKABLE)
            .order_by("next_look_at")
            .first()
        )
        if delivery is None:
            return None
        now = database_now()
        lands_until = delivery.lease_until
        following = now + next_look(delivery.looks, random.random())  # noqa: S311
        if delivery.state == State.UNCONFIRMED and lands_until is not None and lands_until > now:
            following = min(following, lands_until + timedelta(milliseconds=200))
        Delivery.objects.filter(pk=delivery.pk).update(looks=delivery.looks + 1, next_look_at=following)
        return Look(
            delivery_id=delivery.pk,
            channel_id=channel_id,
            key=str(delivery.key),
            attempt=delivery.attempts_made,
            is_late=lands_until is None or lands_until <= now,
        )


def settle_look(*, look: Look, found: Receipt | BaseException | None, at: datetime) -> str:
    """Write down what a look saw; returns the delivery's state afterwards.

    A look that belongs to an earlier attempt is forgotten. "Not there" makes an unconfirmed delivery due again, with
    the same key, only when the look began after everything could have landed.
    """
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update(of=("self",)).select_related("channel").get(pk=look.delivery_id)
        if delivery.attempts_made != look.attempt or delivery.state not in LOOKABLE:
            return delivery.state
        now = database_now()
        if isinstance(found, Receipt):
            _seen(delivery, found, now=now, at=at)
        elif isinstance(found, BaseException):
            _not_looked(delivery, found, now=now, at=at)
        else:
            _not_seen(delivery, look, now=now, at=at)
        return Delivery.objects.values_list("state", flat=True).get(pk=delivery.pk)


def _not_seen(delivery: Delivery, look: Look, *, now: datetime, at: datetime) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(looks_empty=F("looks_empty") + 1)
    if delivery.state == State.SENT and delivery.problem in VOUCHED:
        _not_borne_out(delivery)
    elif delivery.state == State.SENT and delivery.looks_empty + 1 >= LOOKS_SENT:
        Delivery.objects.filter(pk=delivery.pk).update(next_look_at=None, problem="NotSeen")
    elif delivery.state == State.UNCONFIRMED and (delivery.settled_at or delivery.problem == NOT_BORNE_OUT):
        # Someone let it rest, or may have seen another post of ours: nothing is sent because a look found nothing.
        Delivery.objects.filter(pk=delivery.pk).update(next_look_at=None)
    elif delivery.state == State.UNCONFIRMED and look.is_late:
        _surely_not_there(delivery, now=now, at=at)


def _not_borne_out(delivery: Delivery) -> None:
    """A look did not find what a person vouched for. That word stands while the looks go on, and the screens say whose
    it is; then nobody knows, and it comes before a person again.
    """
    if delivery.looks_empty + 1 < LOOKS_SENT:
        Delivery.objects.filter(pk=delivery.pk).update(problem=BY_PERSON_ONLY)
        if delivery.problem != BY_PERSON_ONLY:
            announce(DeliveryChanged.to(State.SENT, delivery))
        return
    record("channels.not_borne_out", by=None, actor="worker", subject=delivery, url=delivery.url)
    take_word_back(delivery)


def take_word_back(delivery: Delivery) -> None:
    """What a person vouched for is unconfirmed again; the address that was given stays as its problem's detail."""
    put(delivery, State.UNCONFIRMED, None, problem=NOT_BORNE_OUT, detail=delivery.url[:500])
    Delivery.objects.filter(pk=delivery.pk).update(remote_id="", url="", sent_at=None)


def _seen(delivery: Delivery, receipt: Receipt, *, now: datetime, at: datetime) -> None:
    # What was there and is deleted by now is called sent, and never seen.
    gone = "GoneSince" if receipt.is_deleted else ""
    if delivery.state != State.SENT or delivery.problem in VOUCHED:
        mark_sent(delivery, receipt, now=now, at=at, is_seen=not gone, problem=gone)
        return
    Delivery.objects.filter(pk=delivery.pk).update(
        seen_at=None if gone else now,
        next_look_at=None,
        problem=gone,
        remote_id=clean(receipt.remote_id, 500) or delivery.remote_id,
        url=clean(receipt.url, 1000) or delivery.url,
        revision=clean(receipt.revision, 200) or delivery.revision,
    )
    announce(DeliveryChanged.to(State.SENT, delivery))


def _not_looked(delivery: Delivery, error: BaseException, *, now: datetime, at: datetime) -> None:
    if isinstance(error, errors.Unsupported):
        Delivery.objects.filter(pk=delivery.pk).update(next_look_at=None)
        return
    Delivery.objects.filter(pk=delivery.pk).update(looks_failed=F("looks_failed") + 1)
    if isinstance(error, errors.RateLimited):
        Delivery.objects.filter(pk=delivery.pk).update(next_look_at=now + timedelta(seconds=pause_of(error)))
    elif isinstance(error, errors.Unauthorized):
        note_trouble(channel_id=delivery.channel_id, error=error, at=at)


def _surely_not_there(delivery: Delivery, *, now: datetime, at: datetime) -> None:
    if now - delivery.wanted_since > GIVE_UP_AFTER:
        put(delivery, State.FAILED, at, problem="NotThere")
        return
    wait = back_off(delivery.attempts_made, random.random())  # noqa: S311
    put(delivery, State.DUE, None, problem="NotThere", wait=timedelta(seconds=wait))


def put(
    delivery: Delivery,
    state: str,
    settled_at: datetime | None,
    *,
    problem: str,
    detail: str = "",
    wait: timedelta | None = None,
    by: Actor | None = None,
) -> None:
    """Move a delivery to ``state`` within the caller's transaction; ``wait``: then it is due after that. ``by``: who
    decided so.
    """
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state,
        problem=problem,
        problem_detail=detail,
        next_look_at=None,
        # Whatever people decide meanwhile: until then the effect of the last attempt may still land.
        lease_until=delivery.lease_until if state == State.UNCONFIRMED else None,
        told_at=None,
        settled_at=settled_at,
        due_at=delivery.due_at if wait is None else Now() + wait,
    )
    announce(DeliveryChanged.to(state, delivery, by=by))
