"""In and out once, over a real socket."""

from __future__ import annotations

import pytest

from sotong.bus.actions import use_dispatcher
from sotong.bus.events import Event
from sotong.channels.events import ArrivalsRecorded, DeliveryChanged
from sotong.channels.jobs import settle
from sotong.channels.jobs.polling import poll_channel
from sotong.channels.jobs.sending import look_next, send_next
from sotong.channels.models import Arrival, Delivery

pytestmark = pytest.mark.django_db


def test_what_comes_in_is_recorded_announced_and_processed(channel, stand_in):
    told: list[Event] = []
    use_dispatcher(told.append)
    stand_in.arrive({"id": "a1", "author": "kim", "text": "안녕"}, {"id": "a2", "author": "lee", "text": "둘"})
    assert poll_channel(channel_id=channel.pk)
    settle(channel.pk)
    rows = list(Arrival.objects.filter(channel=channel).order_by("id"))
    assert [(row.remote_id, row.state) for row in rows] == [("a1", "processed"), ("a2", "processed")]
    assert [event.arrival_ids for event in told if isinstance(event, ArrivalsRecorded)] == [(rows[0].pk, rows[1].pk)]
    channel.refresh_from_db()
    assert channel.cursor == "2"
    assert channel.trouble == ""
    assert channel.healthy_at is not None
    assert not poll_channel(channel_id=channel.pk), "it is not its time again yet"


def test_what_goes_out_is_sent_once_and_then_seen(channel, stand_in, deliver):
    told: list[Event] = []
    use_dispatcher(told.append)
    delivery = deliver(channel, "답이에요")
    assert send_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.seen_at) == ("sent", None)
    assert delivery.remote_id
    Delivery.objects.update(next_look_at=delivery.sent_at)
    assert look_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert delivery.seen_at is not None
    effects = [line for line in stand_in.effects() if line["key"] == str(delivery.key)]
    assert len(effects) == 1
    states = [event.state for event in told if isinstance(event, DeliveryChanged)]
    assert states == ["due", "sending", "sent", "sent"]
    assert not send_next(channel_id=channel.pk)
