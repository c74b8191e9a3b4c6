"""Who is given a conversation, or loses it to a colleague, is told."""

from __future__ import annotations

import pytest

from sotong.inbox.actions.assigning import assign_conversation
from sotong.inbox.actions.claiming import claim_conversation, take_over
from sotong.inbox.actions.handing import colleague_knows
from sotong.notices.queries import open_for, shown_for

pytestmark = pytest.mark.django_db


def test_whoever_is_given_a_conversation_is_told_until_they_open_it(talk, hana, doyun, narae, at):
    assign_conversation(conversation_id=talk.pk, person_id=hana.pk, team_id=None, by=narae, at=at)
    ((shown,), _ended) = shown_for(hana)
    assert shown.words.title == f"{narae.shown_name} 님이 대화를 넘겼어요 · kim"
    assert shown.words.text == "나에게 배정됐어요. 열어서 맡아 주세요."
    assert shown.notice.url == f"/desk/{talk.pk}/"
    assert [open_for(other).count() for other in (doyun, narae)] == [0, 0]
    colleague_knows(conversation_id=talk.pk, by=doyun, at=at)
    assert open_for(hana).count() == 1
    colleague_knows(conversation_id=talk.pk, by=hana, at=at)
    assert open_for(hana).count() == 0


def test_whoever_loses_a_conversation_to_a_colleague_is_told(talk, hana, narae, at):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    take_over(conversation_id=talk.pk, by=narae, at=at)
    ((shown,), _ended) = shown_for(hana)
    assert "넘겨받았어요" in shown.words.title


def test_whoever_had_what_a_lead_hands_on_is_told_to_whom_it_went(talk, hana, doyun, narae, at):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    assign_conversation(conversation_id=talk.pk, person_id=doyun.pk, team_id=None, by=narae, at=at)
    ((shown,), _ended) = shown_for(hana)
    assert shown.words.title == "나래 님이 내가 맡던 대화를 넘겼어요 · kim"
    assert shown.words.text == "도윤에게 넘어갔어요. 쓰던 글은 초안에 있어요."
    assert open_for(doyun).count() == 1


def test_what_one_does_oneself_is_no_news(talk, hana, at):
    assign_conversation(conversation_id=talk.pk, person_id=hana.pk, team_id=None, by=hana, at=at)
    assert open_for(hana).count() == 0
