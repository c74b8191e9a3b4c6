"""The channel that was opened with our practice network asks ours, wherever that answers now, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sotong.channels.actions.credentials import read_credentials, set_credentials
from sotong.channels.actions.practice import astray, bring_back, practice_address
from sotong.channels.models import Channel, Connecting

pytestmark = pytest.mark.django_db
OLD = "http://127.0.0.1:9"


@pytest.fixture
def opened(make_channel: Callable[..., Channel]) -> Callable[..., Channel]:
    """A practice channel at an address; the last sign-in opened it, unless it was typed."""

    def make(address: str, account: str, *, is_typed: bool = False) -> Channel:
        channel = make_channel("practice", account=account, network="practice")
        channel.url = f"{address}/@{account}"
        set_credentials(channel, {"base_url": address, "handle": account, "token": "pt_1"})
        channel.save()
        for opens_practice in (True, False)[: 1 + is_typed]:
            Connecting.objects.create(network="practice", opens_practice=opens_practice, channel=channel, state="done")
        return channel

    return make


def test_it_follows_its_practice_network_to_another_port(opened: Callable[..., Channel]) -> None:
    channel = opened(OLD, "care")
    assert astray() == [channel]
    assert bring_back() == 1
    channel.refresh_from_db()
    assert read_credentials(channel) == {"base_url": practice_address(), "handle": "care", "token": "pt_1"}
    assert channel.url == f"{practice_address()}/@care"
    assert astray() == []
    assert bring_back() == 0


def test_one_that_is_there_already_or_was_signed_in_by_hand_stays(opened: Callable[..., Channel]) -> None:
    opened(practice_address(), "here")
    opened(OLD, "typed", is_typed=True)
    assert astray() == []


def test_one_that_nobody_can_read_stops_no_start(opened: Callable[..., Channel]) -> None:
    channel = opened(OLD, "sealed")
    Channel.objects.filter(pk=channel.pk).update(key_id="k99")
    assert bring_back() == 0
