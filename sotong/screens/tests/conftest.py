"""A desk with two channels, one of them another team's, and conversations written straight into the tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.test import Client

from sotong.channels.models import Channel
from sotong.contacts.models import Contact, Identity
from sotong.inbox.actions.standing import recount, save
from sotong.inbox.models import Conversation, Message
from sotong.people.models import Company, Person, Team

NUMBERS = count(1)


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(name="한소리텔레콤", language="ko", time_zone="Asia/Seoul")


@pytest.fixture
def hana(company: Company) -> Person:
    """An agent in no team."""
    return Person.objects.create_user("hana@hansori.example", name="박하나", roles=["agent"])


@pytest.fixture
def client_of() -> Callable[[Person], Client]:
    def make(person: Person, **headers: str) -> Client:
        client = Client(headers=headers)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return make


@pytest.fixture
def care(company: Company) -> Channel:
    return _channel("care")


@pytest.fixture
def press(company: Company) -> Channel:
    """Only the press team may use it."""
    channel = _channel("press")
    channel.teams.add(Team.objects.create(name="홍보"))
    return channel


def _channel(name: str) -> Channel:
    return Channel.objects.create(
        network="practice", origin="http://127.0.0.1:1", remote_id=name, handle=name, name=name, purpose="care",
        allowed_kinds=["reply"], opened_on=date(2026, 1, 1), healthy_at=datetime.now(UTC),
    )  # fmt: skip


@pytest.fixture
def converse() -> Callable[..., Conversation]:
    """A conversation whose customer said ``texts``, a minute apart, the last one ``minutes_ago``."""

    def make(channel: Channel, *texts: str, minutes_ago: int = 1, who: str = "", **fields: Any) -> Conversation:
        number = next(NUMBERS)
        identity = Identity.objects.create(
            contact=Contact.objects.create(name=who), network="practice", origin=channel.origin,
            remote_id=f"id{number}", handle=who or f"customer{number}",
        )  # fmt: skip
        last = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        conversation = Conversation.objects.create(
            channel=channel, identity=identity, origin=channel.origin, thread_ref=f"t{number}", last_at=last, **fields
        )
        for index, text in enumerate(texts):
            Message.objects.create(
                conversation=conversation, direction="inbound", identity=identity, text=text, origin=channel.origin,
                remote_id=f"p{number}.{index}", posted_at=last - timedelta(minutes=len(texts) - 1 - index),
                is_direct=conversation.is_direct,
            )  # fmt: skip
        recount([conversation])
        save([conversation])
        return conversation

    return make
