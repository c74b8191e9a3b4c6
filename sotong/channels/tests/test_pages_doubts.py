"""The screen of doubts, as people meet it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import reverse

from sotong.audit.models import Entry
from sotong.channels.actions.holds import put_hold
from sotong.channels.models import Attempt, Channel, Delivery
from sotong.channels.tests.test_pages import HOSTILE, browse, care, company
from sotong.people.models import Team

__all__ = ["browse", "care", "company"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def doubt(care: Channel, deliver: Any) -> Delivery:
    row: Delivery = deliver(care, f"모르는 글 가나다 {HOSTILE}")
    Delivery.objects.filter(pk=row.pk).update(state="unconfirmed", problem="Unknown", attempts_made=1)
    Attempt.objects.create(delivery=row, number=1, ended_at=datetime.now(UTC), outcome="NoAnswer", detail="POST: reset")
    row.refresh_from_db()
    return row


def test_a_doubt_says_what_was_tried_and_what_was_seen(browse: Any, doubt: Delivery) -> None:
    page = browse("lead").get(reverse("channels:doubtful")).content.decode()
    assert "모르는 글 가나다 &lt;script&gt;" in page
    assert "서버가 제때 답하지 않았어요" in page
    assert "POST: reset" in page
    assert "아직 네트워크를 보지 않았어요" in page
    assert HOSTILE not in page


def test_who_may_not_decide_sees_no_text(browse: Any, doubt: Delivery) -> None:
    page = browse("agent").get(reverse("channels:doubtful")).content.decode()
    assert "모르는 글 가나다" not in page


def test_who_may_not_decide_finds_what_is_held_without_the_buttons(
    browse: Any, person: Any, care: Channel, make_channel: Any, deliver: Any
) -> None:
    agent, other = person("agent"), person("agent", name="나래")
    closed = make_channel("https://other.example", account="other")
    for channel, text, by in ((care, "내 글", agent), (care, "같은 채널", other), (closed, "남의 채널", other)):
        row = deliver(channel, text, by=by)
        Delivery.objects.filter(pk=row.pk).update(state="held", problem="Brake")
    closed.teams.add(Team.objects.create(name="다른 팀"))
    put_hold(by=None, reason="사고", at=datetime.now(UTC))
    page = browse(who=agent).get(reverse("channels:doubtful")).content.decode()
    assert "내 글" in page
    assert "같은 채널" in page
    assert "남의 채널" not in page
    assert "발송이 다시 열리면 근무 책임자가 보낼지 정해요" in page
    assert "여기서 정할 것은 없어요" not in page
    for act in ("again", "leave", "release"):
        assert f"/{act}" not in page
    assert "내 글" not in browse("analyst").get(reverse("channels:doubtful")).content.decode()


@pytest.mark.parametrize("channel", ["", "x", "-1", "٣", "9" * 5000])
def test_a_channel_that_is_no_number_is_no_channel(browse: Any, doubt: Delivery, channel: str) -> None:
    assert browse("lead").post(reverse("channels:release"), {"channel": channel}).status_code == 404


def test_looking_again_asks_for_a_look(browse: Any, doubt: Delivery) -> None:
    Delivery.objects.filter(pk=doubt.pk).update(next_look_at=None)
    browse("lead").post(reverse("channels:look", args=[doubt.pk]))
    doubt.refresh_from_db()
    assert doubt.next_look_at is not None
    assert Entry.objects.filter(action="channels.look").exists()


def test_a_person_says_where_the_post_is(browse: Any, doubt: Delivery) -> None:
    client, url = browse("lead"), reverse("channels:there", args=[doubt.pk])
    assert "https://counting.example/…처럼" in client.get(url).content.decode()
    for odd in ("", "javascript:alert(1)", "nothing", "https://x.example/1", "https://counting.example/" + "a" * 600):
        assert client.post(url, {"url": odd}).status_code == 422
    refused = client.post(url, {"url": "https://example.com/1"}).content.decode()
    assert "이 채널의 계정이 쓴 글의 주소가 아니에요" in refused
    assert client.post(url, {"url": "https://counting.example/1"}).status_code == 302
    doubt.refresh_from_db()
    assert (doubt.state, doubt.url, doubt.seen_at) == ("sent", "https://counting.example/1", None)


def test_sending_again_looks_first_where_the_network_can_look(browse: Any, doubt: Delivery) -> None:
    browse("lead").post(reverse("channels:again", args=[doubt.pk]))
    doubt.refresh_from_db()
    assert (doubt.state, doubt.problem) == ("unconfirmed", "LookingFirst")


def test_giving_up_ends_the_doubt(browse: Any, doubt: Delivery) -> None:
    client = browse("lead")
    client.post(reverse("channels:leave", args=[doubt.pk]))
    page = client.get(reverse("channels:doubtful")).content.decode()
    assert "보냈는지 모르는 글" not in page
    assert "그대로 둔 글" in page, "whoever learns what became of it can still say so"
    assert reverse("channels:there", args=[doubt.pk]) in page
    second = client.post(reverse("channels:leave", args=[doubt.pk]), follow=True).content.decode()
    assert "그사이에 달라졌어요" in second


@pytest.mark.parametrize("state", ["sent", "due", "failed", "held"])
def test_what_is_not_in_doubt_is_not_read_by_its_number(browse: Any, doubt: Delivery, state: str) -> None:
    Delivery.objects.filter(pk=doubt.pk).update(state=state, remote_id="1", sent_at=datetime.now(UTC))
    answer = browse("administrator").get(reverse("channels:there", args=[doubt.pk]))
    assert answer.status_code == 302
    assert "모르는 글" not in answer.content.decode()


def test_a_wrong_address_can_be_taken_back(browse: Any, care: Channel, doubt: Delivery) -> None:
    now = datetime.now(UTC)
    given = {"state": "sent", "problem": "ByPerson", "remote_id": "x", "url": "https://x/1", "sent_at": now}
    Delivery.objects.filter(pk=doubt.pk).update(**given, next_look_at=now)
    client = browse("lead")
    page = client.get(reverse("channels:doubtful")).content.decode()
    assert "사람이 확인한 글" in page
    assert "https://x/1" in page
    client.post(reverse("channels:mistaken", args=[doubt.pk]))
    doubt.refresh_from_db()
    assert (doubt.state, doubt.url, doubt.remote_id, doubt.problem_detail) == ("unconfirmed", "", "", "https://x/1")
    page = client.get(reverse("channels:doubtful")).content.decode()
    assert "보냈는지 모르는 글" in page
    assert "https://x/1" in page
    assert Entry.objects.filter(action="channels.decide_mistaken").count() == 1
