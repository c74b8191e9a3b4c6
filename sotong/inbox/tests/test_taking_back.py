"""A reply that was sent is taken back: who may, what stays in the conversation, and who waits then."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from sotong.audit.models import Entry
from sotong.bus.actions import announce
from sotong.channels.actions.removals import begin_removal, settle_removal
from sotong.channels.events import DeliveryChanged
from sotong.channels.models import Delivery, Removal
from sotong.inbox.actions.assigning import assign_conversation
from sotong.inbox.actions.handing import colleague_knows
from sotong.inbox.actions.replying import send_reply
from sotong.inbox.actions.taking_back import take_back_reply
from sotong.inbox.events import ConversationChanged
from sotong.inbox.models import Conversation, Message
from sotong.inbox.rules import refusals
from sotong.inbox.tests.arriving import arrive, item, minute
from sotong.inbox.tests.endpoints import browser, events, post, said
from sotong.networks import errors
from sotong.notices.queries import shown_for
from sotong.people.models import Person, Team

pytestmark = pytest.mark.django_db

WHY = "요금을 잘못 말했어요"


@pytest.fixture
def sent(talk: Conversation, hana: Person, at: datetime) -> Message:
    """하나's answer to 김, which the network has."""
    reply = send_reply(conversation_id=talk.pk, tab="public", text="무료예요", token=uuid4(), by=hana, at=at)
    with transaction.atomic():
        delivery = reply.message.delivery
        assert delivery
        Delivery.objects.update(state="sent", remote_id="p-ours", sent_at=at)
        announce(DeliveryChanged(delivery_id=delivery.pk, channel_id=delivery.channel_id, state="sent"))
    reply.message.refresh_from_db()
    assert reply.message.remote_id == "p-ours"
    return reply.message


def take(message: Message, by: Person, at: datetime, reason: str = WHY) -> bool:
    return take_back_reply(message_id=message.pk, reason=reason, by=by, at=at)


def network_says(message: Message, at: datetime, error: errors.NetworkError | None = None) -> None:
    """Its answer to the deletion."""
    assert message.delivery
    removing = begin_removal(channel_id=message.delivery.channel_id)
    assert removing
    settle_removal(removing=removing, error=error, at=at)


def test_until_the_network_has_said_so_the_reply_stands_and_then_the_customer_waits_again(talk, hana, at, sent, told):
    answered = Conversation.objects.get()
    assert (answered.waiting_since, answered.state) == (None, "pending")
    told.clear()
    assert take(sent, hana, at)
    assert any(isinstance(event, ConversationChanged) for event in told)
    wanted = Conversation.objects.get()
    assert (wanted.waiting_since, wanted.state, Message.objects.get(pk=sent.pk).deleted_at) == (None, "pending", None)
    network_says(sent, at)
    found, message = Conversation.objects.get(), Message.objects.get(pk=sent.pk)
    assert (found.waiting_since, found.state, found.preview) == (minute(0), "open", "인터넷이 안 돼요")
    assert found.first_human_reply_at == answered.first_human_reply_at is not None, "a person was there: history"
    assert (message.text, message.deleted_at) == ("무료예요", Removal.objects.get().deleted_at)
    entry = Entry.objects.get(action="inbox.take_back_reply")
    assert (entry.person_id, entry.reason, entry.subject_id) == (hana.pk, WHY, talk.pk)


def test_whoever_wrote_a_reply_that_a_lead_deletes_is_told_who_and_why_until_they_look(talk, hana, narae, at, sent):
    assign_conversation(conversation_id=talk.pk, person_id=hana.pk, team_id=None, by=narae, at=at)
    take(sent, narae, at)
    told = {shown.words.title: shown for shown in shown_for(hana)[0]}
    shown = told["나래 님이 내 답을 네트워크에서 지우기로 했어요 · kim"]
    assert (shown.words.text, shown.notice.url) == (f"까닭: {WHY}", f"/desk/{talk.pk}/")
    assert len(told) == 2, "that it became theirs is told all the same"
    assert not shown_for(narae)[0]
    colleague_knows(conversation_id=talk.pk, by=hana, at=at)
    assert not shown_for(hana)[0]


def test_what_the_network_refuses_to_delete_still_answers(hana, at, sent):
    take(sent, hana, at)
    network_says(sent, at, errors.Rejected())
    assert Conversation.objects.get().waiting_since is None
    assert Message.objects.get(pk=sent.pk).deleted_at is None


@pytest.mark.parametrize("comes_first", [True, False])
def test_the_networks_own_word_of_it_doubles_nothing(care, hana, at, sent, comes_first):
    deletion = item("p-ours", kind="deletion", author="hansori_care", thread="p-1", posted=9_000_000)
    take(sent, hana, at)
    if comes_first:
        arrive(care, deletion)
    network_says(sent, at)
    if not comes_first:
        arrive(care, deletion)
    found = Conversation.objects.get()
    assert (found.waiting_since, found.state) == (minute(0), "open")
    assert Message.objects.count() == 2
    assert Message.objects.get(pk=sent.pk).deleted_at == Removal.objects.get().deleted_at, "the earlier of the two"


def test_ones_own_words_and_who_leads_anybodys(care, hana, doyun, narae, garam, at, sent):
    with pytest.raises(refusals.NotPermitted):
        take(sent, doyun, at)
    with pytest.raises(refusals.NotThere):
        take(sent, garam, at)  # runs the house and does not read customers' conversations
    garam.roles = ["administrator", "agent"]
    garam.save()
    team = Team.objects.create(name="홍보")
    care.teams.add(team)
    for stranger in (hana, narae, garam):
        with pytest.raises(refusals.NotThere):
            take(sent, stranger, at)
    garam.teams.add(team)
    with pytest.raises(refusals.NotPermitted):
        take(sent, garam, at)  # an administrator's rights end where the customers' conversations begin
    garam.roles = ["administrator", "lead"]
    garam.save()
    assert take(sent, garam, at)
    care.teams.clear()
    assert not take(sent, narae, at), "it is wanted already"
    assert Removal.objects.get().by == garam


@pytest.mark.parametrize("role", ["lead", "press_officer"])
def test_a_role_that_answers_for_all_takes_back_anybodys(at, sent, role):
    by = Person.objects.create_user("miso@hansori.example", name="미소", roles=[role])
    assert take(sent, by, at)


def test_a_reason_is_needed_and_what_is_unconfirmed_is_decided_first(hana, at, sent):
    for nothing in (" \n ", "\u200b", "\u3164 \u00ad"):
        with pytest.raises(refusals.WhyMissing):
            take(sent, hana, at, reason=nothing)
    Delivery.objects.update(state="unconfirmed")
    with pytest.raises(refusals.NotSentYet):
        take(sent, hana, at)
    Delivery.objects.update(state="sent", problem="ByPerson")
    with pytest.raises(refusals.CannotDelete):
        take(sent, hana, at)
    assert not Removal.objects.exists()
    assert not Entry.objects.filter(action="inbox.take_back_reply").exists()


def test_pressed_twice_it_is_one_wish(talk, hana, at, sent):
    client = browser(hana)
    asked = client.get(f"/desk/{talk.pk}/messages/{sent.pk}/take-back")
    assert "무료예요" in said(asked)
    assert "읽은 사람이 있을 수 있어요" in said(asked)
    for words in (
        "지우는 중이에요.",
        "이미 지우고 있어요. 방금 적은 까닭은 남기지",
        "이미 지웠어요. 방금 적은 까닭은 남기지",
    ):
        answer = post(client, "take_back", talk.pk, sent.pk, reason=WHY if "지우는" in words else "다른 까닭")
        assert answer.status_code == 204
        assert words in events(answer)["sotong:toast"]["text"]
        if "이미 지우고" in words:
            network_says(sent, at)
    assert Removal.objects.get().reason == WHY
    assert (Removal.objects.count(), Entry.objects.filter(action="inbox.take_back_reply").count()) == (1, 1)


def test_the_page_refuses_with_words(talk, hana, doyun, sent, at):
    empty = post(browser(hana), "take_back", talk.pk, sent.pk, reason="")
    assert (empty.status_code, "왜 지우는지" in said(empty)) == (422, True)
    assert post(browser(doyun), "take_back", talk.pk, sent.pk, reason=WHY).status_code == 403
    assert browser(doyun).get(f"/desk/{talk.pk}/messages/{sent.pk}/take-back").status_code == 404
    assert post(browser(hana), "take_back", talk.pk + 1, sent.pk, reason=WHY).status_code == 404
    question = Message.objects.get(direction="inbound")
    assert post(browser(hana), "take_back", talk.pk, question.pk, reason=WHY).status_code == 404


def shown_to(person: Person, talk: Conversation) -> str:
    return said(browser(person).get(f"/desk/{talk.pk}/messages"))


@pytest.mark.parametrize("how", ["taken back", "gone when it was looked for"])
def test_what_was_deleted_on_its_network_has_no_link_there(talk, hana, at, sent, how):
    Message.objects.filter(pk=sent.pk).update(url="https://practice.example/p-ours")
    assert 'href="https://practice.example/p-ours"' in shown_to(hana, talk)
    if how == "taken back":
        take(sent, hana, at)
        network_says(sent, at)
    else:
        Delivery.objects.update(problem="GoneSince")
    assert "practice.example" not in shown_to(hana, talk)
    assert "무료예요" in shown_to(hana, talk)


def test_the_thread_says_how_far_it_is_who_wants_it_and_why(talk, hana, doyun, at, sent):
    assert "take-back" in shown_to(hana, talk)
    assert "take-back" not in shown_to(doyun, talk), "another's words"
    take(sent, hana, at)
    assert "지우는 중" in shown_to(doyun, talk)
    assert f"하나: {WHY}" in shown_to(doyun, talk)
    assert "take-back" not in shown_to(hana, talk)
    network_says(sent, at, errors.Temporary())
    assert "저절로 다시 해요." in shown_to(hana, talk)
    Removal.objects.update(next_at=at - timedelta(minutes=1))
    network_says(sent, at)
    page = shown_to(doyun, talk)
    assert "네트워크에서 지웠어요 · 확인 전" in page
    assert "우리가 네트워크에서 지운 글이에요" in page
    assert "msg-own msg-gone" in page
    assert "무료예요" in page
    Removal.objects.update(checked_at=at, next_at=None)
    assert "확인 전" not in shown_to(doyun, talk)
    Removal.objects.update(state="failed", deleted_at=None, problem="Rejected")
    Message.objects.update(deleted_at=None)
    assert "네트워크에서 지우지 못했어요" in shown_to(hana, talk)
    assert "take-back" in shown_to(hana, talk), "it may be wanted anew"
