"""A small cast: 하나 and 도윤 answer, 나래 leads, 가람 runs the house; two of our accounts on the practice network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sotong.bus import actions as bus
from sotong.bus.events import Event
from sotong.channels.actions.credentials import set_credentials
from sotong.channels.events import DeliveryChanged, RemovalChanged
from sotong.channels.models import Channel
from sotong.inbox.actions.replying import note_delivery
from sotong.inbox.actions.taking_back import note_removal
from sotong.inbox.models import Conversation
from sotong.inbox.tests.arriving import arrive, item
from sotong.inbox.tests.searching import kiwi, say  # noqa: F401
from sotong.language.tests.conftest import language  # noqa: F401
from sotong.people.models import Person


@pytest.fixture
def at() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(autouse=True)
def told() -> Iterator[list[Event]]:
    """Every event that was announced; deliveries are noted by the inbox as on the running site."""
    events: list[Event] = []

    def dispatch(event: Event) -> None:
        events.append(event)
        if isinstance(event, DeliveryChanged):
            note_delivery(event)
        if isinstance(event, RemovalChanged):
            note_removal(event)

    before = list(bus._dispatchers)
    bus.use_dispatcher(dispatch)
    yield events
    bus._dispatchers[:] = before


def _person(name: str, *roles: str) -> Person:
    return Person.objects.create_user(f"{name}@hansori.example", name=name, roles=[*roles], undo_seconds=5)


@pytest.fixture
def hana(db: None) -> Person:
    return _person("하나", "agent")


@pytest.fixture
def doyun(db: None) -> Person:
    return _person("도윤", "agent")


@pytest.fixture
def narae(db: None) -> Person:
    return _person("나래", "lead")


@pytest.fixture
def garam(db: None) -> Person:
    """Administrator: runs the house and does not read customers' conversations."""
    return _person("가람", "administrator")


@pytest.fixture
def make_channel(db: None) -> Callable[..., Channel]:
    def make(account: str, **fields: Any) -> Channel:
        values = {"allowed_kinds": ["reply", "automatic"], "network": "practice", "origin": "practice"} | fields
        url = values.pop("server", "http://127.0.0.1:9")
        channel = Channel.objects.create(
            remote_id=f"id-{account}", handle=account, name=account, opened_on=date(2026, 1, 1), **values
        )
        set_credentials(channel, {"base_url": url, "handle": account, "token": "pt_planted"})
        channel.save()
        return channel

    return make


@pytest.fixture
def care(make_channel: Callable[..., Channel]) -> Channel:
    return make_channel("hansori_care")


@pytest.fixture
def brand(make_channel: Callable[..., Channel]) -> Channel:
    return make_channel("hansori", purpose="brand")


@pytest.fixture
def talk(care: Channel) -> Conversation:
    """김's conversation: one public question that waits."""
    return arrive(care, item("p-1", "인터넷이 안 돼요", author="kim"))[0]
