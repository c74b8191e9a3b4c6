"""Whom the stream tells that a channel changed: whoever sees it, or saw it until that change."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sotong.bus.queries import Place, SignalRow
from sotong.channels.events import ChannelChanged
from sotong.channels.models import Channel
from sotong.people.models import Person, Session
from sotong.screens.stream import Viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(client_of: Callable[..., object], hana: Person) -> Viewer:
    client_of(hana)
    made = Viewer(hana.pk, Session.objects.get(person=hana).session_key)
    made.refresh()
    return made


def changed(channel: Channel) -> SignalRow:
    (shown,) = ChannelChanged(channel_id=channel.pk).shown()
    return SignalRow(Place(1, 1), shown.name, shown.permission, shown.channel_id, shown.person_id, shown.ids)


def test_of_another_teams_channel_nobody_hears(care: Channel, press: Channel, viewer: Viewer) -> None:
    assert viewer.admits(changed(care))
    assert not viewer.admits(changed(press))


def test_who_manages_channels_hears_of_all(press: Channel, hana: Person, viewer: Viewer) -> None:
    Person.objects.filter(pk=hana.pk).update(roles=["administrator"])
    viewer.refresh()
    assert viewer.admits(changed(press))


def test_the_change_that_opens_or_ends_it_is_still_told(press: Channel, hana: Person, viewer: Viewer) -> None:
    team = press.teams.get()
    team.members.add(hana)
    assert viewer.may_admit(changed(press)), "the rights are read again before it is told"
    viewer.refresh()
    assert viewer.admits(changed(press))
    team.members.remove(hana)
    viewer.refresh()
    assert viewer.admits(changed(press)), "so that the screen takes it away"
    viewer.refresh()
    assert not viewer.admits(changed(press))
