"""What a person decides where the network cannot tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models.functions import Now

from sotong.channels.actions.doubts import TooEarly, decide_again, decide_leave, decide_there
from sotong.channels.actions.holds import release_held
from sotong.channels.actions.looks import begin_look, settle_look
from sotong.channels.jobs.sending import look_next, send_next
from sotong.channels.models import Delivery
from sotong.channels.queries.doubtful import _problem, _seen
from sotong.channels.queries.outcomes import outcome_of
from sotong.channels.rules.timing import LOOKS_SENT
from sotong.channels.tests.doubting import doubtful, effects_of, later, said_of
from sotong.networks import errors
from sotong.networks.contract import Receipt

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["unconfirmed", "sent"])
def test_what_the_network_shows_as_deleted_was_sent_and_is_not_called_seen(channel, stand_in, deliver, state):
    delivery = doubtful(channel, stand_in, deliver, "drop_after")
    Delivery.objects.update(state=state, next_look_at=Now(), remote_id="9", sent_at=Now())
    look = begin_look(channel_id=channel.pk)
    assert look is not None
    settle_look(look=look, found=Receipt(remote_id="9", url=f"{stand_in.url}/9", is_deleted=True), at=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id, delivery.seen_at, delivery.next_look_at) == ("sent", "9", None, None)
    assert "지워졌어요" in said_of(delivery)


@pytest.mark.django_db
def test_sending_again_where_nobody_can_look_waits_for_the_landing_time(blind, stand_in, deliver):
    delivery = doubtful(blind, stand_in, deliver, "drop_before")
    with pytest.raises(TooEarly):
        decide_again(delivery_id=delivery.pk, by=None, at=NOW)
    later()
    assert decide_again(delivery_id=delivery.pk, by=None, at=NOW) == "due"
    assert send_next(channel_id=blind.pk)
    delivery.refresh_from_db()
    assert (delivery.state, effects_of(stand_in, delivery)) == ("sent", 1)


@pytest.mark.django_db
def test_sending_again_where_the_network_can_look_looks_first(channel, stand_in, deliver):
    delivery = doubtful(channel, stand_in, deliver, "drop_after")
    Delivery.objects.update(next_look_at=None)
    assert decide_again(delivery_id=delivery.pk, by=None, at=NOW) == "unconfirmed"
    assert look_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, effects_of(stand_in, delivery)) == ("sent", 1)


@pytest.mark.django_db
def test_a_failed_one_is_looked_for_before_it_is_tried_again(channel, stand_in, deliver):
    delivery = doubtful(channel, stand_in, deliver, "rejected")
    assert delivery.state == "failed"
    assert decide_again(delivery_id=delivery.pk, by=None, at=NOW) == "unconfirmed"
    assert look_next(channel_id=channel.pk)
    Delivery.objects.update(due_at=Now() - timedelta(seconds=1))
    assert send_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, effects_of(stand_in, delivery)) == ("sent", 1)


@pytest.mark.django_db
def test_leaving_it_never_claims_what_is_not_known(blind, stand_in, deliver):
    delivery = doubtful(blind, stand_in, deliver, "drop_after")
    assert decide_leave(delivery_id=delivery.pk, by=None, at=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem, delivery.settled_at) == ("unconfirmed", "Left", NOW)
    assert not decide_leave(delivery_id=delivery.pk, by=None, at=NOW)


@pytest.mark.django_db
def test_a_failed_one_that_is_left_is_cancelled(channel, stand_in, deliver):
    delivery = doubtful(channel, stand_in, deliver, "rejected")
    assert decide_leave(delivery_id=delivery.pk, by=None, at=NOW)
    delivery.refresh_from_db()
    assert delivery.state == "cancelled"


@pytest.mark.django_db
def test_a_look_that_was_under_way_when_a_person_left_it_does_not_send_it(channel, stand_in, deliver):
    delivery = doubtful(channel, stand_in, deliver, "drop_before")
    later()
    look = begin_look(channel_id=channel.pk)
    assert look is not None
    decide_leave(delivery_id=delivery.pk, by=None, at=NOW)
    assert settle_look(look=look, found=None, at=NOW) == "unconfirmed"


@pytest.mark.django_db
def test_what_was_left_is_not_sent_when_a_late_look_does_not_find_it(channel, stand_in, deliver):
    delivery = doubtful(channel, stand_in, deliver, "drop_before")
    decide_leave(delivery_id=delivery.pk, by=None, at=NOW)
    later()
    while look_next(channel_id=channel.pk):
        later()
    assert not send_next(channel_id=channel.pk)
    assert effects_of(stand_in, delivery) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["agent", "press_officer", "analyst"])
def test_only_who_may_decide_decides(blind, stand_in, deliver, person, role):
    delivery = doubtful(blind, stand_in, deliver, "drop_after")
    someone = person(role)
    later()
    for decide in (
        lambda: decide_there(delivery_id=delivery.pk, url="https://x", by=someone, at=NOW),
        lambda: decide_again(delivery_id=delivery.pk, by=someone, at=NOW),
        lambda: decide_leave(delivery_id=delivery.pk, by=someone, at=NOW),
    ):
        with pytest.raises(PermissionDenied):
            decide()
    delivery.refresh_from_db()
    assert delivery.state == "unconfirmed"


def seen(delivery) -> str:
    delivery.refresh_from_db()
    return _seen(delivery, can_look=True)


@pytest.mark.django_db
def test_look_that_could_not_see_the_network_is_no_look_that_saw_nothing(channel, stand_in, deliver):
    delivery = doubtful(channel, stand_in, deliver, "drop_before")
    assert seen(delivery) == "아직 네트워크를 보지 않았어요."
    for found in (errors.Temporary("no answer"), errors.RateLimited("slowly"), None):
        Delivery.objects.update(next_look_at=Now() - timedelta(seconds=1))
        look = begin_look(channel_id=channel.pk)
        assert look is not None
        if isinstance(found, errors.Temporary):
            assert seen(delivery) in {
                "네트워크를 보고 있어요.",
                "네트워크를 볼 수 없었어요(1번). 나갔는지 아직 몰라요.",
            }
        if found is None:
            assert seen(delivery) == "네트워크를 볼 수 없었어요(2번). 나갔는지 아직 몰라요."
        settle_look(look=look, found=found, at=NOW)
    assert seen(delivery) == "네트워크를 1번 봤는데 아직 안 보여요. 네트워크를 볼 수 없었어요(2번)."


@pytest.mark.django_db
def test_what_comes_next_of_what_is_not_known_is_said_as_under_the_message_itself(channel, stand_in, deliver):
    delivery = doubtful(channel, stand_in, deliver, "drop_before")
    said = outcome_of(state="unconfirmed", problem=delivery.problem, network=channel.network, may_decide=True)
    assert said.next == "없으면 저절로 다시 보내요."
    assert _problem(delivery, scopes=(), may_decide=True)[1] == f"{said.kept} {said.next}"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["unconfirmed", "failed", "held"])
def test_what_a_person_wants_again_after_days_is_sent_and_tried_again(channel, stand_in, deliver, state):
    delivery = doubtful(channel, stand_in, deliver, "drop_before")
    old = Now() - timedelta(hours=70)
    Delivery.objects.update(state=state, created_at=old, due_at=old, lease_until=None, next_look_at=None)
    if state == "held":
        assert release_held(by=None, at=NOW, ids=[delivery.pk]) == 1
    else:
        assert decide_again(delivery_id=delivery.pk, by=None, at=NOW) == "unconfirmed"
        assert look_next(channel_id=channel.pk)
    Delivery.objects.update(due_at=Now() - timedelta(seconds=1))
    stand_in.fault(server_error=1)
    assert send_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem) == ("due", "Temporary"), "its age counts from when a person wanted it"
    stand_in.fault()
    Delivery.objects.update(due_at=Now() - timedelta(seconds=1))
    assert send_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, effects_of(stand_in, delivery)) == ("sent", 1)


@pytest.mark.django_db
def test_a_reply_counts_as_not_seen_only_after_looks_that_saw_the_network(channel, stand_in, deliver):
    delivery = deliver(channel)
    assert send_next(channel_id=channel.pk)
    for _ in range(LOOKS_SENT):
        later()
        look = begin_look(channel_id=channel.pk)
        assert look is not None
        settle_look(look=look, found=errors.Temporary("no answer"), at=NOW)
    later()
    look = begin_look(channel_id=channel.pk)
    assert look is not None
    settle_look(look=look, found=None, at=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem, delivery.next_look_at is None) == ("sent", "", False)
