"""A reply leaves once, may be taken back while it waits, and is told how it fared."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from sotong.audit.models import Entry
from sotong.bus.actions import announce
from sotong.channels.actions.deliveries import key_of
from sotong.channels.events import DeliveryChanged
from sotong.channels.models import Arrival, Delivery
from sotong.inbox.actions.claiming import claim_conversation
from sotong.inbox.actions.drafts import save_draft
from sotong.inbox.actions.replying import send_reply, undo_reply
from sotong.inbox.models import Conversation, Draft, Message
from sotong.inbox.rules import refusals
from sotong.inbox.tests.arriving import arrive, item, minute, receive, recorded

pytestmark = pytest.mark.django_db


def becomes(state: str, at: datetime, *, pk: int | None = None, **fields: object) -> Conversation:
    """The delivery ``pk``, else the only one, comes into this state, as the sender would say it."""
    from django.db import transaction

    with transaction.atomic():
        delivery = Delivery.objects.get(**({"pk": pk} if pk else {}))
        for name, value in {"state": state, **fields}.items():
            setattr(delivery, name, value)
        delivery.save()
        announce(DeliveryChanged(delivery_id=delivery.pk, channel_id=delivery.channel_id, state=state))
    return Conversation.objects.get()


def test_a_reply_is_one_message_and_one_delivery_whatever_the_token_is_sent(talk, hana, at):
    save_draft(conversation_id=talk.pk, tab="public", text="곧 볼게요", by=hana, at=at)
    token = Draft.objects.get().token
    first = send_reply(conversation_id=talk.pk, tab="public", text="곧 볼게요", token=token, by=hana, at=at)
    again = send_reply(
        conversation_id=talk.pk, tab="public", text="곧 볼게요 ", token=token, by=hana, at=at + timedelta(seconds=3)
    )
    assert (again.is_repeat, again.message, again.undo_until) == (True, first.message, first.undo_until)
    delivery = Delivery.objects.get()
    assert (delivery.key, delivery.due_at - at) == (key_of(token, at), timedelta(seconds=5))
    assert (delivery.in_reply_to or {})["remote_id"] == "p-1"
    assert not Draft.objects.exists()
    with pytest.raises(refusals.AlreadySent):
        send_reply(conversation_id=talk.pk, tab="public", text="다른 글", token=token, by=hana, at=at)
    talk.refresh_from_db()
    assert (talk.state, talk.claimed_by_id, talk.waiting_since) == ("pending", hana.pk, None)
    assert [entry.action for entry in Entry.objects.all()] == ["inbox.send_reply"]


def test_a_token_of_someone_else_makes_nothing(talk, hana, doyun, at):
    token = uuid4()
    send_reply(conversation_id=talk.pk, tab="public", text="곧 볼게요", token=token, by=hana, at=at)
    with pytest.raises(refusals.BadValue):
        send_reply(conversation_id=talk.pk, tab="public", text="곧 볼게요", token=token, by=doyun, at=at, even_so=True)


def test_who_writes_beside_a_claim_or_unread_news_is_told_first(care, talk, hana, doyun, at):
    seen = talk.last_inbound_id
    arrive(care, item("p-2", "그리고 또", thread="p-1", posted=1), item("p-3", "또", thread="p-1", posted=2))
    claim_conversation(conversation_id=talk.pk, by=doyun, at=at)
    words = {"conversation_id": talk.pk, "tab": "public", "text": "네", "by": hana, "at": at}
    with pytest.raises(refusals.NewMessages) as news:
        send_reply(token=uuid4(), seen_upto=seen, **words)
    assert news.value.facts["count"] == 2
    with pytest.raises(refusals.HeldByOther):
        send_reply(token=uuid4(), **words)
    assert not Delivery.objects.exists()
    sent = send_reply(token=uuid4(), seen_upto=seen, even_so=True, **words)
    assert sent.message.in_reply_to == "p-3"
    assert Conversation.objects.get().claimed_by == doyun, "the claim stays where it was"


def test_undo_brings_the_text_back_in_front_of_what_was_typed_since(talk, hana, doyun, at):
    message = send_reply(conversation_id=talk.pk, tab="public", text="처음 글", token=uuid4(), by=hana, at=at).message
    save_draft(conversation_id=talk.pk, tab="public", text="그다음 글", by=hana, at=at)
    with pytest.raises(refusals.NotPermitted):
        undo_reply(message_id=message.pk, by=doyun, at=at)
    draft = undo_reply(message_id=message.pk, by=hana, at=at)
    assert draft.text == "처음 글\n\n그다음 글"
    assert draft.token != message.token
    talk.refresh_from_db()
    assert (talk.state, talk.waiting_since, Delivery.objects.get().state) == (
        "open",
        talk.first_inbound_at,
        "cancelled",
    )
    assert (talk.last_at, talk.last_message_id) == (minute(0), talk.last_inbound_id), "what was taken back moves no row"
    with pytest.raises(refusals.UndoneBefore):
        undo_reply(message_id=message.pk, by=hana, at=at)


@pytest.mark.parametrize(
    ("state", "trouble", "stands", "waits", "has_first_answer"),
    [
        ("due", "", "pending", False, False),
        ("sending", "", "pending", False, False),
        ("sent", "", "pending", False, True),
        ("held", "held", "open", True, False),
        ("unconfirmed", "unconfirmed", "open", True, False),
        ("failed", "failed", "open", True, False),
        ("cancelled", "", "open", True, False),
    ],
)
def test_what_becomes_of_a_reply_shows_in_its_conversation(
    talk, hana, at, state, trouble, stands, waits, has_first_answer
):
    send_reply(conversation_id=talk.pk, tab="public", text="곧 볼게요", token=uuid4(), by=hana, at=at)
    found = becomes(state, at, remote_id="p-100" if state == "sent" else "", sent_at=at if state == "sent" else None)
    assert (found.delivery_trouble, found.state) == (trouble, stands)
    assert (found.waiting_since is not None, found.first_human_reply_at is not None) == (waits, has_first_answer)


@pytest.mark.parametrize("state", ["held", "unconfirmed", "failed"])
def test_a_second_reply_that_stands_still_is_no_customers_turn(talk, hana, at, state):
    words = {"conversation_id": talk.pk, "tab": "public", "by": hana}
    send_reply(text="알아볼게요", token=uuid4(), at=at, **words)
    becomes("sent", at, remote_id="p-100", sent_at=at)
    later = at + timedelta(minutes=9)
    second = send_reply(text="이렇게 하면 돼요", token=uuid4(), at=later, **words).message
    first = Message.objects.get(remote_id="p-100")
    found = becomes(state, at, pk=second.delivery_id)
    assert (found.state, found.waiting_since, found.answered_id) == ("open", later, first.pk)
    found = becomes("cancelled", at, pk=second.delivery_id)
    assert (found.state, found.waiting_since) == ("pending", None)
    becomes(state, at, pk=second.delivery_id)
    third = send_reply(text="다시 답해요", token=uuid4(), at=later, **words).message
    found = becomes("sent", at, pk=third.delivery_id, remote_id="p-101", sent_at=at)
    assert (found.state, found.waiting_since) == ("pending", None)


def test_the_network_s_sight_of_our_reply_becomes_the_reply(care, talk, hana, at):
    message = send_reply(conversation_id=talk.pk, tab="public", text="곧 볼게요", token=uuid4(), by=hana, at=at).message
    arrive(
        care,
        item("p-100", "곧 볼게요", author="hansori_care", thread="p-1", in_reply_to="p-1", posted=3, revision="r1"),
    )
    assert Message.objects.filter(direction="outbound").count() == 2, "whose it is nobody knows yet"
    becomes("sent", at, remote_id="p-100", sent_at=at)
    reply = Message.objects.get(direction="outbound")
    assert (reply.pk, reply.remote_id, reply.revision, reply.person) == (message.pk, "p-100", "r1", hana)


def test_a_reply_that_a_person_vouched_for_gets_its_id_when_the_network_shows_it(talk, hana, at):
    send_reply(conversation_id=talk.pk, tab="public", text="곧 볼게요", token=uuid4(), by=hana, at=at)
    page = "https://network.example/posts/p-100"
    becomes("sent", at, remote_id=page, url=page, sent_at=at, problem="ByPerson")
    vouched = Message.objects.get(direction="outbound")
    assert (vouched.remote_id, vouched.url) == ("", page)
    becomes("sent", at, remote_id="p-100", seen_at=at, problem="")
    assert Message.objects.get(direction="outbound").remote_id == "p-100"


def test_a_reply_that_nobody_but_a_person_saw_is_no_answer_any_more(talk, hana, at):
    send_reply(conversation_id=talk.pk, tab="public", text="곧 볼게요", token=uuid4(), by=hana, at=at)
    page = "https://network.example/posts/p-100"
    assert becomes("sent", at, remote_id=page, url=page, sent_at=at, problem="ByPerson").waiting_since is None
    again = becomes("unconfirmed", at, remote_id="", url="", sent_at=None, problem="NotBorneOut")
    assert again.waiting_since is not None
    assert Message.objects.get(direction="outbound").url == ""


def test_what_a_person_let_rest_without_knowing_is_no_answer_and_no_trouble_to_look_after(talk, hana, at):
    send_reply(conversation_id=talk.pk, tab="public", text="곧 볼게요", token=uuid4(), by=hana, at=at)
    assert becomes("unconfirmed", at, problem="Unknown").delivery_trouble == "unconfirmed"
    rests = becomes("unconfirmed", at, problem="Left", settled_at=at)
    assert (rests.delivery_trouble, rests.waiting_since is not None) == ("", True)


def test_one_id_given_to_two_replies_leaves_both_as_they_were_written(talk, hana, at):
    words = {"conversation_id": talk.pk, "tab": "public", "by": hana, "at": at}
    for text in ("첫 답", "둘째 답"):
        sent = send_reply(text=text, token=uuid4(), **words).message
        becomes("sent", at, pk=sent.delivery_id, remote_id="p-100", sent_at=at)
    told = Message.objects.filter(direction="outbound").order_by("pk").values_list("text", "remote_id")
    assert list(told) == [("첫 답", "p-100"), ("둘째 답", "")]


def test_a_deletion_that_came_before_the_id_of_our_reply_is_read_again(care, talk, hana, at):
    send_reply(conversation_id=talk.pk, tab="public", text="곧 볼게요", token=uuid4(), by=hana, at=at)
    arrival = recorded(care, item("p-100", kind="deletion", seen=5))
    Arrival.objects.filter(pk=arrival.pk).update(state="processed", settled_at=at)
    receive([arrival])
    becomes("sent", at, remote_id="p-100", sent_at=at)
    arrival.refresh_from_db()
    assert arrival.state == "recorded"
    receive([arrival])
    assert Message.objects.get(remote_id="p-100").deleted_at == minute(5)


def test_the_read_back_of_a_reply_undoes_nothing_that_a_person_said_since(talk, hana, at):
    send_reply(conversation_id=talk.pk, tab="public", text="곧 볼게요", token=uuid4(), by=hana, at=at)
    becomes("sent", at, remote_id="p-100", sent_at=at)
    Conversation.objects.update(state="open")
    assert becomes("sent", at, seen_at=at).state == "open"


def test_the_administrator_sees_nothing_and_an_approver_answers_nothing(talk, garam, at):
    from sotong.people.models import Person

    words = {"conversation_id": talk.pk, "tab": "public", "text": "네", "token": uuid4(), "at": at}
    with pytest.raises(refusals.NotThere):
        send_reply(by=garam, **words)
    approver = Person.objects.create_user("approver@hansori.example", name="승인", roles=["approver"])
    with pytest.raises(refusals.NotPermitted):
        send_reply(by=approver, **words)
    assert not Delivery.objects.exists()
