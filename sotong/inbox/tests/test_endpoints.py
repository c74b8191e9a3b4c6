"""Each endpoint: what it does, what it says, whom it refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from sotong.channels.models import Channel, Delivery
from sotong.inbox.models import Conversation, Draft, Label, Message, Presence
from sotong.inbox.tests.arriving import arrive, item
from sotong.inbox.tests.endpoints import SCRIPT, browser, events, post, reply_to, said
from sotong.people.models import Person, Team

TOKEN = "9f1c1f0e-5d6e-4a59-9d0b-7a1f6f6c0001"


def test_claim_release_and_take_over(hana: Person, doyun: Person, narae: Person, talk: Conversation) -> None:
    assert post(browser(hana), "claim", talk.pk).status_code == 204
    second = post(browser(doyun), "claim", talk.pk)
    assert second.status_code == 409
    assert "하나 님이 이 대화를 맡고 있어요." in said(second)
    assert "하나" in events(second)["sotong:toast"]["text"]
    assert post(browser(doyun), "take_over", talk.pk).status_code == 403
    assert post(browser(narae), "take_over", talk.pk).status_code == 204
    assert Conversation.objects.get(pk=talk.pk).claimed_by == narae
    assert post(browser(narae), "release", talk.pk).status_code == 204
    assert Conversation.objects.get(pk=talk.pk).claimed_by is None


def test_a_reply_leaves_once_and_can_be_taken_back(hana: Person, talk: Conversation) -> None:
    client, token = browser(hana), str(uuid4())
    first = reply_to(client, talk, "첫 줄\r\n둘째 줄", token=token)
    again = reply_to(client, talk, "첫 줄\r\n둘째 줄", token=token)
    assert (first.status_code, again.status_code) == (204, 204)
    assert Delivery.objects.get().text == "첫 줄\n둘째 줄"
    toast = events(first)["sotong:toast"]
    assert toast["text"] == "5초 뒤에 보내요." and toast["seconds"] == 5
    back = client.post(toast["undoUrl"], headers=SCRIPT)
    assert back.status_code == 204
    kept = Draft.objects.get(person=hana)
    assert events(back)["sotong:undone"] == {
        "tab": "public", "conversation": talk.pk, "text": "첫 줄\n둘째 줄",
        "token": str(kept.token), "savedMs": kept.saved_ms,
    }  # fmt: skip
    assert (Delivery.objects.get().state, kept.text) == ("cancelled", "첫 줄\n둘째 줄")


def test_another_text_with_a_used_token_offers_a_new_reply(hana: Person, talk: Conversation) -> None:
    client, token = browser(hana), str(uuid4())
    reply_to(client, talk, "첫 글", token=token)
    other = reply_to(client, talk, "다른 글", token=token)
    assert other.status_code == 409
    assert "지금 쓴 글은 보내지 않았고 그대로 있어요." in said(other)
    assert 'name="token"' in said(other)
    assert Message.objects.filter(direction="outbound").count() == 1


def test_a_held_conversation_asks_before_it_sends(hana: Person, doyun: Person, talk: Conversation) -> None:
    post(browser(hana), "claim", talk.pk)
    held = reply_to(browser(doyun), talk)
    assert held.status_code == 409
    assert 'name="even_so"' in said(held)
    assert reply_to(browser(doyun), talk, even_so="1").status_code == 204


def test_a_message_that_came_meanwhile_is_said_first(hana: Person, care: Channel, talk: Conversation) -> None:
    seen = talk.last_inbound_id
    arrive(care, item("p-2", "아직도 안 돼요", author="kim", thread="p-1"))
    talk.refresh_from_db()
    assert talk.last_inbound_id > seen
    new = reply_to(browser(hana), talk, seen_upto=seen)
    assert new.status_code == 409
    assert "새 글이 1개 왔어요" in said(new)
    assert reply_to(browser(hana), talk, seen_upto=talk.last_inbound_id).status_code == 204


def test_a_note_stays_in_the_house(hana: Person, talk: Conversation) -> None:
    client, token = browser(hana), str(uuid4())
    assert [post(client, "note", talk.pk, text="전화함", token=token).status_code for _ in "12"] == [204, 204]
    assert Message.objects.filter(direction="note").count() == 1
    assert not Delivery.objects.exists()
    empty = post(client, "note", talk.pk, text="  ", token=str(uuid4()))
    assert empty.status_code == 422
    assert "글이 비어 있어요." in said(empty)


def test_drafts_are_kept_and_know_what_was_sent(hana: Person, talk: Conversation) -> None:
    client, token = browser(hana), str(uuid4())
    kept = post(client, "draft", talk.pk, tab="public", text="쓰는 중", token=token)
    assert kept.json() == {"state": "kept", "saved_ms": Draft.objects.get().saved_ms}
    assert Draft.objects.get().text == "쓰는 중"
    reply_to(client, talk, "쓰는 중", token=token)
    assert post(client, "draft", talk.pk, tab="public", text="쓰는 중", token=token).json() == {"state": "sent"}
    other = post(client, "draft", talk.pk, tab="public", text="더 쓰는 중", token=token).json()
    assert other["state"] == "renewed" and other["token"] != token
    assert not Draft.objects.exists()


def test_two_pages_do_not_write_over_each_others_draft(hana: Person, talk: Conversation) -> None:
    client, token, one, other = browser(hana), str(uuid4()), str(uuid4()), str(uuid4())

    def save(text: str, page: str, seen: int = 0) -> dict[str, Any]:
        data = {"tab": "public", "text": text, "token": token, "page": page, "seen": seen}
        return dict(post(client, "draft", talk.pk, **data).json())

    first = save("한 창의 글", one)
    assert save("다른 창의 글", other) == {"state": "elsewhere"}
    assert Draft.objects.get().text == "한 창의 글"
    assert save("한 창의 글, 더 씀", one)["state"] == "kept"  # its own late answer is no news to it
    assert save("다른 창의 글", other, first["saved_ms"]) == {"state": "elsewhere"}
    assert save("다른 창이 이어 쓴 한 창의 글, 더 씀", other)["state"] == "kept"  # nothing of it is lost
    seen = Draft.objects.get().saved_ms
    assert save("보고 고친 글", one, seen)["state"] == "kept"
    assert save("", one)["state"] == "kept"
    assert save("새 글", other)["state"] == "kept"


def test_resolve_and_reopen(hana: Person, talk: Conversation) -> None:
    client = browser(hana)
    reason = post(client, "resolve", talk.pk, outcome="not_possible")
    assert reason.status_code == 422 and "한 줄로 적어 주세요." in said(reason)
    post(client, "claim", talk.pk)
    ended = post(client, "resolve", talk.pk, outcome="no_answer_needed", reason="인사")
    assert ended.status_code == 204
    assert Conversation.objects.get(pk=talk.pk).outcome == "no_answer_needed"
    assert client.post(events(ended)["sotong:toast"]["undoUrl"], headers=SCRIPT).status_code == 204
    again = client.post(events(ended)["sotong:toast"]["undoUrl"], headers=SCRIPT)
    assert (again.status_code, "되돌릴 것이 없어요" in events(again)["sotong:toast"]["text"]) == (409, True)
    back = Conversation.objects.get(pk=talk.pk)
    assert (back.state, back.claimed_by) == ("open", hana)


def test_ending_what_a_colleague_holds_asks_first(hana: Person, doyun: Person, talk: Conversation) -> None:
    post(browser(hana), "claim", talk.pk)
    asked = post(browser(doyun), "resolve", talk.pk, outcome="solved")
    assert asked.status_code == 409
    assert "하나 님이 이 대화를 맡고 있어요." in said(asked)
    assert f'data-held-by="{hana.pk}"' in said(asked), "the page takes it away when the head names nobody any more"
    assert 'name="even_so"' in said(asked) and "그래도 끝내기" in said(asked)
    assert Conversation.objects.get(pk=talk.pk).state == "open"
    assert post(browser(doyun), "resolve", talk.pk, outcome="solved", even_so="1").status_code == 204
    assert Conversation.objects.get(pk=talk.pk).state == "resolved"


def test_claiming_what_another_holds_says_who_and_offers_it_to_whoever_may(
    hana: Person, doyun: Person, narae: Person, talk: Conversation
) -> None:
    post(browser(hana), "claim", talk.pk)
    toast = events(post(browser(doyun), "claim", talk.pk))["sotong:toast"]
    assert (toast["text"], toast["action"]) == ("하나 님이 이 대화를 맡고 있어요.", None)
    toast = events(post(browser(narae), "claim", talk.pk))["sotong:toast"]
    assert toast["action"]["label"] == "넘겨받기"
    assert browser(narae).post(toast["action"]["url"], headers=SCRIPT).status_code == 204
    assert Conversation.objects.get(pk=talk.pk).claimed_by == narae


def test_a_typed_time_is_in_the_viewers_zone(hana: Person, talk: Conversation) -> None:
    hana.time_zone = "America/New_York"
    hana.save()
    zone = ZoneInfo("America/New_York")
    local = (datetime.now(zone) + timedelta(days=3)).replace(hour=12, minute=30, second=0, microsecond=0)
    typed = post(browser(hana), "snooze", talk.pk, until_local=local.strftime("%Y-%m-%dT%H:%M"))
    assert typed.status_code == 204
    assert Conversation.objects.get(pk=talk.pk).snoozed_until == local.astimezone(UTC)


def test_a_choice_counts_from_the_press_whatever_stands_in_the_field(hana: Person, talk: Conversation) -> None:
    put_off = post(browser(hana), "snooze", talk.pk, until="tomorrow", until_local="어제")
    assert put_off.status_code == 204
    assert events(put_off)["sotong:toast"]["text"] == "내일 09:00까지 미뤘어요."
    post(browser(hana), "snooze", talk.pk, until="hour")
    until = Conversation.objects.get(pk=talk.pk).snoozed_until
    assert until is not None
    assert abs(until - datetime.now(UTC) - timedelta(hours=1)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "언제까지 미룰지 골라 주세요."),
        ({"until_local": "2020-01-01T00:00"}, "이미 지난 시각이에요."),
        ({"until_local": "2300-01-01T00:00"}, "더 가까운 시각을 골라 주세요."),
        ({"until": "2030-01-01T00:00:00+09:00"}, "알 수 없는 값이에요."),
        ({"until_local": "어제"}, "날짜와 시각을 알아볼 수 없어요."),
    ],
)
def test_a_wrong_time_is_explained(hana: Person, talk: Conversation, data: dict[str, str], words: str) -> None:
    answer = post(browser(hana), "snooze", talk.pk, **data)
    assert answer.status_code == 422
    assert words in said(answer)
    assert Conversation.objects.get(pk=talk.pk).snoozed_until is None


def test_assign_to_someone_and_to_oneself(hana: Person, doyun: Person, narae: Person, talk: Conversation) -> None:
    assert post(browser(hana), "assign", talk.pk, person=doyun.pk).status_code == 403
    own = post(browser(hana), "assign", talk.pk, person=hana.pk)
    assert (own.status_code, events(own)["sotong:toast"]["text"]) == (204, "내가 가져왔어요.")
    same = post(browser(hana), "assign", talk.pk, person=hana.pk)
    assert events(same)["sotong:toast"]["text"] == "바뀐 것이 없어요."
    given = post(browser(narae), "assign", talk.pk, person=doyun.pk, team="")
    assert events(given)["sotong:toast"]["text"] == "도윤에게 넘겼어요."
    team = Team.objects.create(name="야간")
    team.members.add(doyun)
    both = post(browser(narae), "assign", talk.pk, person=narae.pk, team=team.pk)
    assert events(both)["sotong:toast"]["text"] == "나와 야간에 배정했어요."
    nobody = post(browser(narae), "assign", talk.pk, person=999_999)
    assert nobody.status_code == 422 and "알 수 없는 값이에요." in said(nobody)


def test_labels_are_set_and_made(hana: Person, talk: Conversation) -> None:
    one = Label.objects.create(name="장애")
    assert post(browser(hana), "label", talk.pk, labels=[one.pk], new=" 환불 ").status_code == 204
    assert sorted(talk.labels.values_list("name", flat=True)) == ["장애", "환불"]
    assert post(browser(hana), "label", talk.pk).status_code == 204
    assert not talk.labels.exists()
    assert post(browser(hana), "label", talk.pk, new="가" * 41).status_code == 422
    assert post(browser(hana), "label", talk.pk, labels=[10**18]).status_code == 422


def test_presence_comes_and_goes(hana: Person, talk: Conversation) -> None:
    assert post(browser(hana), "presence", talk.pk, is_typing="1").status_code == 204
    assert Presence.objects.get().is_typing
    assert post(browser(hana), "presence", talk.pk, is_leaving="1").status_code == 204
    assert not Presence.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["reply", "note"])
def test_the_same_token_at_the_same_moment_makes_one_message(name: str, hana: Person, talk: Conversation) -> None:
    clients = [browser(hana) for _ in range(6)]

    def send(client: Client) -> int:
        try:
            return int(post(client, name, talk.pk, tab="public", text="한 번만", token=TOKEN).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(send, clients))
    assert statuses == [204] * 6
    assert Message.objects.exclude(direction="inbound").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_claim_at_once(hana: Person, doyun: Person, talk: Conversation) -> None:
    def take(person: Person) -> int:
        try:
            return int(post(browser(person), "claim", talk.pk).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, [hana, doyun])) == [204, 409]
