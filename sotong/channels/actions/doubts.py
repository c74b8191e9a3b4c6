"""What a person decides where the network cannot tell."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from sotong.access.rules import Actor, may
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.actions.attempts import NO_LOOKS, database_now, mark_sent
from sotong.channels.actions.looks import put, take_word_back
from sotong.channels.connectors import can, own_post_of
from sotong.channels.events import DeliveryChanged
from sotong.channels.models import Delivery
from sotong.channels.rules.outcomes import BY_PERSON, LEFT, VOUCHED
from sotong.networks.contract import Capability, Receipt

State = Delivery.State


class TooEarly(Exception):
    """The effect may still land; ``until`` is when not seeing it begins to mean something."""

    def __init__(self, until: datetime) -> None:
        super().__init__(str(until))
        self.until = until


class NotOurs(Exception):
    """That address is no post of the channel's account."""


class TakenAddress(Exception):
    """That address is another reply's."""


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
        found = own_post_of(delivery.channel, url, is_direct=delivery.direct_to is not None)
        if found is None:
            raise NotOurs
        page, names = found.page, found.names
        with connection.cursor() as cursor:
            # Of two people who name the same post at once the second waits and is told.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"channels.decide_there:{page}"])
        others = Delivery.objects.filter(channel__origin=delivery.channel.origin).exclude(pk=delivery.pk)
        if others.filter(Q(url__in=names) | Q(remote_id__in=names)).exists():
            raise TakenAddress
        record("channels.decide_there", by=by, subject=delivery, url=page[:1000])
        now = database_now()
        # A person looked; the network has not confirmed it, so nothing is "seen". The page stands for the id until the
        # network tells it: an id that a person typed could be another post's.
        mark_sent(delivery, Receipt(remote_id=page, url=page), now=now, at=at, problem=BY_PERSON)
        asked = now if can(delivery.channel.network, Capability.FIND) else None
        Delivery.objects.filter(pk=delivery.pk).update(next_look_at=asked)
    return True


def decide_mistaken(*, delivery_id: int, by: Actor | None, at: datetime) -> bool:
    """The address that a person gave was a mistake. False when nobody vouches for it any more."""
    with transaction.atomic():
        delivery = _locked(delivery_id, by)
        if delivery.state != State.SENT or delivery.problem not in VOUCHED:
            return False
        record("channels.decide_mistaken", by=by, subject=delivery, url=delivery.url)
        take_word_back(delivery)
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
                wanted_at=now,
                problem="LookingFirst",
                problem_detail="",
            )
            if delivery.state != State.UNCONFIRMED or delivery.settled_at is not None:
                announce(DeliveryChanged.to(State.UNCONFIRMED, delivery))
            return State.UNCONFIRMED
        if delivery.lease_until is not None and delivery.lease_until > now:
            raise TooEarly(delivery.lease_until)
        put(delivery, State.DUE, None, problem="", wait=timedelta(0))
        Delivery.objects.filter(pk=delivery.pk).update(wanted_at=now)
        return State.DUE


def decide_leave(*, delivery_id: int, by: Actor | None, at: datetime) -> bool:
    """A person lets it rest: it is not sent again. What is not known stays "unconfirmed"; what failed is cancelled."""
    with transaction.atomic():
        delivery = _locked(delivery_id, by)
        if delivery.state == State.UNCONFIRMED and delivery.settled_at is None:
            record("channels.let_rest", by=by, subject=delivery)
            put(delivery, State.UNCONFIRMED, at, problem=LEFT, detail=delivery.problem_detail, by=by)
            return True
        if delivery.state in {State.FAILED, State.HELD}:
            record("channels.decide_leave", by=by, subject=delivery, was=delivery.state)
            put(delivery, State.CANCELLED, at, problem=delivery.problem, by=by)
            return True
    return False
