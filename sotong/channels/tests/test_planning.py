"""Planning a delivery, taking it back, and many workers at once."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from sotong.channels.actions.attempts import (
    begin_attempt,
)
from sotong.channels.actions.deliveries import DeliveryRefused, cancel_delivery, create_delivery, draw_key, key_of
from sotong.channels.jobs.sending import send_next
from sotong.channels.models import Channel, Delivery, Hold
from sotong.channels.records import remote_account
from sotong.people.models import Team


def effects_of(stand_in, delivery) -> int:
    return sum(line["key"] == str(delivery.key) for line in stand_in.effects())


@pytest.mark.django_db
def test_the_same_key_twice_is_one_delivery_and_another_text_is_refused(channel, at):
    key = draw_key(at)
    given = {"channel": channel, "kind": "reply", "key": key, "by": None, "due_at": at, "at": at}
    first = create_delivery(text="네", **given)
    assert create_delivery(text="네", **given).pk == first.pk
    with pytest.raises(DeliveryRefused, match="key_taken"):
        create_delivery(text="아니요", **given)
    assert Delivery.objects.count() == 1


@pytest.mark.django_db
def test_someone_outside_the_channels_teams_cannot_plan_anything_on_it(channel, at, person):
    inside, outside = person("agent", name="안"), person("agent", name="밖")
    team = Team.objects.create(name="상담")
    team.members.add(inside)
    channel.teams.add(team)
    given = {"channel": channel, "kind": "reply", "text": "네", "due_at": at, "at": at}
    assert create_delivery(key=draw_key(at), by=inside, **given).by_id == inside.pk
    with pytest.raises(PermissionDenied):
        create_delivery(key=draw_key(at), by=outside, **given)


@pytest.mark.django_db
def test_a_delivery_can_be_taken_back_until_it_leaves(channel, deliver, at, stand_in):
    target = remote_account(remote_id="c1", handle="c1")
    early = deliver(channel, due_at=at + timedelta(hours=1), direct_to=target)
    assert cancel_delivery(delivery_id=early.pk, by=None, at=at)
    late = deliver(channel)
    send_next(channel_id=channel.pk)
    assert not cancel_delivery(delivery_id=late.pk, by=None, at=at)
    early.refresh_from_db()
    assert early.state == "cancelled"
    assert effects_of(stand_in, early) == 0


@pytest.mark.django_db
def test_nothing_is_sent_when_the_hold_rows_are_missing(channel, deliver, at):
    delivery = deliver(channel)
    Hold.objects.all().delete()
    with pytest.raises(RuntimeError, match="hold"), transaction.atomic():
        begin_attempt(channel_id=channel.pk, at=at)
    delivery.refresh_from_db()
    assert delivery.state == "due"


@pytest.mark.django_db(transaction=True)
def test_fifty_deliveries_and_six_workers_make_fifty_posts(keyless, make_channel, deliver):
    channel = make_channel(keyless.url)
    for number in range(50):
        deliver(channel, f"답 {number}", thread=f"t{number % 7}")
    keyless.fault(latency=0.01)

    def work() -> None:
        while send_next(channel_id=channel.pk):
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while send_next(channel_id=channel.pk):
        pass
    effects = keyless.effects()
    keys = [str(key) for key in Delivery.objects.values_list("key", flat=True)]
    assert Counter(line["key"] for line in effects) == Counter(keys)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    by_thread: dict[int, list[int]] = {}
    for line in effects:
        number = int(line["text"].split()[1])
        by_thread.setdefault(number % 7, []).append(number)
    assert all(numbers == sorted(numbers) for numbers in by_thread.values()), "each thread's answers in their order"


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_sending_at_the_same_moment_ends_as_one_of_the_two(keyless, make_channel, deliver):
    channel = make_channel(keyless.url)
    taken_back: dict[int, bool] = {}
    for _ in range(30):
        delivery = deliver(channel)
        gate = threading.Barrier(2)

        def send(gate=gate) -> None:
            gate.wait()
            send_next(channel_id=channel.pk)
            connection.close()

        thread = threading.Thread(target=send)
        thread.start()
        gate.wait()
        taken_back[delivery.pk] = cancel_delivery(delivery_id=delivery.pk, by=None, at=datetime.now(UTC))
        thread.join()
    for delivery in Delivery.objects.all():
        assert effects_of(keyless, delivery) == (0 if taken_back[delivery.pk] else 1)
        assert delivery.state == ("cancelled" if taken_back[delivery.pk] else "sent")


@pytest.mark.django_db
def test_a_key_that_networks_cannot_read_a_time_from_is_a_mistake(channel: Channel, at: datetime) -> None:
    with pytest.raises(ValueError, match="version 7"):
        create_delivery(channel=channel, kind="reply", key=uuid4(), text="네", by=None, due_at=at, at=at)
    assert not Delivery.objects.exists()


def test_a_token_has_one_key_at_one_time(at: datetime) -> None:
    token = uuid4()
    assert key_of(token, at) == key_of(token, at)
    assert key_of(token, at).version == 7
    assert len({key_of(token, at), key_of(uuid4(), at), key_of(token, at + timedelta(milliseconds=1))}) == 3
