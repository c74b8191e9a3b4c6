"""Two at the same moment, made certain: a lock that the test holds stops a sender between its locks and its commit."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from sotong.channels.actions.attempts import Intent, begin_attempt
from sotong.channels.actions.deliveries import cancel_delivery
from sotong.channels.actions.holds import hold_due, lift_hold, put_hold, release_held
from sotong.channels.actions.looks import Look, settle_look
from sotong.channels.models import Channel, Delivery
from sotong.networks.contract import Receipt

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


class Running(threading.Thread):
    """Work in a thread with its own connection; ``result`` when it has ended."""

    result: Any = None

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__(daemon=True)
        self.work = work
        self.start()

    def run(self) -> None:
        try:
            self.result = self.work()
        finally:
            connection.close()

    def waits(self, seconds: float = 0.5) -> bool:
        """Whether it is still at it."""
        self.join(seconds)
        return self.is_alive()


@contextmanager
def sender_stopped_before_its_commit(channel: Channel) -> Iterator[Running]:
    """A sender that holds its delivery and the hold rows and waits for the channel's row, which we hold."""
    with transaction.atomic():
        Channel.objects.select_for_update().get(pk=channel.pk)
        sender = Running(lambda: begin_attempt(channel_id=channel.pk, at=NOW))
        assert sender.waits()
        yield sender
    sender.join(5)


def test_a_freeze_waits_for_the_sender_that_holds_the_row(make_channel, deliver):
    channel = make_channel("http://127.0.0.1:9")
    deliver(channel)
    with sender_stopped_before_its_commit(channel) as sender:
        freezer = Running(lambda: put_hold(by=None, reason="", at=NOW))
        assert freezer.waits(), "the freeze is in force while a sender may still commit: a leak"
    freezer.join(5)
    assert isinstance(sender.result, Intent)
    assert freezer.result is not None
    assert Delivery.objects.get().state == "sending", "what was already leaving is listed as leaving"


def test_a_sender_that_comes_after_a_freeze_sees_it(make_channel, deliver):
    channel = make_channel("http://127.0.0.1:9")
    deliver(channel)
    with transaction.atomic():
        put_hold(by=None, reason="", at=NOW)
        sender = Running(lambda: begin_attempt(channel_id=channel.pk, at=NOW))
        assert sender.waits(), "it must wait for the freeze that is not committed yet"
    sender.join(5)
    assert Delivery.objects.get().state == "held"


def test_what_is_just_leaving_cannot_be_taken_back(make_channel, deliver):
    channel = make_channel("http://127.0.0.1:9")
    delivery = deliver(channel)
    with sender_stopped_before_its_commit(channel):
        taker = Running(lambda: cancel_delivery(delivery_id=delivery.pk, by=None, at=NOW))
        assert taker.waits()
    taker.join(5)
    assert taker.result is False
    assert Delivery.objects.get().state == "sending"


def test_a_channel_that_is_closed_at_that_moment_lets_nothing_out_afterwards(make_channel, deliver):
    channel = make_channel("http://127.0.0.1:9")
    deliver(channel)
    with transaction.atomic():
        Channel.objects.filter(pk=channel.pk).update(mode="closed")
        sender = Running(lambda: begin_attempt(channel_id=channel.pk, at=NOW))
        assert sender.waits()
    sender.join(5)
    assert Delivery.objects.get().state == "held"


def test_a_second_sender_takes_the_next_instead_of_waiting(make_channel, deliver):
    channel = make_channel("http://127.0.0.1:9")
    first, second = deliver(channel), deliver(channel)
    with transaction.atomic():
        Delivery.objects.select_for_update().get(pk=first.pk)
        other = Running(lambda: begin_attempt(channel_id=channel.pk, at=NOW))
        other.join(5)
        assert isinstance(other.result, Intent)
        assert other.result.delivery_id == second.pk


def test_a_lift_waits_for_whoever_marks_what_is_due_as_held(make_channel, deliver):
    deliver(make_channel("http://127.0.0.1:9"))
    put_hold(by=None, reason="", at=NOW)
    with transaction.atomic():
        assert hold_due(at=NOW) == 1
        lifter = Running(lambda: lift_hold(by=None, at=NOW))
        assert lifter.waits(), "what is marked after the lift stays held, and nobody looks for it"
    lifter.join(5)
    assert release_held(by=None, at=NOW) == 1
    assert Delivery.objects.get().state == "due"


def test_what_a_look_saw_is_written_while_someone_holds_the_channels_row(make_channel, deliver):
    channel = make_channel("http://127.0.0.1:9")
    delivery = deliver(channel)
    Delivery.objects.filter(pk=delivery.pk).update(state="unconfirmed", attempts_made=1)
    look = Look(delivery_id=delivery.pk, channel_id=channel.pk, key=str(delivery.key), attempt=1, is_late=True)
    with transaction.atomic():
        Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
        looker = Running(lambda: settle_look(look=look, found=Receipt(remote_id="r1", url=""), at=NOW))
        assert not looker.waits(5), "it locks the channel's row, against the order of the others"
    assert looker.result == "sent"
