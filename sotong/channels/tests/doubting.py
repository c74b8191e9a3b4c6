"""Deliveries in doubt, and what is said of them."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Now

from sotong.channels.jobs.sending import send_next
from sotong.channels.models import Delivery
from sotong.channels.queries.outcomes import outcome_of


def effects_of(stand_in, delivery) -> int:
    return sum(line["key"] == str(delivery.key) for line in stand_in.effects())


def doubtful(channel, stand_in, deliver, fault):
    stand_in.fault(**{fault: 1})
    delivery = deliver(channel)
    send_next(channel_id=channel.pk)
    stand_in.fault()
    delivery.refresh_from_db()
    return delivery


def later() -> None:
    Delivery.objects.exclude(lease_until=None).update(lease_until=Now() - timedelta(seconds=1))
    Delivery.objects.exclude(next_look_at=None).update(next_look_at=Now() - timedelta(seconds=1))


def said_of(delivery) -> str:
    delivery.refresh_from_db()
    network = delivery.channel.network
    return str(outcome_of(state=delivery.state, problem=delivery.problem, network=network, may_decide=True))
