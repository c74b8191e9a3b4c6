"""Taking a sent post off its network: the wish is committed first, then a job asks, then someone looks.

Rows are locked in one order everywhere: delivery, removal.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from sotong.access.rules import Actor
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.channels.actions.attempts import database_now
from sotong.channels.actions.health import note_trouble
from sotong.channels.connectors import can
from sotong.channels.events import RemovalChanged
from sotong.channels.models import Channel, Delivery, Removal
from sotong.channels.records import clean
from sotong.channels.rules import next_look
from sotong.channels.rules.outcomes import after_removal, pause_of
from sotong.channels.rules.permits import may_want_again, removal_refusal
from sotong.channels.rules.timing import LOOKS_SENT, REMOVAL_LEASE
from sotong.jobs.face import enqueue
from sotong.networks import errors
from sotong.networks.contract import Capability, Receipt

State = Removal.State


class RemovalRefused(Exception):
    """This delivery cannot be taken off its network. ``code``: not_sent, cannot_delete."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Removing:
    """One call to be made: ask to delete, or (``is_look``) look whether it is gone."""

    removal_id: int
    delivery_id: int
    channel_id: int
    remote_id: str
    key: str
    number: int
    is_look: bool


def request_removal(*, delivery_id: int, by: Actor, reason: str, at: datetime) -> bool:
    """Want a sent post gone; False when that is wanted or done already. Who may, and the audit entry, are the caller's.

    No hold stops it, nor a closed channel: the brake keeps us from saying more, and this is less. Raises
    ``RemovalRefused``.
    """
    with transaction.atomic():
        delivery = Delivery.objects.select_for_update(of=("self",)).select_related("channel").get(pk=delivery_id)
        code = removal_refusal(
            state=delivery.state,
            problem=delivery.problem,
            can_delete=can(delivery.channel.network, Capability.DELETE),
        )
        if code:
            raise RemovalRefused(code)
        wish: dict[str, Any] = {
            "state": State.DUE,
            "by_id": by.pk,  # type: ignore[attr-defined]
            "reason": clean(reason, 200),
            "wanted_at": at,
            "next_at": database_now(),
            "checked_at": None,
            "looks": 0,
            "problem": "",
            "problem_detail": "",
        }
        removal, is_new = Removal.objects.get_or_create(delivery=delivery, defaults=wish)
        if not is_new:
            if not may_want_again(removal.state, removal.problem):
                return False
            Removal.objects.filter(pk=removal.pk).update(**wish)
        _tell(delivery, State.DUE)
        enqueue(
            "channels.remove_due", once=f"channels.remove_due:{delivery.channel_id}", channel_id=delivery.channel_id
        )
    return True


def begin_removal(*, channel_id: int) -> Removing | None:
    """Take the channel's next removal that has something to ask; None when there is none, or the network wants peace.

    It is put off at once, so that a worker that dies now is only followed by another, later.
    """
    with transaction.atomic():
        peace = Q(delivery__channel__paused_until__gt=Now())
        waiting = Removal.objects.filter(delivery__channel_id=channel_id, next_at__lte=Now()).exclude(peace)
        rows = waiting.select_related("delivery").select_for_update(skip_locked=True, of=("self",))
        removal = rows.order_by("next_at", "id").first()
        if removal is None:
            return None
        now, delivery = database_now(), removal.delivery
        is_look = removal.state == State.DELETED
        if is_look:
            removal.looks += 1
            removal.next_at = now + next_look(removal.looks, random.random())  # noqa: S311
        else:
            removal.tries += 1
            removal.next_at = now + REMOVAL_LEASE
        removal.save(update_fields=["looks", "tries", "next_at"])
        return Removing(
            removal_id=removal.pk,
            delivery_id=delivery.pk,
            channel_id=channel_id,
            remote_id=delivery.remote_id,
            key=str(delivery.key),
            number=removal.looks if is_look else removal.tries,
            is_look=is_look,
        )


def _locked(removing: Removing) -> tuple[Delivery, Removal]:
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("channel").get(pk=removing.delivery_id)
    return delivery, Removal.objects.select_for_update().get(pk=removing.removal_id)


def settle_removal(*, removing: Removing, error: BaseException | None, at: datetime) -> str:
    """Write down what the network said to a deletion; returns the removal's state afterwards.

    That it is deleted is true whoever says it and when; a failure is believed only of the newest try.
    """
    with transaction.atomic():
        delivery, removal = _locked(removing)
        if removal.state != State.DUE:
            return removal.state
        now, chance = database_now(), random.random()  # noqa: S311
        if error is None:
            _deleted(delivery, removal, problem="", now=now)
        elif removal.tries == removing.number:
            outcome = after_removal(error, attempt=removal.tries, age=now - removal.wanted_at, chance=chance)
            if outcome.state == State.DELETED:
                _deleted(delivery, removal, problem=outcome.problem, now=now)
            else:
                removal.state, removal.problem = outcome.state, outcome.problem
                removal.problem_detail = clean(getattr(error, "detail", "") or "", 500)
                removal.next_at = now + timedelta(seconds=outcome.wait) if outcome.state == State.DUE else None
                removal.save(update_fields=["state", "problem", "problem_detail", "next_at"])
            if outcome.pause:
                paused = now + timedelta(seconds=outcome.pause)
                Channel.objects.filter(pk=delivery.channel_id).update(paused_until=paused)
            if outcome.is_trouble:
                note_trouble(channel_id=delivery.channel_id, error=error, at=at)
        else:
            return removal.state
        _tell(delivery, removal.state)
    return removal.state


def _deleted(delivery: Delivery, removal: Removal, *, problem: str, now: datetime) -> None:
    removal.state, removal.problem, removal.problem_detail = State.DELETED, problem, ""
    removal.deleted_at = removal.deleted_at or now
    removal.next_at = now + next_look(0, 1.0) if can(delivery.channel.network, Capability.FIND) else None
    removal.save(update_fields=["state", "problem", "problem_detail", "deleted_at", "next_at"])
    # From now on it would be looked for in vain.
    Delivery.objects.filter(pk=delivery.pk).update(next_look_at=None)
    record("channels.remove", by=None, actor="worker", subject=delivery, key=str(delivery.key), attempt=removal.tries)


def settle_gone(*, removing: Removing, found: Receipt | BaseException | None, at: datetime) -> None:
    """Write down what a look after the deletion saw. One that goes on being there is told as such."""
    with transaction.atomic():
        delivery, removal = _locked(removing)
        if removal.state != State.DELETED or removal.checked_at is not None or removal.looks != removing.number:
            return
        now = database_now()
        if isinstance(found, errors.Unsupported):
            removal.next_at = None
        elif isinstance(found, errors.RateLimited):
            removal.next_at = now + timedelta(seconds=pause_of(found))
        elif isinstance(found, BaseException):
            if isinstance(found, errors.Unauthorized):
                note_trouble(channel_id=delivery.channel_id, error=found, at=at)
        elif found is None or found.is_deleted:
            removal.checked_at, removal.next_at = now, None
        elif removal.looks >= LOOKS_SENT:
            removal.problem, removal.next_at = "StillThere", None
        removal.save(update_fields=["problem", "checked_at", "next_at"])
        if removal.next_at is None:
            _tell(delivery, removal.state)


def _tell(delivery: Delivery, state: str) -> None:
    announce(RemovalChanged(delivery_id=delivery.pk, channel_id=delivery.channel_id, state=state))
