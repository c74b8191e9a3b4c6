"""A sent post that is taken off its network: the wish survives, ends deleted, and is called so only when it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now

from sotong.audit.models import Entry
from sotong.bus.actions import use_dispatcher
from sotong.bus.events import Event
from sotong.channels.actions.holds import ensure_holds, put_hold
from sotong.channels.actions.removals import RemovalRefused, begin_removal, request_removal, settle_removal
from sotong.channels.events import RemovalChanged
from sotong.channels.jobs.removing import remove_next
from sotong.channels.jobs.sending import send_next
from sotong.channels.models import Channel, Delivery, Removal
from sotong.channels.rules.outcomes import GIVE_UP_AFTER, VOUCHED, after_removal
from sotong.channels.rules.timing import LOOKS_SENT
from sotong.networks import errors

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("error", "age", "state", "problem"),
    [
        (errors.Temporary(), HOUR, "due", "Temporary"),
        (errors.RateLimited(retry_after=30), HOUR, "due", "RateLimited"),
        (errors.Unknown(), HOUR, "due", "Unknown"),
        (RuntimeError(), HOUR, "due", "Unknown"),
        (errors.Temporary(), GIVE_UP_AFTER + HOUR, "failed", "Temporary"),
        (errors.Unknown(), GIVE_UP_AFTER + HOUR, "failed", "Unknown"),
        (errors.Rejected(), HOUR, "failed", "Rejected"),
        (errors.Unsupported(), HOUR, "failed", "Unsupported"),
        (errors.Unauthorized(), HOUR, "failed", "Unauthorized"),
        (errors.Gone(), HOUR, "deleted", "Gone"),
    ],
)
def test_each_error_has_its_end(error, age, state, problem):
    found = after_removal(error, attempt=1, age=age, chance=0.5)
    assert (found.state, found.problem) == (state, problem)
    assert (found.wait > 0) == (state == "due")


@pytest.fixture
def sent(channel, stand_in, deliver) -> Delivery:
    delivery: Delivery = deliver(channel, "틀린 답")
    assert send_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert delivery.state == "sent"
    return delivery


def want(delivery: Delivery, by) -> Removal:
    request_removal(delivery_id=delivery.pk, by=by, reason="요금을 잘못 말했어요", at=datetime.now(UTC))
    return Removal.objects.get(delivery=delivery)


def soon() -> None:
    """So much later that whatever was put off is due."""
    Removal.objects.exclude(next_at=None).update(next_at=Now() - timedelta(seconds=1))
    Channel.objects.update(paused_until=None)


@pytest.mark.django_db
def test_it_is_deleted_when_the_network_says_so_and_checked_when_it_was_looked_for(sent, stand_in, person):
    told: list[Event] = []
    use_dispatcher(told.append)
    removal = want(sent, person("agent"))
    assert (removal.state, removal.deleted_at) == ("due", None)
    assert remove_next(channel_id=sent.channel_id)
    removal.refresh_from_db()
    assert (removal.state, removal.checked_at) == ("deleted", None)
    assert removal.deleted_at is not None
    sent.refresh_from_db()
    assert sent.next_look_at is None, "it would be looked for in vain"
    soon()
    assert remove_next(channel_id=sent.channel_id)
    removal.refresh_from_db()
    assert removal.checked_at is not None
    soon()
    assert not remove_next(channel_id=sent.channel_id)
    assert stand_in.call("GET", "/state")["deleted"].count(sent.remote_id) == 1
    assert [one.state for one in told if isinstance(one, RemovalChanged)] == ["due", "deleted", "deleted"]
    assert Entry.objects.filter(action="channels.remove").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "first", "then"),
    [
        ("server_error", "due", "deleted"),
        ("rate_limited", "due", "deleted"),
        ("drop_after", "due", "deleted"),
        ("rejected", "failed", "failed"),
        ("unauthorized", "failed", "failed"),
    ],
)
def test_each_answer_of_the_network_has_its_state(sent, stand_in, person, fault, first, then):
    stand_in.fault(**{fault: 1})
    removal = want(sent, person("agent"))
    remove_next(channel_id=sent.channel_id)
    removal.refresh_from_db()
    assert (removal.state, removal.deleted_at) == (first, None)
    assert removal.problem
    assert (Channel.objects.get().paused_until is not None) == (fault == "rate_limited")
    assert bool(Channel.objects.get().trouble) == (fault == "unauthorized")
    stand_in.fault()
    soon()
    remove_next(channel_id=sent.channel_id)
    removal.refresh_from_db()
    assert removal.state == then


@pytest.mark.django_db
def test_a_network_that_wants_peace_is_not_asked(sent, person):
    want(sent, person("agent"))
    Channel.objects.update(paused_until=Now() + HOUR)
    assert begin_removal(channel_id=sent.channel_id) is None


@pytest.mark.django_db
def test_a_worker_that_dies_between_the_call_and_the_note_is_followed_by_another(sent, stand_in, person):
    removal = want(sent, person("agent"))
    died = begin_removal(channel_id=sent.channel_id)
    assert died is not None
    stand_in.call("DELETE", f"/posts/{died.remote_id}")
    assert begin_removal(channel_id=sent.channel_id) is None, "nobody else does the same meanwhile"
    soon()
    assert remove_next(channel_id=sent.channel_id)
    removal.refresh_from_db()
    assert (removal.state, removal.problem) == ("deleted", "Gone")
    # The dead one was only asleep: what it says now changes nothing.
    assert settle_removal(removing=died, error=errors.Rejected(), at=datetime.now(UTC)) == "deleted"
    assert Entry.objects.filter(action="channels.remove").count() == 1


@pytest.mark.django_db
def test_a_late_failure_of_an_earlier_try_is_not_believed(sent, person):
    want(sent, person("agent"))
    early = begin_removal(channel_id=sent.channel_id)
    soon()
    later = begin_removal(channel_id=sent.channel_id)
    assert early is not None
    assert later is not None
    assert settle_removal(removing=early, error=errors.Rejected(), at=datetime.now(UTC)) == "due"
    assert settle_removal(removing=early, error=None, at=datetime.now(UTC)) == "deleted", "this is true whoever says it"


@pytest.mark.django_db
def test_a_second_press_changes_nothing_and_one_after_a_failure_tries_anew(sent, stand_in, person):
    hana, doyun = person("agent"), person("agent", name="도윤")
    want(sent, hana)
    assert not request_removal(delivery_id=sent.pk, by=doyun, reason="나도", at=datetime.now(UTC))
    assert Removal.objects.get().by == hana
    stand_in.fault(rejected=1)
    remove_next(channel_id=sent.channel_id)
    stand_in.fault()
    assert request_removal(delivery_id=sent.pk, by=doyun, reason="다시", at=datetime.now(UTC))
    remove_next(channel_id=sent.channel_id)
    removal = Removal.objects.get()
    assert (removal.state, removal.by, removal.reason) == ("deleted", doyun, "다시")


@pytest.mark.django_db
def test_a_post_that_goes_on_being_there_is_told_as_such(sent, stand_in, person):
    removal = want(sent, person("agent"))
    remove_next(channel_id=sent.channel_id)
    stand_in.fault(still_there=1)
    for _ in range(LOOKS_SENT):
        soon()
        remove_next(channel_id=sent.channel_id)
    removal.refresh_from_db()
    assert (removal.problem, removal.checked_at, removal.next_at) == ("StillThere", None, None)


@pytest.mark.django_db
def test_the_brake_does_not_hold_it(sent, person):
    ensure_holds()
    put_hold(by=None, reason="", at=datetime.now(UTC))
    removal = want(sent, person("agent"))
    remove_next(channel_id=sent.channel_id)
    removal.refresh_from_db()
    assert removal.state == "deleted"


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["due", "sending", "unconfirmed", "failed", "held", "cancelled"])
def test_what_is_not_surely_out_there_is_decided_first(channel, deliver, person, state):
    delivery = deliver(channel)
    Delivery.objects.update(state=state)
    with pytest.raises(RemovalRefused) as refused:
        want(delivery, person("agent"))
    assert refused.value.code == "not_sent"


@pytest.mark.django_db
@pytest.mark.parametrize("problem", sorted(VOUCHED))
def test_what_only_a_person_saw_has_no_id_to_delete_by(channel, deliver, person, problem):
    delivery = deliver(channel)
    page = "https://network.example/p/1"
    Delivery.objects.update(state="sent", remote_id=page, url=page, sent_at=datetime.now(UTC), problem=problem)
    with pytest.raises(RemovalRefused) as refused:
        want(delivery, person("agent"))
    assert refused.value.code == "cannot_delete"
