"""A person's word that a reply is there, and what becomes of it when the network does not bear it out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models.functions import Now

from sotong.audit.models import Entry
from sotong.channels.actions.attempts import Intent, begin_attempt, recover_attempts, settle_attempt
from sotong.channels.actions.doubts import (
    NotOurs,
    TakenAddress,
    TooEarly,
    decide_again,
    decide_leave,
    decide_mistaken,
    decide_there,
    look_soon,
)
from sotong.channels.actions.looks import begin_look, settle_look
from sotong.channels.jobs.sending import look_next, send_next
from sotong.channels.models import Delivery
from sotong.channels.queries.doubtful import shown_doubts
from sotong.channels.rules.timing import LOOKS_SENT
from sotong.channels.tests.doubting import doubtful, effects_of, later, said_of
from sotong.networks import errors
from sotong.networks.contract import Receipt

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_person_who_saw_it_makes_it_sent_but_not_seen_by_the_network(blind, stand_in, deliver, person):
    delivery = doubtful(blind, stand_in, deliver, "drop_after")
    assert decide_there(delivery_id=delivery.pk, url=f"{stand_in.url}/1", by=person("lead"), at=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.url, delivery.seen_at) == ("sent", f"{stand_in.url}/1", None)
    assert said_of(delivery) == "사람이 확인함. 네트워크가 확인한 것은 아니에요."
    assert not decide_there(delivery_id=delivery.pk, url=f"{stand_in.url}/2", by=None, at=NOW)
    assert Entry.objects.filter(action="channels.decide_there").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["https://example.com/1", "javascript:alert(1)", "{server}", "{server}/", "{server}/a/b"]
)
def test_an_address_elsewhere_settles_nothing(channel, stand_in, deliver, url):
    delivery = doubtful(channel, stand_in, deliver, "drop_before")
    with pytest.raises(NotOurs):
        decide_there(delivery_id=delivery.pk, url=url.format(server=stand_in.url), by=None, at=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.url) == ("unconfirmed", "")
    assert not Entry.objects.filter(action="channels.decide_there").exists()


@pytest.mark.django_db
def test_one_address_is_no_second_replys(channel, stand_in, deliver):
    first, second = (doubtful(channel, stand_in, deliver, "drop_before") for _ in range(2))
    assert decide_there(delivery_id=first.pk, url=f"{stand_in.url}/1", by=None, at=NOW)
    with pytest.raises(TakenAddress):
        decide_there(delivery_id=second.pk, url=f"{stand_in.url}/1", by=None, at=NOW)
    second.refresh_from_db()
    assert (second.state, second.url) == ("unconfirmed", "")


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["drop_after", "drop_before"])
def test_the_network_is_asked_about_what_a_person_saw(channel, stand_in, deliver, fault):
    delivery = doubtful(channel, stand_in, deliver, fault)
    assert decide_there(delivery_id=delivery.pk, url=f"{stand_in.url}/typed", by=None, at=NOW)
    assert look_next(channel_id=channel.pk), "at once"
    said = said_of(delivery)
    if fault == "drop_after":
        assert (delivery.seen_at is not None, said) == (True, "")
        assert Entry.objects.filter(action="channels.send").count() == 1, "written once the network says so"
        assert delivery.url == f"{stand_in.url}/{delivery.remote_id}" != f"{stand_in.url}/typed"
    else:
        assert (delivery.state, delivery.seen_at) == ("sent", None)
        assert said == "사람이 확인함. 네트워크에 물었는데 아직 안 보여요."


def vouched_in_vain(channel, stand_in, deliver):
    """A person named a post that is not this one; the network was asked until we stop asking."""
    delivery = doubtful(channel, stand_in, deliver, "drop_before")
    assert decide_there(delivery_id=delivery.pk, url=f"{stand_in.url}/typed", by=None, at=NOW)
    for _ in range(LOOKS_SENT):
        delivery.refresh_from_db()
        assert (delivery.state, delivery.url) == ("sent", f"{stand_in.url}/typed"), "the word stands meanwhile"
        later()
        assert look_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    return delivery


@pytest.mark.django_db
def test_what_the_network_never_shows_comes_before_a_person_again(channel, stand_in, deliver, person):
    delivery = vouched_in_vain(channel, stand_in, deliver)
    assert (delivery.state, delivery.remote_id, delivery.url, delivery.sent_at) == ("unconfirmed", "", "", None)
    (group,) = shown_doubts(person("lead"))
    assert group.doubts[0].what == "사람이 적은 주소로는 확인되지 않았어요"
    assert "저절로" not in group.doubts[0].advice
    assert group.doubts[0].vouched.endswith(f"{stand_in.url}/typed")
    assert not Entry.objects.filter(action="channels.send").exists(), "nobody but a person said so"
    assert Entry.objects.get(action="channels.not_borne_out").detail["url"] == f"{stand_in.url}/typed"
    assert look_soon(delivery_id=delivery.pk, by=None, at=NOW)
    assert look_next(channel_id=channel.pk)
    later()
    assert not look_next(channel_id=channel.pk)
    assert effects_of(stand_in, delivery) == 0, "nothing is sent on a look that found nothing"


@pytest.mark.django_db
@pytest.mark.parametrize("decided", ["again", "there", "left"])
def test_what_came_back_can_be_decided_anew(channel, stand_in, deliver, decided):
    delivery = vouched_in_vain(channel, stand_in, deliver)
    if decided == "again":
        assert decide_again(delivery_id=delivery.pk, by=None, at=NOW) == "unconfirmed"
        assert look_next(channel_id=channel.pk)
        Delivery.objects.update(due_at=Now() - timedelta(seconds=1))
        assert send_next(channel_id=channel.pk)
    elif decided == "there":
        assert decide_there(delivery_id=delivery.pk, url=f"{stand_in.url}/typed", by=None, at=NOW)
    else:
        assert decide_leave(delivery_id=delivery.pk, by=None, at=NOW)
    delivery.refresh_from_db()
    assert delivery.state == ("unconfirmed" if decided == "left" else "sent")
    assert effects_of(stand_in, delivery) == (1 if decided == "again" else 0)


@pytest.mark.django_db
def test_a_look_that_could_not_see_the_network_does_not_count_against_a_persons_word(channel, stand_in, deliver):
    delivery = doubtful(channel, stand_in, deliver, "drop_before")
    assert decide_there(delivery_id=delivery.pk, url=f"{stand_in.url}/typed", by=None, at=NOW)
    for _ in range(2 * LOOKS_SENT):
        later()
        look = begin_look(channel_id=channel.pk)
        assert look is not None
        settle_look(look=look, found=errors.Temporary("no answer"), at=NOW)
    later()
    assert look_next(channel_id=channel.pk)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem) == ("sent", "ByPersonOnly")


@pytest.mark.django_db
def test_the_networks_own_late_word_counts_more_than_a_persons(blind, stand_in, deliver):
    delivery = deliver(blind)
    intent = begin_attempt(channel_id=blind.pk, at=NOW)
    assert isinstance(intent, Intent)
    Delivery.objects.update(lease_until=Now() - timedelta(seconds=1))
    assert recover_attempts(at=NOW) == 1
    assert decide_there(delivery_id=delivery.pk, url=f"{stand_in.url}/typed", by=None, at=NOW)
    settle_attempt(intent=intent, result=Receipt(remote_id="77", url=f"{stand_in.url}/77"), at=NOW)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.remote_id, delivery.problem) == ("sent", "77", "")


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["{server}/7", "{server}/7?from=mail", "HTTP://{host}/7"])
def test_another_replys_post_is_taken_however_it_is_typed_or_was_kept(channel, stand_in, deliver, typed):
    earlier, delivery = (doubtful(channel, stand_in, deliver, "drop_before") for _ in range(2))
    Delivery.objects.filter(pk=earlier.pk).update(state="sent", remote_id="7", url="https://old/7", sent_at=Now())
    url = typed.format(server=stand_in.url, host=stand_in.url.removeprefix("http://"))
    with pytest.raises(TakenAddress):
        decide_there(delivery_id=delivery.pk, url=url, by=None, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("first", ["left", "mistaken"])
@pytest.mark.parametrize("network", ["channel", "blind"])
def test_no_decision_makes_anyone_forget_that_the_first_may_still_land(request, stand_in, deliver, network, first):
    used = request.getfixturevalue(network)
    delivery = doubtful(used, stand_in, deliver, "late")
    if first == "left":
        assert decide_leave(delivery_id=delivery.pk, by=None, at=NOW)
    else:
        assert decide_there(delivery_id=delivery.pk, url=f"{stand_in.url}/typed", by=None, at=NOW)
        assert decide_mistaken(delivery_id=delivery.pk, by=None, at=NOW)
    if network == "blind":
        with pytest.raises(TooEarly):
            decide_again(delivery_id=delivery.pk, by=None, at=NOW)
        return
    assert decide_again(delivery_id=delivery.pk, by=None, at=NOW) == "unconfirmed"
    assert look_next(channel_id=used.pk)
    delivery.refresh_from_db()
    assert delivery.state == "unconfirmed", "not seen says nothing while it may still land"


@pytest.mark.django_db
def test_a_wrong_address_can_be_taken_back_where_the_network_cannot_be_asked(blind, stand_in, deliver, person):
    delivery = doubtful(blind, stand_in, deliver, "drop_before")
    lead, now = person("lead"), datetime.now(UTC)
    assert decide_there(delivery_id=delivery.pk, url=f"{stand_in.url}/typed", by=lead, at=now)
    assert [group.state for group in shown_doubts(lead)] == ["vouched"]
    assert decide_mistaken(delivery_id=delivery.pk, by=lead, at=now)
    assert [group.state for group in shown_doubts(lead)] == ["unconfirmed"]
