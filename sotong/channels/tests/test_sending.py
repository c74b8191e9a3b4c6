"""What goes out: at most once, and said to be sent only when it is there."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from sotong.channels.actions.attempts import (
    Intent,
    begin_attempt,
    recover_attempts,
    settle_attempt,
)
from sotong.channels.actions.looks import Look, begin_look, settle_look
from sotong.channels.jobs.sending import look_next, send_next
from sotong.channels.models import Attempt, Channel, Delivery
from sotong.networks import errors
from sotong.networks.contract import Receipt

RECEIPT = Receipt(remote_id="post-x", url="http://example/post-x")


def effects_of(stand_in, delivery) -> int:
    return sum(line["key"] == str(delivery.key) for line in stand_in.effects())


def age_leases(seconds: float = 600) -> None:
    """So much later."""
    Delivery.objects.exclude(lease_until=None).update(lease_until=Now() - timedelta(seconds=seconds))
    Delivery.objects.exclude(next_look_at=None).update(next_look_at=Now() - timedelta(seconds=1))
    Delivery.objects.filter(state="due").update(due_at=Now() - timedelta(seconds=1))


def look_of(channel: Channel) -> Look:
    look = begin_look(channel_id=channel.pk)
    assert look is not None
    return look


def begun(channel: Channel) -> Intent:
    intent = begin_attempt(channel_id=channel.pk, at=datetime.now(UTC))
    assert isinstance(intent, Intent)
    return intent


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "state", "effects"),
    [
        ("", "sent", 1),
        ("server_error", "due", 0),
        ("rate_limited", "due", 0),
        ("rejected", "failed", 0),
        ("unauthorized", "held", 0),
        ("drop_before", "unconfirmed", 0),
        ("drop_after", "unconfirmed", 1),
        ("html", "unconfirmed", 1),
    ],
)
def test_each_answer_of_the_network_has_its_state(channel, stand_in, deliver, fault, state, effects):
    stand_in.fault(**({fault: 1} if fault else {}))
    delivery = deliver(channel)
    assert send_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, effects_of(stand_in, delivery)) == (state, effects)
    attempt = Attempt.objects.get(delivery=delivery)
    assert attempt.ended_at is not None
    assert attempt.outcome
    channel.refresh_from_db()
    assert bool(channel.trouble) == (fault == "unauthorized")
    assert (channel.paused_until is not None) == (fault == "rate_limited")


@pytest.mark.django_db
def test_an_answer_lost_after_the_effect_ends_as_sent_without_a_second_post(channel, stand_in, deliver):
    stand_in.fault(drop_after=1)
    delivery = deliver(channel)
    send_next(channel_id=channel.pk)
    stand_in.fault()
    Delivery.objects.update(next_look_at=Now())
    assert look_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, effects_of(stand_in, delivery)) == ("sent", 1)
    assert delivery.seen_at is not None


@pytest.mark.django_db
def test_not_there_before_the_landing_time_is_over_proves_nothing(channel, stand_in, deliver):
    stand_in.fault(late=1, late_seconds=0.6)
    delivery = deliver(channel)
    send_next(channel_id=channel.pk)
    Delivery.objects.update(next_look_at=Now())
    look_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert delivery.state == "unconfirmed", "it may still land, so it is not due again"
    time.sleep(0.8)
    Delivery.objects.update(next_look_at=Now())
    look_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, effects_of(stand_in, delivery)) == ("sent", 1)


@pytest.mark.django_db
def test_what_is_surely_not_there_goes_again_with_the_same_key(channel, stand_in, deliver):
    stand_in.fault(drop_before=1)
    delivery = deliver(channel)
    send_next(channel_id=channel.pk)
    stand_in.fault()
    age_leases()
    look_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert delivery.state == "due"
    age_leases()
    send_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts_made, effects_of(stand_in, delivery)) == ("sent", 2, 1)


@pytest.mark.django_db
def test_on_a_network_that_cannot_look_only_a_person_ends_the_doubt(make_channel, stand_in, deliver):
    channel = make_channel(stand_in.url, account="blind-one", network="blind")
    stand_in.fault(drop_before=1)
    delivery = deliver(channel)
    send_next(channel_id=channel.pk)
    age_leases()
    assert not look_next(channel_id=channel.pk)
    assert not send_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.next_look_at) == ("unconfirmed", None)


@pytest.mark.django_db
def test_a_worker_that_dies_while_sending_leaves_a_doubt_never_a_due(channel, stand_in, deliver):
    delivery = deliver(channel)
    begun(channel)
    assert recover_attempts(at=datetime.now(UTC)) == 0, "its lease still holds"
    assert begin_attempt(channel_id=channel.pk, at=datetime.now(UTC)) is None, "and nobody else may have it"
    age_leases()
    assert recover_attempts(at=datetime.now(UTC)) == 1
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem) == ("unconfirmed", "Interrupted")
    assert Attempt.objects.get().outcome == "interrupted"
    look_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert delivery.state == "due", "the look, begun after everything could have landed, did not find it"


@pytest.mark.django_db
def test_a_worker_that_comes_back_after_its_lease_can_only_tell_what_cannot_be_wrong(channel, deliver):
    at = datetime.now(UTC)
    delivery = deliver(channel)
    slow = begun(channel)
    age_leases()
    recover_attempts(at=at)
    assert settle_attempt(intent=slow, result=errors.Temporary("busy"), at=at) == "unconfirmed", "not believed any more"
    assert settle_attempt(intent=slow, result=errors.Rejected("no"), at=at) == "unconfirmed"
    assert settle_attempt(intent=slow, result=RECEIPT, at=at) == "sent", "a receipt is always true"
    delivery.refresh_from_db()
    assert delivery.remote_id == "post-x"


@pytest.mark.django_db
def test_a_late_receipt_keeps_a_delivery_that_is_due_again_from_going_twice(channel, deliver):
    at = datetime.now(UTC)
    deliver(channel)
    slow = begun(channel)
    age_leases()
    recover_attempts(at=at)
    look = look_of(channel)
    assert settle_look(look=look, found=None, at=at) == "due"
    assert settle_attempt(intent=slow, result=RECEIPT, at=at) == "sent"
    age_leases()
    assert begin_attempt(channel_id=channel.pk, at=at) is None


@pytest.mark.django_db
def test_a_look_of_an_earlier_attempt_is_forgotten(channel, deliver):
    at = datetime.now(UTC)
    deliver(channel)
    begun(channel)
    age_leases()
    recover_attempts(at=at)
    old = look_of(channel)
    age_leases()
    newer = look_of(channel)
    assert settle_look(look=newer, found=None, at=at) == "due"
    age_leases()
    second = begun(channel)
    settle_attempt(intent=second, result=errors.Unknown("?"), at=at)
    assert settle_look(look=old, found=None, at=at) == "unconfirmed"


@pytest.mark.django_db
def test_sent_without_the_networks_id_cannot_be_written(channel, deliver):
    delivery = deliver(channel)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state="sent")
    intent = begun(channel)
    assert settle_attempt(intent=intent, result=Receipt(remote_id=""), at=datetime.now(UTC)) == "unconfirmed"


@pytest.mark.django_db
def test_a_post_that_is_never_seen_stays_sent_and_says_so(channel, deliver):
    deliver(channel)
    settle_attempt(intent=begun(channel), result=RECEIPT, at=datetime.now(UTC))
    for _ in range(20):
        age_leases()
        look = begin_look(channel_id=channel.pk)
        if look is None:
            break
        settle_look(look=look, found=None, at=datetime.now(UTC))
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.seen_at, delivery.problem, delivery.next_look_at) == (
        "sent",
        None,
        "NotSeen",
        None,
    )


@pytest.mark.django_db
def test_answers_of_one_thread_leave_in_order_and_other_threads_do_not_wait(channel, stand_in, deliver):
    first, second = deliver(channel, "하나", thread="t1"), deliver(channel, "둘", thread="t1")
    other = deliver(channel, "딴 데", thread="t2")
    stand_in.fault(server_error=1)
    send_next(channel_id=channel.pk)
    stand_in.fault()
    while send_next(channel_id=channel.pk):
        pass
    states = {d.pk: d.state for d in Delivery.objects.all()}
    assert states == {first.pk: "due", second.pk: "due", other.pk: "sent"}
    age_leases()
    while send_next(channel_id=channel.pk):
        pass
    assert [line["text"] for line in stand_in.effects()[-3:]] == ["딴 데", "하나", "둘"]


@pytest.mark.django_db
def test_a_dead_sign_in_holds_what_follows_without_asking_the_network_again(channel, stand_in, deliver):
    stand_in.fault(unauthorized=1)
    for _ in range(5):
        deliver(channel)
    while send_next(channel_id=channel.pk):
        pass
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {"held": 5}
    assert stand_in.injected()["unauthorized"] >= 1
    assert Attempt.objects.count() == 1


@pytest.mark.django_db
def test_a_rate_limited_channel_pauses_as_a_whole(channel, stand_in, deliver):
    stand_in.fault(rate_limited=1, retry_after=40)
    for _ in range(5):
        deliver(channel)
    while send_next(channel_id=channel.pk):
        pass
    assert Attempt.objects.count() == 1
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {"due": 5}


@pytest.mark.django_db
def test_a_reply_that_arrives_ends_the_wait_before_the_next_poll_of_a_channel_that_had_failed(channel, deliver):
    asked_in = timedelta(minutes=3)
    for failures, is_soon in ((0, False), (4, True)):
        Channel.objects.update(failures=failures, next_poll_at=Now() + asked_in)
        deliver(channel)
        assert send_next(channel_id=channel.pk)
        assert Channel.objects.filter(next_poll_at__lte=Now()).exists() == is_soon
