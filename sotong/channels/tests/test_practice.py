"""The channel that was opened with our practice network asks ours, wherever that answers now, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from sotong.channels.actions.credentials import read_credentials, set_credentials
from sotong.channels.actions.health import clear_trouble, note_trouble
from sotong.channels.actions.practice import astray, bring_back, practice_address
from sotong.channels.models import Channel, Connecting
from sotong.networks.errors import Unauthorized
from sotong.people.models import Person

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


def test_a_dead_sign_in_is_mended_by_opening_the_network_again_for_the_same_account(
    opened: Callable[..., Channel], person: Callable[..., Person], at: datetime
) -> None:
    channel, keeper = opened(practice_address(), "hansori"), person("administrator")
    note_trouble(channel_id=channel.pk, error=Unauthorized("token revoked"), at=at)
    client = Client()
    client.force_login(keeper, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("channels:channel", args=[channel.pk])).content.decode()
    assert "연습 네트워크를 다시 열면" in page
    assert "앱 비밀번호" not in page
    assert reverse("channels:sign_in", args=[channel.pk]) not in page, "it asks for a token that no screen shows"
    client.post(reverse("channels:open_practice"), {"channel": channel.pk})
    row = Connecting.objects.get(state="waiting")
    assert (row.opens_practice, read_credentials(row)["handle"]) == (True, "hansori")
    assert client.post(reverse("channels:open_practice"), {"channel": 10**9}).status_code == 404


def test_the_doctor_looks_again_whenever_the_state_changes(opened: Callable[..., Channel], at: datetime) -> None:
    channel = opened(practice_address(), "hansori")

    def asked(change: Callable[[], None]) -> bool:
        Channel.objects.update(examine_at=None)
        change()
        return Channel.objects.get(pk=channel.pk).examine_at is not None

    dead = partial(note_trouble, channel_id=channel.pk, error=Unauthorized("token revoked"), at=at)
    healed = partial(clear_trouble, channel_id=channel.pk, at=at)
    assert [asked(change) for change in (dead, dead, healed, healed)] == [True, False, True, False]


def test_one_that_nobody_can_read_stops_no_start(opened: Callable[..., Channel]) -> None:
    channel = opened(OLD, "sealed")
    Channel.objects.filter(pk=channel.pk).update(key_id="k99")
    assert bring_back() == 0
