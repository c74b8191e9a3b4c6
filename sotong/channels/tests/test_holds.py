"""The brake and the freezes."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from sotong.audit.models import Entry
from sotong.channels.actions.attempts import database_now
from sotong.channels.actions.holds import SCOPES, HoldInForce, hold_due, lift_hold, put_hold, release_held
from sotong.channels.jobs.sending import send_next
from sotong.channels.models import Attempt, Channel, Delivery, Hold

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_no_sending_is_committed_after_the_brake_though_five_hundred_are_due(keyless, make_channel, deliver):
    channels = [make_channel(keyless.url, account=f"us{n}") for n in range(4)]
    for number in range(500):
        deliver(channels[number % 4], f"답 {number}")
    stop = threading.Event()

    def work(channel: Channel) -> None:
        while not stop.is_set():
            if not send_next(channel_id=channel.pk):
                time.sleep(0.01)
        connection.close()

    threads = [threading.Thread(target=work, args=(channel,)) for channel in channels * 2]
    for thread in threads:
        thread.start()
    while Attempt.objects.count() < 40:
        time.sleep(0.02)
    begun = time.monotonic()
    put_hold(by=None, reason="시험", at=NOW)
    took = time.monotonic() - begun
    frozen = database_now()
    time.sleep(1.0)
    stop.set()
    for thread in threads:
        thread.join()
    assert took < 2, took
    assert not Attempt.objects.filter(started_at__gt=frozen).exists(), "a leak"
    sent = Delivery.objects.filter(state="sent").count()
    assert 0 < sent < 500, "the brake came while there was still something to stop"
    assert len(keyless.effects()) == sent
    while hold_due(at=NOW):
        pass
    assert Counter(Delivery.objects.values_list("state", flat=True)) == {"sent": sent, "held": 500 - sent}


@pytest.mark.django_db
def test_lifting_the_brake_lets_nothing_go_by_itself(channel, deliver, person, stand_in):
    lead = person("lead")
    first, second = deliver(channel, "하나"), deliver(channel, "둘")
    put_hold(by=lead, reason="사고", at=NOW)
    assert hold_due(at=NOW) == 2
    with pytest.raises(HoldInForce):
        release_held(by=lead, at=NOW)
    lift_hold(by=lead, at=NOW)
    assert not send_next(channel_id=channel.pk)
    assert release_held(by=lead, at=NOW, ids=[first.pk]) == 1
    assert Entry.objects.get(action="channels.release_held").subject_id == first.pk
    assert send_next(channel_id=channel.pk)
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.state, second.state) == ("sent", "held")
    assert release_held(by=lead, at=NOW) == 1
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"channels.put_hold", "channels.lift_hold", "channels.release_held"} <= actions


@pytest.mark.django_db
def test_a_freeze_stops_its_kind_and_no_other(channel, deliver):
    reply, automatic = deliver(channel), deliver(channel, kind="automatic")
    put_hold(scope="automatic", by=None, reason="", at=NOW)
    while send_next(channel_id=channel.pk):
        pass
    reply.refresh_from_db(), automatic.refresh_from_db()
    assert (reply.state, automatic.state, automatic.problem) == ("sent", "held", "Frozen")


@pytest.mark.django_db
def test_what_is_not_due_yet_is_not_touched_by_the_brake(channel, deliver):
    later = deliver(channel, due_at=datetime.now(UTC) + timedelta(hours=1))
    put_hold(by=None, reason="", at=NOW)
    assert hold_due(at=NOW) == 0
    later.refresh_from_db()
    assert later.state == "due"


@pytest.mark.django_db
def test_who_may_brake_and_who_may_let_go(channel, person):
    agent, lead, press = person("agent"), person("lead"), person("press_officer")
    for refused in (lambda: put_hold(by=agent, reason="", at=NOW), lambda: lift_hold(by=agent, at=NOW)):
        with pytest.raises(PermissionDenied):
            refused()
    put_hold(by=press, reason="기사", at=NOW)
    assert Hold.objects.get(scope="all").by_id == press.pk
    with pytest.raises(PermissionDenied):
        release_held(by=press, at=NOW)
    lift_hold(by=lead, at=NOW)
    assert release_held(by=lead, at=NOW) == 0


@pytest.mark.django_db
def test_there_is_a_row_to_lock_for_everything_that_can_be_held():
    assert set(Hold.objects.values_list("scope", flat=True)) == set(SCOPES) == {"all", *Delivery.Kind.values}
    with pytest.raises(KeyError):
        put_hold(scope="no such thing", by=None, reason="", at=NOW)


@pytest.mark.django_db
def test_a_second_pull_of_the_brake_keeps_the_first_reason(person):
    put_hold(by=person("lead"), reason="처음", at=NOW)
    put_hold(by=None, reason="다음", at=NOW)
    assert Hold.objects.get(scope="all").reason == "처음"
