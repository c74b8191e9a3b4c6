"""Who is told of a team's channel, and that nobody silences what is not known yet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sotong.access.rules import ROLES
from sotong.channels.actions.telling import tell_doubts, tell_set_aside
from sotong.channels.models import Attempt, Channel, Delivery
from sotong.channels.queries.seen import seen_channels
from sotong.channels.rules.permits import may_see
from sotong.notices.actions import CauseStands, close_notice
from sotong.notices.models import Notice
from sotong.notices.queries import open_for, shown_for
from sotong.people.models import Person, Team

pytestmark = pytest.mark.django_db
DOUBT = "delivery-unconfirmed"


@pytest.fixture
def press(channel: Channel) -> Team:
    """The team whose channel it is."""
    team = Team.objects.create(name="홍보")
    channel.teams.add(team)
    return team


@pytest.fixture
def doubt(channel: Channel, deliver: Any) -> Delivery:
    row: Delivery = deliver(channel, "모르는 글")
    Delivery.objects.filter(pk=row.pk).update(state="unconfirmed", problem="Unknown", attempts_made=1)
    Attempt.objects.create(delivery=row, number=1, ended_at=datetime.now(UTC) - timedelta(minutes=1))
    row.refresh_from_db()
    return row


def test_only_who_may_see_a_channel_sees_and_closes_its_notices(
    channel: Channel, press: Team, doubt: Delivery, person: Any, at: datetime
) -> None:
    inside, outside, keeper = person("lead", name="안"), person("lead", name="밖"), person("administrator")
    press.members.add(inside)
    tell_doubts(at=at)
    tell_set_aside(channel=channel, at=at)
    assert [open_for(one).count() for one in (inside, keeper, outside)] == [2, 2, 0]
    client = Client()
    client.force_login(outside, backend="allauth.account.auth_backends.AuthenticationBackend")
    for notice in Notice.objects.all():
        assert client.post(reverse("notices:close", args=[notice.pk])).status_code == 404
    assert channel.name not in client.get(reverse("notices:list")).content.decode()
    Notice.objects.update(closed_at=at)
    assert [len(shown_for(one)[1]) for one in (inside, keeper, outside)] == [2, 2, 0]


def test_nobody_closes_the_notice_of_a_delivery_that_is_still_unconfirmed(
    channel: Channel, doubt: Delivery, person: Any, at: datetime
) -> None:
    lead = person("lead")
    assert tell_doubts(at=at) == 1
    (shown,) = shown_for(lead)[0]
    assert not shown.may_close
    with pytest.raises(CauseStands):
        close_notice(key=shown.notice.key, at=at, by=lead)
    assert open_for(lead).count() == 1
    Delivery.objects.filter(pk=doubt.pk).update(settled_at=at)
    tell_doubts(at=at)
    assert open_for(lead).count() == 0


def test_a_doubt_that_stands_without_a_notice_is_told_again(channel: Channel, doubt: Delivery, at: datetime) -> None:
    tell_doubts(at=at)
    Notice.objects.update(closed_at=at)
    assert tell_doubts(at=at) == 0
    assert tell_doubts(at=at) == 0
    assert Notice.objects.filter(kind=DOUBT, closed_at=None).count() == 1


def test_what_is_set_aside_for_good_may_be_closed_by_hand(channel: Channel, person: Any, at: datetime) -> None:
    lead = person("lead")
    tell_set_aside(channel=channel, at=at)
    (shown,) = shown_for(lead)[0]
    assert shown.may_close
    assert close_notice(key=shown.notice.key, at=at, by=lead)


@pytest.mark.parametrize("role", [*ROLES, "none"])
def test_channels_asked_at_once_are_those_asked_one_by_one(
    channel: Channel, make_channel: Any, press: Team, person: Any, role: str
) -> None:
    other = make_channel("http://127.0.0.1:1", account="other")
    other.teams.add(Team.objects.create(name="다른"), press)
    make_channel("http://127.0.0.1:1", account="everyones")
    both: list[Person] = [person(role, name=name) if role != "none" else person(name=name) for name in ("안", "밖")]
    press.members.add(both[0])
    for one in both:
        wanted = {row.pk for row in Channel.objects.all() if may_see(one, row)}
        assert sorted(seen_channels(one).values_list("pk", flat=True)) == sorted(wanted)
