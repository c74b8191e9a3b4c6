"""Looking again, and what a person decides where the network cannot tell."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from sotong.access.rules import Actor, may
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.actions.attempts import NO_LOOKS, database_now, mark_sent
from sotong.channels.actions.health import note_trouble
from sotong.channels.connectors import can, page_of_own_post
from sotong.channels.events import DeliveryChanged
from sotong.channels.models import Delivery
from sotong.channels.records import clean
from sotong.channels.rules import back_off, next_look
from sotong.channels.rules.outcomes import GIVE_UP_AFTER, NOT_BORNE_OUT, VOUCHED, pause_of
from sotong.channels.rules.timing import LOOKS_SENT
from sotong.networks import errors
from sotong.networks.contract import Capability, Receipt

State = Delivery.State
LOOKABLE = (State.SENDING, State.UNCONFIRMED, State.SENT)


class TooEarly(Exception):
    """The effect may still land; ``until`` is when not seeing it begins to mean something."""

    def __init__(self, until: datetime) -> None:
        super().__init__(str(until))
        self.until = until


class NotOurs(Exception):
    """That address is no post of the channel's account."""


class TakenAddress(Exception):
    """That address is another reply's."""


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
    elif delivery.state == State.SENT and delivery.looks >= LOOKS_SENT:
        Delivery.objects.filter(pk=delivery.pk).update(next_look_at=None, problem="NotSeen")
    elif delivery.state == State.UNCONFIRMED and delivery.problem == NOT_BORNE_OUT:
        # A person who wanted it looked for may have seen another post of ours: nothing is sent on that.
        Delivery.objects.filter(pk=delivery.pk).update(next_look_at=None)
    elif delivery.state == State.UNCONFIRMED and look.is_late and delivery.settled_at is None:
        _surely_not_there(delivery, now=now, at=at)


def _not_borne_out(delivery: Delivery) -> None:
    """A look did not find what a person vouched for. That word stands while the looks go on, and the screens say whose
    it is; then nobody knows, and it comes before a person again.
    """
    if delivery.looks_empty + 1 < LOOKS_SENT:
        Delivery.objects.filter(pk=delivery.pk).update(problem="ByPersonOnly")
        if delivery.problem != "ByPersonOnly":
            announce(DeliveryChanged.to(State.SENT, delivery))
        return
    record("channels.not_borne_out", by=None, actor="worker", subject=delivery, url=delivery.url)
    _put(delivery, State.UNCONFIRMED, None, problem=NOT_BORNE_OUT)
    Delivery.objects.filter(pk=delivery.pk).update(remote_id="", url="", sent_at=None)


def _seen(delivery: Delivery, receipt: Receipt, *, now: datetime, at: datetime) -> None:
    # What was there and is deleted by now is called sent, and never seen.
    gone = "GoneSince" if receipt.is_deleted else ""
    if delivery.state != State.SENT:
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
    if now - delivery.created_at > GIVE_UP_AFTER:
        _put(delivery, State.FAILED, at, problem="NotThere")
        return
    wait = back_off(delivery.attempts_made, random.random())  # noqa: S311
    _put(delivery, State.DUE, None, problem="NotThere", wait=timedelta(seconds=wait))


def _put(
    delivery: Delivery, state: str, settled_at: datetime | None, *, problem: str, wait: timedelta | None = None
) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        state=state,
        problem=problem,
        problem_detail="",
        next_look_at=None,
        lease_until=None,
        told_at=None,
        settled_at=settled_at,
        due_at=delivery.due_at if wait is None else Now() + wait,
    )
    announce(DeliveryChanged.to(state, delivery))


def _locked(delivery_id: int, by: Actor | None) -> Delivery:
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("channel").get(pk=delivery_id)
    if by is not None and not may(by, "channels.decide", where=delivery.channel):
        raise PermissionDenied
    return delivery


def look_soon(*, delivery_id: int, by: Actor | None, at: datetime) -> bool:
    """A person wants an unconfirmed delivery looked for now. False when it is not in doubt, or nobody can look."""
    with transaction.atomic():
        delivery = _locked(delivery_id, by)
        if delivery.state != State.UNCONFIRMED or not can(delivery.channel.network, Capability.FIND):
            return False
        record("channels.look", by=by, subject=delivery)
        Delivery.objects.filter(pk=delivery.pk).update(next_look_at=Now())
    return True


def decide_there(*, delivery_id: int, url: str, by: Actor | None, at: datetime) -> bool:
    """A person saw the post: it is at ``url``. False when it is not unconfirmed any more.

    It is sent on that person's word, and the network is asked at once where it can be. Raises ``NotOurs`` when that
    address is no post of the channel's account, ``TakenAddress`` when it is another reply's.
    """
    with transaction.atomic():
        delivery = _locked(delivery_id, by)
        if delivery.state != State.UNCONFIRMED:
            return False
        page = page_of_own_post(delivery.channel, url)
        if not page:
            raise NotOurs
        if Delivery.objects.filter(channel__origin=delivery.channel.origin, url=page).exclude(pk=delivery.pk).exists():
            raise TakenAddress
        record("channels.decide_there", by=by, subject=delivery, url=page[:1000])
        now = database_now()
        # A person looked; the network has not confirmed it, so nothing is "seen". The page stands for the id until the
        # network tells it: an id that a person typed could be another post's.
        mark_sent(delivery, Receipt(remote_id=page, url=page), now=now, at=at, problem="ByPerson")
        asked = now if can(delivery.channel.network, Capability.FIND) else None
        Delivery.objects.filter(pk=delivery.pk).update(next_look_at=asked)
    return True


def decide_again(*, delivery_id: int, by: Actor | None, at: datetime) -> str:
    """A person wants it sent (again): a failed or an unconfirmed one. Where the network can look, it is looked for
    first and sent only when it is not there. Returns the state afterwards.

    Raises ``TooEarly`` while an unseen effect may still land on a network that cannot look.
    """
    with transaction.atomic():
        delivery = _locked(delivery_id, by)
        if delivery.state not in {State.UNCONFIRMED, State.FAILED}:
            return delivery.state
        now = database_now()
        record("channels.decide_again", by=by, subject=delivery, was=delivery.state)
        if can(delivery.channel.network, Capability.FIND):
            Delivery.objects.filter(pk=delivery.pk).update(
                state=State.UNCONFIRMED,
                **NO_LOOKS,
                next_look_at=now,
                settled_at=None,
                problem="LookingFirst",
            )
            if delivery.state != State.UNCONFIRMED:
                announce(DeliveryChanged.to(State.UNCONFIRMED, delivery))
            return State.UNCONFIRMED
        if delivery.lease_until is not None and delivery.lease_until > now:
            raise TooEarly(delivery.lease_until)
        _put(delivery, State.DUE, None, problem="", wait=timedelta(0))
        return State.DUE


def decide_leave(*, delivery_id: int, by: Actor | None, at: datetime) -> bool:
    """A person lets it rest: it is not sent again. What is not known stays "unconfirmed"; what failed is cancelled."""
    with transaction.atomic():
        delivery = _locked(delivery_id, by)
        if delivery.state == State.UNCONFIRMED and delivery.settled_at is None:
            record("channels.decide_leave", by=by, subject=delivery, was=delivery.state)
            _put(delivery, State.UNCONFIRMED, at, problem="Left")
            return True
        if delivery.state in {State.FAILED, State.HELD}:
            record("channels.decide_leave", by=by, subject=delivery, was=delivery.state)
            _put(delivery, State.CANCELLED, at, problem=delivery.problem)
            return True
    return False
