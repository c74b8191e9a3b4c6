"""Many at once over the wire: what was done to how many, what was refused and why, and how it is taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from sotong.channels.models import Channel, Delivery
from sotong.inbox.actions.replying import send_reply
from sotong.inbox.actions.standing import recount, save
from sotong.inbox.models import Conversation, Label
from sotong.inbox.tests.arriving import arrive, item
from sotong.inbox.tests.endpoints import SCRIPT, browser, events, post, said
from sotong.people.models import Person, Team


@pytest.fixture
def talks(care: Channel) -> list[int]:
    made = arrive(care, *(item(f"p-{n}", f"질문 {n}", author=f"who{n}", posted=n) for n in range(7)))
    return [one.pk for one in made]


@pytest.fixture
def hidden(make_channel: Callable[..., Channel]) -> int:
    """A conversation of a channel that is another team's."""
    closed = make_channel("press")
    closed.teams.add(Team.objects.create(name="홍보"))
    return arrive(closed, item("q-1", "기자예요", author="secret_reporter"))[-1].pk


def toast(answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = events(answer)["sotong:toast"]
    return found


def lines(answer: Any) -> list[str]:
    """What stands under the bar, line by line."""
    return [line for line in re.sub(r"<[^>]*>", "\n", said(answer)).split("\n") if line.strip()]


def test_each_doing_says_what_was_done_to_how_many(hana: Person, narae: Person, talks: list[int]) -> None:
    client, label = browser(narae), Label.objects.create(name="장애")
    ours = Team.objects.create(name="야간")
    ours.members.add(hana)
    for data, words in (
        ({"do": "claim"}, "대화 7개를 맡았어요."),
        ({"do": "release"}, "대화 7개를 놓았어요."),
        ({"do": "assign", "person": hana.pk, "team": ours.pk}, "대화 7개를 하나, 야간에게 넘겼어요."),
        ({"do": "assign", "person": narae.pk}, "대화 7개를 내가 가져왔어요."),
        ({"do": "assign"}, "대화 7개에서 맡은 사람을 비웠어요."),
        ({"do": "label", "labels": [label.pk], "new": "환불"}, "대화 7개에 꼬리표를 붙였어요."),
        ({"do": "snooze", "until": "tomorrow"}, "대화 7개를 내일 09:00까지 미뤘어요."),
        ({"do": "reopen"}, "대화 7개를 다시 열었어요."),
        ({"do": "resolve"}, "대화 7개를 끝냈어요."),
    ):
        answer = post(client, "bulk", ids=talks, **data)
        assert answer.status_code == 200, said(answer)
        assert re.fullmatch(words, toast(answer)["text"])
        assert lines(answer) == []
        assert events(answer)["sotong:picked-done"] == {"refused": []}
        assert ("undoUrl" in toast(answer)) == (data["do"] in {"snooze", "resolve"})
    assert {one.outcome for one in Conversation.objects.all()} == {"no_answer_needed"}


def test_what_was_refused_is_named_by_its_reason(hana: Person, narae: Person, talks: list[int], hidden: int) -> None:
    for pk in talks[:6]:
        post(browser(hana), "claim", pk)
    answer = post(browser(narae), "bulk", do="claim", ids=[*talks, hidden])
    assert toast(answer)["text"] == "대화 1개를 맡았어요. 7개는 못 했어요."
    assert lines(answer) == [
        "대화 1개를 맡았어요. 7개는 못 했어요.",
        "who0, who1, who2, who3, who4 외 1개",
        "하나 님이 이 대화를 맡고 있어요.",
        f"대화 번호 {hidden}",
        "찾을 수 없어요. 지워졌거나 볼 권한이 없는 대화예요.",
    ]
    assert "secret_reporter" not in said(answer), "whoever may not read it does not learn whose it is"
    assert events(answer)["sotong:picked-done"] == {"refused": [*talks[:6], hidden]}


def test_what_a_colleague_holds_is_left_out_of_ending_many(hana: Person, narae: Person, talks: list[int]) -> None:
    post(browser(hana), "claim", talks[0])
    answer = post(browser(narae), "bulk", do="resolve", ids=talks)
    assert toast(answer)["text"] == "대화 6개를 끝냈어요. 1개는 못 했어요."
    assert lines(answer)[1:] == ["who0", "하나 님이 이 대화를 맡고 있어요."]
    assert Conversation.objects.get(pk=talks[0]).state == "open"


def test_ending_many_asks_for_those_whose_reply_has_not_surely_left_and_counts_them(
    narae: Person, talks: list[int]
) -> None:
    client, at = browser(narae), datetime.now(UTC)
    send_reply(conversation_id=talks[0], tab="public", text="네", token=uuid4(), by=narae, at=at)
    Delivery.objects.update(state="held", problem="Brake")
    talk = Conversation.objects.get(pk=talks[0])
    recount([talk])
    save([talk])
    answer = post(client, "bulk", do="resolve", ids=talks[:2])
    assert toast(answer)["text"] == "대화 1개를 끝냈어요. 1개는 못 했어요."
    why = "아직 나가지 않았거나 나갔는지 모르는 답이 있어요."
    assert lines(answer)[1:] == ["who0", f"{why} 어떻게 끝났는지 골라 주세요."]
    alone = post(client, "bulk", do="resolve", ids=talks[:1])
    assert (alone.status_code, why in said(alone)) == (422, True), "the dialog stays open and says it"
    answer = post(client, "bulk", do="resolve", ids=[talks[0], talks[2]], outcome="solved")
    assert toast(answer)["text"] == f"대화 2개를 끝냈어요. 그중 1개에는 {why}"


def test_ending_and_putting_off_many_is_taken_back_in_one_click(narae: Person, talks: list[int]) -> None:
    client = browser(narae)
    ended = post(client, "bulk", do="resolve", ids=talks[:3])
    assert Conversation.objects.filter(state="resolved").count() == 3
    back = client.post(toast(ended)["undoUrl"], headers=SCRIPT)
    assert toast(back)["text"] == "대화 3개를 되돌렸어요."
    assert not Conversation.objects.filter(state="resolved").exists()
    off = post(client, "bulk", do="snooze", ids=talks[:2], until="hour")
    client.post(toast(off)["undoUrl"], headers=SCRIPT)
    assert not Conversation.objects.filter(snoozed_until__isnull=False).exists()
    assert client.get(toast(ended)["undoUrl"]).status_code == 405, "a link changes nothing"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"do": "resolve", "ids": []}, "먼저 대화를 골라 주세요."),
        ({"do": "explode"}, "알 수 없는 값이에요."),
        ({"do": "claim", "ids": list(range(1, 202))}, "200개까지"),
        ({"do": "resolve", "outcome": "not_possible"}, "왜 그렇게 끝내는지 한 줄로 적어 주세요."),
        ({"do": "snooze"}, "언제까지 미룰지 골라 주세요."),
        ({"do": "snooze", "until_local": "2020-01-01T00:00"}, "이미 지난 시각이에요."),
        ({"do": "snooze", "until_local": "2300-01-01T00:00"}, "더 가까운 시각을 골라 주세요."),
        ({"do": "label"}, "붙일 꼬리표를 고르거나 새로 적어 주세요."),
        ({"do": "label", "new": "가" * 41}, "40자까지"),
        ({"do": "assign", "person": 999_999}, "알 수 없는 값이에요."),
    ],
)
def test_what_was_asked_wrongly_is_said_in_the_dialog_and_changes_nothing(
    data: dict[str, Any], words: str, narae: Person, talks: list[int]
) -> None:
    before = list(Conversation.objects.order_by("pk").values())
    answer = post(browser(narae), "bulk", **({"ids": talks} | data))
    assert answer.status_code == 422
    assert words in said(answer)
    assert "sotong:picked-done" not in events(answer)
    assert list(Conversation.objects.order_by("pk").values()) == before
    assert not Label.objects.exists()


def test_who_may_not_change_many_at_once_is_refused(hana: Person, talks: list[int]) -> None:
    assert post(browser(hana), "bulk", do="resolve", ids=talks).status_code == 403


def test_without_a_script_the_page_says_it(narae: Person, talks: list[int], hidden: int) -> None:
    client, page = browser(narae), "http://testserver/desk/?view=all"
    answer = client.post(reverse("inbox:bulk"), {"do": "claim", "ids": [talks[0], hidden]}, headers={"Referer": page})
    assert (answer.status_code, answer["Location"]) == (303, page)
    assert "대화 1개를 맡았어요. 1개는 못 했어요." in client.get("/desk/?view=all").content.decode()
