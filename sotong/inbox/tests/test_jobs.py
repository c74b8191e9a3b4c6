"""Jobs are hints by name: whoever enqueues one must find it, and the sweeps look by themselves."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models.functions import Now
from procrastinate.contrib.django import app

from sotong.channels.models import Channel, Delivery
from sotong.inbox import jobs
from sotong.inbox.actions.claiming import claim_conversation
from sotong.inbox.actions.resolving import snooze_conversation
from sotong.inbox.models import Conversation
from sotong.inbox.tests.arriving import arrive, item

AREA = Path(__file__).resolve().parents[1]


def enqueued() -> set[str]:
    """Names that the area's code hands to ``enqueue``."""
    sources = [path.read_text(encoding="utf-8") for path in AREA.glob("actions/*.py")]
    return {name for source in sources for name in re.findall(r'\benqueue\(\s*"([^"]+)"', source)}


def test_every_job_that_is_enqueued_is_there():
    names = enqueued()
    assert {"inbox.fetch_media", "inbox.acknowledge", "inbox.index_messages"} <= names
    assert names <= set(app.tasks)


@pytest.mark.django_db
def test_the_sweeps_do_what_is_due(care, talk, hana, at):
    other = arrive(care, item("p-7", "저는요?", author="lee"))[1]
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    snooze_conversation(conversation_id=other.pk, until=at + timedelta(hours=1), by=hana, at=at)
    Conversation.objects.filter(pk=talk.pk).update(claim_until=Now() - timedelta(seconds=1))
    Conversation.objects.filter(pk=other.pk).update(snoozed_until=at - timedelta(seconds=1))
    jobs.release()
    jobs.wake()
    assert not Conversation.objects.filter(claimed_by__isnull=False).exists()
    assert {row.shelf for row in Conversation.objects.all()} == {"live"}


@pytest.mark.django_db
def test_the_acknowledging_job_passes_over_what_needs_nothing(care, talk, at):
    Channel.objects.update(acknowledgement="자동으로 드리는 말씀이에요.")
    other = arrive(care, item("p-7", "저는요?", author="lee"))[1]
    Conversation.objects.filter(pk=other.pk).update(waiting_since=at)
    jobs.acknowledge_opened(conversation_ids=[talk.pk, other.pk])
    assert [delivery.in_reply_to for delivery in Delivery.objects.all()] == [
        {"remote_id": "p-7", "revision": "", "thread_ref": "p-7"}
    ]
