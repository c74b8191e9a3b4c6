"""Notices: one cause, one notice, for who may do something about it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from sotong.audit.models import Entry
from sotong.bus.models import Signal
from sotong.notices.actions import close_notice, raise_notice
from sotong.notices.models import Notice
from sotong.notices.queries import open_for
from sotong.people.models import Person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 1, 3, 27, tzinfo=UTC)
TROUBLE: dict[str, Any] = {
    "key": "channel-trouble:3",
    "kind": "something",
    "permission": "channels.manage",
    "at": AT,
}


def someone(*roles: str) -> Person:
    return Person.objects.create_user(f"{'-'.join(roles) or 'none'}@x.example", "x" * 12, name="x", roles=[*roles])


def test_the_same_cause_is_one_notice_until_it_is_closed() -> None:
    assert raise_notice(**TROUBLE, name="블루스카이")
    assert not raise_notice(**TROUBLE, name="블루스카이")
    assert Notice.objects.get().detail == {"name": "블루스카이"}
    assert close_notice(key="channel-trouble:3", at=AT)
    assert not close_notice(key="channel-trouble:3", at=AT)
    assert raise_notice(**TROUBLE)
    assert Notice.objects.count() == 2


def test_a_page_without_notices_speaks_of_notices_only(client: Client) -> None:
    """Other things may be open all the same: a brake, or a message that waits for a decision."""
    client.force_login(someone("lead"))
    page = client.get(reverse("notices:list")).content.decode()
    assert "열린 알림이 없어요" in page
    assert "알아야 할 일" not in page


def test_only_who_may_act_sees_it() -> None:
    raise_notice(**TROUBLE)
    assert open_for(someone("administrator")).count() == 1
    assert open_for(someone("agent")).count() == 0
    assert open_for(cast("Any", AnonymousUser())).count() == 0
    gone = someone("administrator", "lead")
    gone.is_active = False
    assert open_for(gone).count() == 0


def test_screens_are_told_once_and_only_of_changes() -> None:
    raise_notice(**TROUBLE)
    raise_notice(**TROUBLE)
    close_notice(key="channel-trouble:3", at=AT)
    assert [(s.name, s.permission) for s in Signal.objects.all()] == [("notice", "channels.manage")] * 2


def test_closing_by_hand_is_recorded_and_by_itself_is_not() -> None:
    admin = someone("administrator")
    raise_notice(**TROUBLE)
    close_notice(key="channel-trouble:3", at=AT)
    assert not Entry.objects.exists()
    raise_notice(**TROUBLE)
    close_notice(key="channel-trouble:3", at=AT, by=admin)
    assert Entry.objects.get().action == "notices.close_notice"
    assert Notice.objects.get(closed_by=admin).closed_at == AT


def test_a_notice_for_nobody_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        raise_notice(**{**TROUBLE, "permission": "channels.mange"})
