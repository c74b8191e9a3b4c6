"""One token makes one delivery, ever; and what is said of it is what is true of it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction

from sotong.channels.models import Channel, Delivery
from sotong.inbox.actions.drafts import save_draft
from sotong.inbox.actions.replying import send_reply
from sotong.inbox.models import Conversation, Draft, Message
from sotong.inbox.tests.arriving import arrive, item
from sotong.inbox.tests.endpoints import SCRIPT, browser, events, post, reply_to, said
from sotong.people.models import Person

pytestmark = pytest.mark.django_db
TEXT = "확인하고 있어요"
STILL_MAY_LEAVE = {
    "draft": "멈춰 있어서 아직 나가지 않았어요",
    "approved": "멈춰 있어서 아직 나가지 않았어요",
    "due": "초 뒤에 보내요",
    "sending": "보내고 있어요",
    "sent": "이미 보낸 답글",
    "unconfirmed": "아직 확인되지 않았어요",
    "held": "멈춰 있어서 아직 나가지 않았어요",
}
NEVER_LEAVES = {"failed": "이 답글은 보내지 못했어요", "cancelled": "보내지 않기로 한 답글이라 나가지 않아요"}


@pytest.fixture
def token() -> str:
    return str(uuid4())


@pytest.fixture
def becomes(hana: Person, talk: Conversation, token: str) -> Callable[[str], None]:
    """하나's reply with ``token`` comes into a state."""

    def into(state: str) -> None:
        assert reply_to(browser(hana), talk, TEXT, token=token).status_code == 204
        there = {"remote_id": "p-100", "sent_at": datetime.now(UTC)} if state == "sent" else {}
        Delivery.objects.update(state=state, **there)

    return into


def together(*deeds: Callable[[], Any]) -> list[Any]:
    """What each answers when all begin at the same moment."""
    start = threading.Barrier(len(deeds))
    answers: list[Any] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            answers[place] = deed()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers


def offered_token(answer: Any) -> str:
    found = re.search(r'name="token" value="([^"]+)"', said(answer))
    assert found, said(answer)
    return found[1]


def leaving() -> int:
    return Delivery.objects.exclude(state="cancelled").count()


@pytest.mark.parametrize(("state", "words"), STILL_MAY_LEAVE.items())
def test_the_same_token_again_says_how_the_reply_is(
    state: str, words: str, becomes: Callable[[str], None], hana: Person, talk: Conversation, token: str
) -> None:
    becomes(state)
    again = reply_to(browser(hana), talk, TEXT, token=token)
    assert again.status_code == 204
    assert words in events(again)["sotong:toast"]["text"]
    assert ("undoUrl" in events(again)["sotong:toast"]) == (state == "due")
    late = post(browser(hana), "draft", talk.pk, tab="public", text=TEXT, token=token)
    assert late.json() == {"state": "sent"}
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(("state", "words"), NEVER_LEAVES.items())
@pytest.mark.parametrize("text", [TEXT, "다른 글"])
def test_of_what_never_leaves_nobody_says_that_it_is_sent(
    state: str, words: str, text: str, becomes: Callable[[str], None], hana: Person, talk: Conversation, token: str
) -> None:
    becomes(state)
    again = reply_to(browser(hana), talk, text, token=token)
    assert again.status_code == 409
    assert words in said(again)
    assert "그대로 있어요" in said(again)
    assert Delivery.objects.count() == 1
    kept = post(browser(hana), "draft", talk.pk, tab="public", text=text, token=token).json()
    assert kept["state"] == "renewed", "the text is a draft again, not thrown away"
    again_kept = post(browser(hana), "draft", talk.pk, tab="public", text=text, token=kept["token"]).json()
    assert again_kept["state"] == "kept"
    assert reply_to(browser(hana), talk, text, token=offered_token(again)).status_code == 204
    assert sorted(Delivery.objects.values_list("state", flat=True)) == sorted([state, "due"])


def test_two_windows_that_go_on_after_an_undo_make_one_reply(hana: Person, talk: Conversation, token: str) -> None:
    one, two = browser(hana), browser(hana)
    toast = events(reply_to(one, talk, TEXT, token=token))["sotong:toast"]
    back = events(one.post(toast["undoUrl"], headers=SCRIPT))["sotong:undone"]
    stale = reply_to(two, talk, TEXT, token=token)
    renewed = post(two, "draft", talk.pk, tab="public", text=TEXT, token=token).json()["token"]
    assert back["token"] == renewed == offered_token(stale) == str(Draft.objects.get().token)
    assert reply_to(one, talk, TEXT, token=back["token"]).status_code == 204
    assert reply_to(two, talk, TEXT, token=offered_token(stale)).status_code == 204
    assert leaving() == 1


@pytest.mark.django_db(transaction=True)
def test_an_undo_and_the_same_reply_from_another_window_at_once(hana: Person, talk: Conversation) -> None:
    for _ in range(6):
        one, two, token = browser(hana), browser(hana), str(uuid4())
        undo_url = events(reply_to(one, talk, TEXT, token=token))["sotong:toast"]["undoUrl"]
        undone, again = together(
            partial(one.post, undo_url, headers=SCRIPT), partial(reply_to, two, talk, TEXT, token=token)
        )
        assert undone.status_code == 204
        assert again.status_code in {204, 409}
        assert leaving() == 0, "what was taken back does not leave because of a late copy"
        tokens = [events(undone)["sotong:undone"]["token"]]
        tokens += [offered_token(again)] if again.status_code == 409 else []
        answers = together(*(partial(reply_to, browser(hana), talk, TEXT, token=each) for each in tokens * 2))
        assert {answer.status_code for answer in answers} == {204}
        assert leaving() == 1
        Delivery.objects.update(state="cancelled")


@pytest.mark.django_db(transaction=True)
def test_the_slower_of_two_undo_clicks_is_told_that_it_is_undone(hana: Person, talk: Conversation) -> None:
    undo_url = events(reply_to(browser(hana), talk, TEXT))["sotong:toast"]["undoUrl"]
    answers = together(*(partial(browser(hana).post, undo_url, headers=SCRIPT) for _ in "12"))
    assert sorted(answer.status_code for answer in answers) == [204, 409]
    [slower] = [answer for answer in answers if answer.status_code == 409]
    assert events(slower)["sotong:toast"]["text"] == "이미 되돌린 답글이에요. 나가지 않아요."
    assert Draft.objects.get().text == TEXT


@pytest.mark.parametrize(
    ("state", "words"),
    [("sending", "나가는 중이라 되돌릴 수 없어요"), ("failed", "보내지 못했어요"), ("cancelled", "이미 되돌린")],
)
def test_an_undo_that_comes_too_late_says_why(
    state: str, words: str, becomes: Callable[[str], None], hana: Person, talk: Conversation
) -> None:
    becomes(state)
    answer = post(browser(hana), "undo", talk.pk, Message.objects.get(direction="outbound").pk)
    assert answer.status_code == 409
    assert words in events(answer)["sotong:toast"]["text"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "second"), [("reply", "reply"), ("reply", "note"), ("note", "note")])
def test_one_token_in_two_conversations_at_once_makes_one_message_and_a_sentence(
    first: str, second: str, hana: Person, care: Channel, talk: Conversation
) -> None:
    other = arrive(care, item("p-8", "저도요", author="lee"))[-1]
    for _ in range(8):
        Draft.objects.all().delete()
        data = {"tab": "public", "text": str(uuid4()), "token": str(uuid4())}
        answers = together(
            partial(post, browser(hana), first, talk.pk, **data), partial(post, browser(hana), second, other.pk, **data)
        )
        assert sorted(answer.status_code for answer in answers) == [204, 422]
        [refused] = [answer for answer in answers if answer.status_code == 422]
        assert "알 수 없는 값이에요" in said(refused)
        assert Message.objects.filter(token=data["token"]).count() == 1
    assert Delivery.objects.count() == Message.objects.filter(direction="outbound").count()


@pytest.mark.django_db(transaction=True)
def test_one_token_for_two_drafts_at_once_keeps_both(hana: Person, care: Channel, talk: Conversation) -> None:
    other = arrive(care, item("p-8", "저도요", author="lee"))[-1]
    for _ in range(8):
        Draft.objects.all().delete()
        data = {"tab": "public", "text": "쓰는 중", "token": str(uuid4())}
        answers = together(*(partial(post, browser(hana), "draft", pk, **data) for pk in (talk.pk, other.pk)))
        assert [answer.json()["state"] for answer in answers] == ["kept"] * 2
        assert len(set(Draft.objects.values_list("token", flat=True))) == 2


@pytest.mark.django_db(transaction=True)
def test_a_late_save_does_not_bring_back_a_text_that_is_just_being_sent(hana: Person, talk: Conversation) -> None:
    token, kept = uuid4(), []

    def save() -> None:
        at = datetime.now(UTC)
        kept.append(save_draft(conversation_id=talk.pk, tab="public", text=TEXT, token=token, by=hana, at=at))
        connection.close()

    late = threading.Thread(target=save)
    with transaction.atomic():
        send_reply(conversation_id=talk.pk, tab="public", text=TEXT, token=token, by=hana, at=datetime.now(UTC))
        late.start()
        late.join(1)
    late.join(20)
    assert kept == [None]
    assert not Draft.objects.exists()
