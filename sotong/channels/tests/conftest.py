"""A small cast: a lead who may decide, an agent who may not, and channels on stand-in networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sotong.channels.actions.credentials import set_credentials
from sotong.channels.actions.deliveries import create_delivery, draw_key
from sotong.channels.models import Channel, Delivery
from sotong.channels.records import post_ref
from sotong.channels.tests.stand_in.process import StandIn
from sotong.people.models import Person

NOW = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def at() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    """A network with keys and a look-up."""
    running = StandIn(tmp_path_factory.mktemp("stand-in"))
    yield running
    running.stop()


@pytest.fixture
def keyless(tmp_path: Path) -> Iterator[StandIn]:
    """A network where every request is a post: only looking before repeating saves us."""
    running = StandIn(tmp_path, "--keyless")
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def no_faults(request: pytest.FixtureRequest) -> None:
    if "stand_in" in request.fixturenames:
        request.getfixturevalue("stand_in").fault()


@pytest.fixture
def person() -> Callable[..., Person]:
    """Make someone with these roles."""

    def make(*roles: str, name: str = "하나") -> Person:
        return Person.objects.create_user(f"{name}-{'-'.join(roles) or 'none'}@example.com", name=name, roles=[*roles])

    return make


@pytest.fixture
def make_channel() -> Callable[..., Channel]:
    """Make a channel on a stand-in network."""

    def make(url: str, account: str = "us", network: str = "counting", **fields: Any) -> Channel:
        values = {"purpose": "care", "allowed_kinds": ["reply", "automatic"], "poll_seconds": 1} | fields
        channel = Channel.objects.create(
            network=network,
            origin=url,
            remote_id=f"id-{account}",
            handle=account,
            name=account,
            opened_on=date(2026, 1, 1),
            **values,
        )
        set_credentials(channel, {"url": url, "account": account, "token": "planted-secret"})
        channel.save()
        return channel

    return make


@pytest.fixture
def channel(make_channel: Callable[..., Channel], stand_in: StandIn, request: pytest.FixtureRequest) -> Channel:
    return make_channel(stand_in.url, account=request.node.name[:100])


@pytest.fixture
def deliver() -> Callable[..., Delivery]:
    """Plan a reply that is due now."""

    def make(channel: Channel, text: str = "안녕하세요", *, thread: str = "", **fields: Any) -> Delivery:
        now = datetime.now(UTC)
        values = {"kind": "reply", "by": None, "due_at": now - timedelta(seconds=1), "at": now} | fields
        reply = post_ref(remote_id=thread, thread_ref=thread) if thread else None
        return create_delivery(channel=channel, key=draw_key(now), text=text, in_reply_to=reply, **values)

    return make


@pytest.fixture
def blind(make_channel, stand_in, request):
    return make_channel(stand_in.url, account=request.node.name[:80], network="blind")
