"""The automatic acknowledgement: once a conversation, and never taken for an answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sotong.channels.models import Channel, Delivery
from sotong.inbox.actions.acknowledging import MOST, acknowledge
from sotong.inbox.models import Conversation, Message
from sotong.inbox.tests.arriving import arrive, item, minute

pytestmark = pytest.mark.django_db

WORDS = "자동으로 드리는 말씀이에요. 글을 받았고, 사람이 곧 볼게요."


@pytest.fixture
def greeting(care: Channel) -> Channel:
    Channel.objects.filter(pk=care.pk).update(acknowledgement=WORDS)
    care.refresh_from_db()
    return care


def jobs() -> list[dict[str, list[int]]]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return [job.args for job in ProcrastinateJob.objects.filter(task_name="inbox.acknowledge").order_by("id")]


def test_an_opened_conversation_is_acknowledged_once(greeting):
    (talk,) = arrive(greeting, item("p-1", "안 돼요"))
    assert jobs() == [{"conversation_ids": [talk.pk]}]
    first = acknowledge(conversation_id=talk.pk, at=minute(1))
    again = acknowledge(conversation_id=talk.pk, at=minute(2))
    assert first is not None
    assert first == again
    delivery = Delivery.objects.get()
    assert (delivery.kind, delivery.text, (delivery.in_reply_to or {})["remote_id"]) == ("automatic", WORDS, "p-1")
    arrive(greeting, item("p-2", "아직이요?", thread="p-1", posted=3))
    assert len(jobs()) == 1, "only the first message opens a conversation"


def test_it_stops_no_clock(greeting):
    (talk,) = arrive(greeting, item("p-1", "안 돼요"))
    acknowledge(conversation_id=talk.pk, at=minute(1))
    Delivery.objects.update(state="sent", remote_id="p-100", sent_at=minute(2))
    arrive(greeting, item("p-2", "아직이요?", thread="p-1", posted=3))
    talk.refresh_from_db()
    assert (talk.state, talk.waiting_since, talk.first_human_reply_at) == ("open", minute(0), None)
    assert talk.claimed_by is None
    assert talk.preview == "아직이요?"


def test_the_list_goes_on_showing_the_customers_words(greeting):
    (talk,) = arrive(greeting, item("p-1", "안 돼요"))
    acknowledge(conversation_id=talk.pk, at=minute(1))
    talk.refresh_from_db()
    assert talk.preview == "안 돼요"


def test_a_channel_without_words_says_nothing(care):
    (talk,) = arrive(care, item("p-1", "안 돼요"))
    assert jobs() == []
    assert acknowledge(conversation_id=talk.pk, at=minute(1)) is None


def test_history_and_what_is_answered_are_passed_over(greeting):
    (talk,) = arrive(greeting, item("p-1", "안 돼요"))
    assert acknowledge(conversation_id=talk.pk, at=minute(60 * 13)) is None
    arrive(greeting, item("q-1", "볼게요", author="hansori_care", thread="p-1", posted=2, in_reply_to="p-1"))
    assert acknowledge(conversation_id=talk.pk, at=minute(3)) is None
    arrive(greeting, item("p-2", "고마워요", thread="p-1", posted=4))
    talk.refresh_from_db()
    assert talk.waiting_since == minute(4)
    assert acknowledge(conversation_id=talk.pk, at=minute(5)) is None
    assert not Delivery.objects.exists()


def test_two_machines_do_not_answer_each_other_for_ever(greeting):
    now = datetime.now(UTC)
    talks = arrive(greeting, *(item(f"p-{n}", "자동 응답", author="bot", posted=n) for n in range(MOST + 2)))
    Conversation.objects.update(waiting_since=now)
    sent = [acknowledge(conversation_id=talk.pk, at=now + timedelta(seconds=n)) for n, talk in enumerate(talks)]
    assert [one is not None for one in sent] == [True] * MOST + [False, False]


def test_what_the_channel_does_not_let_out_stops_nothing(greeting):
    Channel.objects.update(allowed_kinds=["reply"])
    (talk,) = arrive(greeting, item("p-1", "안 돼요"))
    assert acknowledge(conversation_id=talk.pk, at=minute(1)) is None
    assert Message.objects.count() == 1
