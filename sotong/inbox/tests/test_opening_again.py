"""A reply that does not stand opens what was resolved on it; what a person ended without it stays ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from sotong.bus.actions import announce
from sotong.channels.actions.doubts import decide_leave
from sotong.channels.actions.holds import put_hold, release_held
from sotong.channels.actions.removals import begin_removal, settle_removal
from sotong.channels.events import DeliveryChanged
from sotong.channels.models import Delivery
from sotong.inbox.actions.handing import colleague_knows
from sotong.inbox.actions.replying import send_automatic, send_reply, undo_reply
from sotong.inbox.actions.resolving import resolve_conversation
from sotong.inbox.actions.taking_back import take_back_reply
from sotong.inbox.models import Conversation, Message
from sotong.inbox.rules.standing import is_given_up, is_open_again
from sotong.inbox.tests.arriving import arrive, item
from sotong.notices.queries import shown_for
from sotong.people.models import Person

pytestmark = pytest.mark.django_db


def becomes(state: str, **fields: object) -> Conversation:
    """The only delivery comes into this state, as the sender would say it."""
    with transaction.atomic():
        delivery = Delivery.objects.get()
        event = DeliveryChanged.to(state, delivery)
        if state == "sent":
            fields = {"remote_id": "p-ours", "sent_at": delivery.due_at, **fields}
        Delivery.objects.update(state=state, **fields)
        announce(event)
    return Conversation.objects.get()


@pytest.fixture
def end(talk: Conversation, hana: Person, at: datetime) -> Callable[..., None]:
    def ending(outcome: str = "solved") -> None:
        resolve_conversation(conversation_id=talk.pk, by=hana, at=at, outcome=outcome)

    return ending


@pytest.fixture
def reply(talk: Conversation, hana: Person, at: datetime) -> Message:
    """하나's answer to 김, which waits to leave."""
    return send_reply(conversation_id=talk.pk, tab="public", text="무료예요", token=uuid4(), by=hana, at=at).message


def is_as_new(found: Conversation) -> bool:
    return (found.state, found.reopened, found.outcome, found.resolved_at, found.shelf) == ("open", 1, "", None, "live")


@pytest.mark.parametrize(
    ("state", "was_waiting", "is_waiting", "has_given_up", "opens"),
    [
        ("resolved", False, True, False, True),
        ("resolved", True, True, False, False),
        ("resolved", True, True, True, True),
        ("resolved", True, False, True, False),
        ("resolved", False, False, False, False),
        ("pending", False, True, False, False),
        ("on_hold", True, True, True, False),
    ],
)
def test_it_opens_only_where_the_change_took_something_from_who_waits(
    state, was_waiting, is_waiting, has_given_up, opens
):
    assert is_open_again(state, was_waiting=was_waiting, is_waiting=is_waiting, has_given_up=has_given_up) is opens


@pytest.mark.parametrize(
    ("was", "state", "is_given"),
    [
        ("held", "cancelled", True),
        ("unconfirmed", "failed", True),
        ("unconfirmed", "unconfirmed", True),
        ("failed", "cancelled", False),
        ("failed", "unconfirmed", False),
        ("held", "due", False),
        ("unconfirmed", "sent", False),
        ("due", "cancelled", False),
        ("sent", "sent", False),
    ],
)
def test_given_up_is_what_might_still_have_reached_the_customer(was, state, is_given):
    assert is_given_up(was, state) is is_given


@pytest.mark.parametrize("state", ["failed", "unconfirmed", "held"])
def test_a_reply_that_was_on_its_way_and_stands_still_opens_it(reply, end, state):
    end()
    assert is_as_new(becomes(state))


def test_what_a_person_vouched_for_and_the_network_never_showed_opens_it(reply, end):
    becomes("sent", problem="ByPerson")
    end()
    assert becomes("unconfirmed", remote_id="", sent_at=None).state == "open"


@pytest.mark.parametrize("stood", ["held", "unconfirmed"])
def test_a_reply_that_stood_still_at_the_end_and_is_not_sent_opens_it(reply, end, narae, at, stood):
    becomes(stood)
    end("no_answer_needed")
    assert decide_leave(delivery_id=reply.delivery_id, by=narae, at=at)
    assert is_as_new(Conversation.objects.get())


def test_one_that_leaves_after_all_changes_nothing(reply, end, narae, at):
    becomes("held")
    end()
    release_held(by=narae, at=at)
    becomes("sent")
    found = becomes("sent", seen_at=at)
    assert (found.state, found.reopened) == ("resolved", 0)


def test_what_had_surely_failed_when_a_person_ended_it_stays_so(reply, end, narae, at):
    becomes("failed")
    end("spam")
    decide_leave(delivery_id=reply.delivery_id, by=narae, at=at)
    found = Conversation.objects.get()
    assert (found.state, found.outcome, found.reopened) == ("resolved", "spam", 0)


def test_what_its_author_takes_back_opens_it_whoever_ended_it(reply, end, hana, at):
    end()
    undo_reply(message_id=reply.pk, by=hana, at=at)
    assert is_as_new(Conversation.objects.get())


@pytest.mark.parametrize("lasts", [False, True])
def test_a_doubt_opens_what_was_resolved_only_when_it_lasts(reply, end, narae, at, lasts):
    becomes("sending")
    end()
    found = becomes("unconfirmed", problem="Interrupted")
    assert (found.state, found.outcome, found.reopened) == ("resolved", "solved", 0)
    if lasts:
        decide_leave(delivery_id=reply.delivery_id, by=narae, at=at)
        assert is_as_new(Conversation.objects.get())
    else:
        found = becomes("sent", problem="")
        assert (found.state, found.outcome, found.reopened, found.waiting_since) == ("resolved", "solved", 0, None)


def test_what_becomes_of_an_automatic_reply_opens_nothing(talk, end, narae, at):
    send_automatic(conversation_id=talk.pk, text="자동 응답이에요", token=uuid4(), at=at)
    becomes("held")
    end("no_answer_needed")
    decide_leave(delivery_id=Delivery.objects.get().pk, by=narae, at=at)
    found = Conversation.objects.get()
    assert (found.state, found.outcome, found.reopened) == ("resolved", "no_answer_needed", 0)


@pytest.mark.parametrize("where", ["here", "on the network"])
def test_a_sent_reply_that_is_deleted_opens_it(care, reply, end, hana, at, where):
    becomes("sent")
    end()
    if where == "here":
        take_back_reply(message_id=reply.pk, reason="잘못 말했어요", by=hana, at=at)
        assert Conversation.objects.get().state == "resolved", "nothing has gone yet"
        removing = begin_removal(channel_id=care.pk)
        assert removing
        settle_removal(removing=removing, error=None, at=at)
    else:
        arrive(care, item("p-ours", kind="deletion", author="hansori_care", thread="p-1", posted=9_000_000))
    assert is_as_new(Conversation.objects.get())


def test_a_customer_who_deletes_opens_nothing(care, talk, end):
    arrive(care, item("p-2", "하나 더요", thread="p-1", posted=1, author="kim"))
    end("no_answer_needed")
    arrive(care, item("p-2", kind="deletion", author="kim", thread="p-1", posted=5))
    found = Conversation.objects.get()
    assert (found.state, found.reopened) == ("resolved", 0)


@pytest.mark.parametrize(
    ("stood", "title", "said"),
    [
        ("held", "을 보내지 않기로 했어요", "받지 못했어요"),
        ("failed", "을 보내지 않기로 했어요", "받지 못했어요"),
        ("unconfirmed", "이 나갔는지 더 알아보지 않기로 했어요", "확인되지 않았어요"),
    ],
)
def test_who_wrote_what_a_colleague_does_not_send_is_told_until_they_look(
    talk, reply, hana, narae, at, stood, title, said
):
    becomes(stood)
    decide_leave(delivery_id=reply.delivery_id, by=narae, at=at)
    [shown] = shown_for(hana)[0]
    assert shown.words.title == f"나래 님이 내 답{title} · kim"
    assert said in shown.words.text
    assert shown.notice.url == f"/desk/{talk.pk}/"
    assert not shown_for(narae)[0]
    colleague_knows(conversation_id=talk.pk, by=hana, at=at)
    assert not shown_for(hana)[0]


def test_nobody_is_told_any_more_of_what_leaves_after_all(reply, hana, narae, at):
    becomes("unconfirmed")
    decide_leave(delivery_id=reply.delivery_id, by=narae, at=at)
    assert shown_for(hana)[0]
    becomes("sent", problem="", settled_at=at)
    assert not shown_for(hana)[0], "it would invite a second answer"


def test_who_decides_about_an_own_reply_is_told_nothing(talk, narae, at):
    send_reply(conversation_id=talk.pk, tab="public", text="무료예요", token=uuid4(), by=narae, at=at)
    put_hold(by=narae, reason="사고", at=at)
    becomes("held")
    decide_leave(delivery_id=Delivery.objects.get().pk, by=narae, at=at + timedelta(minutes=1))
    assert not [one for one in shown_for(narae)[0] if one.notice.kind == "reply-left"]
