"""Under a reply that is not where it should be stands why, what was kept and what to do next."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from sotong.channels.actions.deliveries import draw_key
from sotong.channels.actions.holds import put_hold
from sotong.channels.models import Channel, Delivery
from sotong.inbox.actions.standing import recount, save
from sotong.inbox.models import Conversation, Message
from sotong.people.models import Company, Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def narae(company: Company) -> Person:
    """The lead: may decide about what did not leave."""
    return Person.objects.create_user("narae@hansori.example", name="이나래", roles=["lead"])


@pytest.fixture
def answered(care: Channel, converse: Callable[..., Conversation], hana: Person) -> Callable[..., Conversation]:
    """A conversation with 하나's reply, whose delivery is in this state."""

    def make(state: str, **fields: Any) -> Conversation:
        conversation = converse(care, "로밍이 안 돼요")
        now = datetime.now(UTC)
        delivery = Delivery.objects.create(
            key=draw_key(now), channel=care, kind="reply", state=state, text="껐다 켜 주세요", due_at=now, by=hana,
            **fields,
        )  # fmt: skip
        Message.objects.create(
            conversation=conversation, direction="outbound", person=hana, text="껐다 켜 주세요", posted_at=now,
            origin=care.origin, delivery=delivery,
        )  # fmt: skip
        return conversation

    return make


def under_the_reply(client: Any, conversation: Conversation) -> str:
    """What a person reads under our own message."""
    html = client.get(f"/desk/{conversation.pk}/messages").content.decode()
    own = re.search(r'<article class="msg msg-own".*?</article>', html, re.S)
    assert own
    footer = own[0].partition('<div class="msg-f">')[2]
    return " ".join(re.sub(r"<[^>]*>", " ", footer).split())


@pytest.mark.parametrize(
    ("state", "problem", "to_the_agent", "to_the_lead"),
    [
        ("failed", "Rejected", "네트워크가 받아들이지 않았어요.", "글을 고쳐 새 답글로 보내 주세요."),
        ("held", "Brake", "발송이 다시 열리면 근무 책임자가 보낼지 정해요.", "발송을 다시 연 뒤 보낼지 정해 주세요."),
        ("held", "Shadow", "보낼지는 근무 책임자가 정해요.", "채널의 보내기를 켠 뒤 보낼지 정해 주세요."),
        ("held", "Unauthorized", "근무 책임자에게 알려 주세요.", "채널에 다시 로그인한 뒤 보낼지 정해 주세요."),
        ("unconfirmed", "Unknown", "두 번 나가지 않게 먼저 네트워크에 있는지 봐요.", "답을 듣지 못했어요."),
    ],
)
def test_a_reply_that_did_not_arrive_says_why(
    client_of, hana, narae, answered, state, problem, to_the_agent, to_the_lead
):
    conversation = answered(state, problem=problem)
    if problem == "Brake":
        put_hold(by=None, reason="사고", at=datetime.now(UTC))
    as_it_is = {"Shadow": {"mode": "shadow"}, "Unauthorized": {"trouble": "Unauthorized"}}.get(problem, {})
    Channel.objects.filter(pk=conversation.channel_id).update(
        **{"mode": "open", "allowed_kinds": ["reply"], **as_it_is}
    )
    seen, decided = (under_the_reply(client_of(person), conversation) for person in (hana, narae))
    assert to_the_agent in seen
    assert to_the_lead in decided
    assert "어떻게 할지 정하기" in decided
    assert "어떻게 할지 정하기" not in seen, "the page behind it lists nothing for who may not decide"


def test_after_the_sign_in_works_again_nobody_is_asked_to_sign_in(client_of, hana, narae, answered):
    conversation = answered("held", problem="Unauthorized")
    Channel.objects.filter(pk=conversation.channel_id).update(mode="open", allowed_kinds=["reply"])
    for person in (hana, narae):
        told = under_the_reply(client_of(person), conversation)
        assert "네트워크가 로그인을 받지 않을 때였어요." in told
        assert "다시 로그인" not in told


def test_a_reply_that_waits_for_the_network_says_so(client_of, hana, care, answered):
    conversation = answered("due")
    assert under_the_reply(client_of(hana), conversation).startswith("곧 보내요")
    assert "기다려" not in under_the_reply(client_of(hana), conversation)
    Channel.objects.update(paused_until=datetime.now(UTC) + timedelta(minutes=5))
    assert "네트워크가 잠시 기다려 달라고 해요." in under_the_reply(client_of(hana), conversation)


def test_a_reply_that_should_have_left_is_not_said_to_leave_soon(client_of, hana, care, answered):
    conversation = answered("due")
    left = {seconds: datetime.now(UTC) - timedelta(seconds=seconds) for seconds in (20, 40)}
    Delivery.objects.update(due_at=left[20])
    assert under_the_reply(client_of(hana), conversation).startswith("곧 보내요")
    Delivery.objects.update(due_at=left[40])
    assert re.fullmatch(r"아직 못 보냈어요 · 예정 \d\d:\d\d", under_the_reply(client_of(hana), conversation))
    Channel.objects.update(paused_until=datetime.now(UTC) + timedelta(minutes=5))
    assert under_the_reply(client_of(hana), conversation).startswith("곧 보내요")
    Channel.objects.update(paused_until=None)
    put_hold(by=None, reason="사고", at=datetime.now(UTC))
    Delivery.objects.update(state="due")
    assert "아직 못" not in under_the_reply(client_of(hana), conversation), "the brake says why"


def test_a_reply_that_is_where_it_should_be_says_no_more(client_of, hana, answered):
    conversation = answered("sent", remote_id="p-1", sent_at=datetime.now(UTC), seen_at=datetime.now(UTC))
    assert re.fullmatch(r"네트워크에서 확인됨 \d\d:\d\d", under_the_reply(client_of(hana), conversation))


def test_in_english_every_word_of_it_is_english(client_of, hana, answered):
    Person.objects.update(language="en")
    hana.refresh_from_db()
    seen = under_the_reply(client_of(hana), answered("failed", problem="Rejected"))
    assert "Change the text and send it as a new reply." in seen
    assert not re.search("[가-힣]", seen)


def test_a_reply_that_is_not_there_is_marked_in_the_thread_and_among_the_hits(client_of, hana, answered):
    client = client_of(hana)
    gone, stands = answered("cancelled"), answered("due")
    shown = client.get(f"/desk/{gone.pk}/messages").content.decode()
    assert "msg-own msg-gone" in shown
    assert "거둔 답" in shown
    assert "거둔 답" not in client.get(f"/desk/{stands.pk}/messages").content.decode()
    # Those that were indexed before they were taken back, or did not leave.
    Message.objects.update(search=SearchVector(Value("껐다"), config="simple"))
    hits = client.get("/desk/search?q=껐다").content.decode()
    assert hits.count('class="conv"') == 2
    assert hits.count("보내지 않기로 했어요") == 1


def test_the_list_tells_our_own_last_word_from_the_customers(client_of, hana, care, answered, converse):
    talk = answered("due")
    recount([talk])
    save([talk])
    converse(care, "고객의 말이에요")
    listed = client_of(hana).get("/desk/?view=all").content.decode()
    shown = re.findall(r'<span class="txt">(.*?)<span class="meta">', listed)
    assert {each.partition('<span class="sr">')[2] or each for each in shown} == {
        "우리 답: </span>껐다 켜 주세요</span>",
        "고객의 말이에요</span>",
    }


def test_a_doubtful_delivery_names_the_customer_and_leads_to_the_conversation(client_of, narae, answered):
    conversation = answered("failed", problem="Rejected")
    html = client_of(narae).get("/channels/doubtful/").content.decode()
    assert f'<a href="/desk/{conversation.pk}/">{conversation.identity.shown_name}님과의 대화</a>' in html


def ending_of(html: str) -> tuple[str, list[str]]:
    """What the dialog for ending says first, and the outcomes in which it begins, by each button that opens it."""
    warned = re.search(r'<div id="unsent".*?</div>(?=\s*<fieldset)', html, re.S)
    assert warned
    words = " ".join(re.sub(r"<[^>]*>", " ", warned[0]).split())
    return words, re.findall(r'data-outcome="(\w*)"', html)


@pytest.mark.parametrize(
    ("state", "warned"),
    [
        ("held", "답 1개가 멈춰 있어요. 끝내도 저절로 나가지 않아요."),
        ("unconfirmed", "답 1개가 나갔는지 확인되지 않았어요. 고객이 받지 못했을 수 있어요."),
        ("failed", "답 1개를 보내지 못했어요. 고객은 그 답을 받지 못했어요."),
    ],
)
def test_ending_says_that_a_reply_has_not_surely_left_and_chooses_nothing(client_of, hana, answered, state, warned):
    conversation = answered(state)
    recount([conversation])
    save([conversation])
    client = client_of(hana)
    html = client.get(f"/desk/{conversation.pk}/panel").content.decode()
    assert ending_of(html) == (warned, ["", ""])
    live = client.get(f"/desk/{conversation.pk}/messages").content.decode()
    assert warned in live, "it follows what becomes of the reply while the conversation is open"
    assert re.search(r'<div id="unsent" class="stack-s" hx-swap-oob="outerMorph">', live)


def test_ending_what_was_answered_says_nothing_and_begins_at_solved(client_of, hana, answered):
    conversation = answered("sent", remote_id="p-1", sent_at=datetime.now(UTC))
    recount([conversation])
    save([conversation])
    html = client_of(hana).get(f"/desk/{conversation.pk}/panel").content.decode()
    assert ending_of(html) == ("", ["solved", "solved"])
    assert re.search(r'<div id="unsent"[^>]* hidden>', html)
