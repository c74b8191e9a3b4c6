"""The brake, the official accounts and notices, as people meet them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sotong.audit.models import Entry
from sotong.channels.actions.holds import hold_due, put_hold
from sotong.channels.actions.telling import tell_trouble, untell_set_aside
from sotong.channels.models import Channel, Delivery, Hold
from sotong.channels.queries.shown import shown_checks
from sotong.channels.rules.permits import restored
from sotong.channels.tests.test_pages import browse, care, company, set_aside
from sotong.notices.models import Notice
from sotong.people.models import Person

__all__ = ["browse", "care", "company"]
pytestmark = pytest.mark.django_db


def test_what_is_held_leaves_only_after_the_brake_and_by_a_person(browse: Any, care: Channel, deliver: Any) -> None:
    row = deliver(care, "멈춘 글")
    Delivery.objects.filter(pk=row.pk).update(state="held", problem="Brake")
    client = browse("lead")
    assert client.post(reverse("channels:brake"), {"reason": "사고 <b>확인</b>"}).status_code == 302
    page = client.get(reverse("channels:list")).content.decode()
    assert "사고 &lt;b&gt;확인&lt;/b&gt;" in page, "the banner is on every page"
    told = client.post(reverse("channels:again", args=[row.pk]), follow=True).content.decode()
    assert "아직 멈춰 있어요" in told
    client.post(reverse("channels:release"), {"channel": care.pk})
    row.refresh_from_db()
    assert row.state == "held"
    client.post(reverse("channels:lift_brake"))
    row.refresh_from_db()
    assert row.state == "held", "nothing leaves by itself"
    client.post(reverse("channels:release"), {"channel": care.pk})
    row.refresh_from_db()
    assert row.state == "due"


def test_the_brake_stops_first_and_is_explained_after(browse: Any) -> None:
    client = browse("lead")
    assert client.post(reverse("channels:brake"), {"reason": "  "}).status_code == 302
    assert Hold.objects.get(scope="all").is_on
    page = client.get(reverse("channels:doubtful")).content.decode()
    assert page.count("이유를 적지 않았어요") == 1, "on the card"
    assert "님이 모든 발송을 멈췄어요 · 이유는 아직 없어요" in page, "in the banner of every page"
    assert not Entry.objects.get(action="channels.put_hold").reason, "each reader is told in their own language"
    assert browse("agent").post(reverse("channels:explain_brake"), {"reason": "x"}).status_code == 403
    for reason in ("  ", "전산 사고", "다른 말"):
        client.post(reverse("channels:explain_brake"), {"reason": reason})
    page = client.get(reverse("channels:doubtful")).content.decode()
    assert "이유를 적지 않았어요" not in page
    assert page.count("전산 사고") == 2
    assert Entry.objects.get(action="channels.explain_hold").reason == "전산 사고", "the first word stands"


def test_the_brake_needs_the_right(browse: Any) -> None:
    assert browse("agent").post(reverse("channels:brake"), {"reason": "x"}).status_code == 403
    assert not Hold.objects.get(scope="all").is_on
    put_hold(by=None, reason="x", at=datetime.now(UTC))
    assert browse("agent").post(reverse("channels:lift_brake")).status_code == 403
    assert Hold.objects.get(scope="all").is_on


@pytest.mark.parametrize(
    ("language", "why", "advice"),
    [
        ("ko", "모든 발송을 멈췄어요. 시스템: 2025년 5월 1일 05:00의 백업을 복원했어요", "그 뒤에 나간 글이 있는지"),
        (
            "en",
            "All sending is stopped. System: the backup of 1 May 2025 05:00 was restored",
            "See what was sent",
        ),
    ],
)
def test_after_a_restore_each_reads_why_sending_is_stopped_in_ones_own_language(
    browse: Any, language: str, why: str, advice: str
) -> None:
    put_hold(by=None, reason=restored(datetime(2025, 4, 30, 20, 0, tzinfo=UTC)), at=datetime.now(UTC))
    client = browse("lead")
    Person.objects.update(language=language)
    page = client.get(reverse("channels:doubtful")).content.decode()
    assert why in page
    assert advice in page
    assert Entry.objects.get(action="channels.put_hold").reason == "restored 2025-04-30 20:00 UTC"


def test_the_official_accounts_are_public_and_hold_no_practice_and_no_inner_words(client: Client) -> None:
    def listed(number: int, handle: str, **fields: Any) -> None:
        given = {"network": "bluesky", "origin": "x", "opened_on": "2026-01-01", "tone": "비밀 말투"} | fields
        Channel.objects.create(remote_id=str(number), handle=handle, name=f"이름 {handle}", **given)

    listed(1, "hansori.example", url="https://bsky.app/profile/hansori.example")
    listed(2, "old.example", mode="closed", closed_on="2026-02-01", url="javascript:alert(1)")
    listed(3, "hidden.example", is_public=False)
    listed(4, "rehearsal", network="practice")
    answer = client.get("/official-accounts")
    page = answer.content.decode()
    assert 'rel="me noopener">@hansori.example' in page
    assert "더 쓰지 않는 계정" in page
    for never in ("hidden.example", "rehearsal", "비밀 말투", "javascript:"):
        assert never not in page
    assert not answer.cookies
    plain = client.get("/official-accounts.json").json()
    assert [(one["handle"], one["is_current"]) for one in plain["accounts"]] == [
        ("hansori.example", True),
        ("old.example", False),
    ]
    assert set(plain["accounts"][0]) == {"network", "handle", "name", "url", "purpose", "since", "until", "is_current"}
    assert plain["company"] == "한소리텔레콤"
    english = client.get("/official-accounts", headers={"Accept-Language": "en"}).content.decode()
    assert "Official accounts of 한소리텔레콤" in english


def test_notices_are_read_by_who_may_act_and_end_when_mended(browse: Any, care: Channel) -> None:
    now = datetime.now(UTC)
    tell_trouble(channel=care, problem="Unauthorized", at=now)
    arrival = set_aside(care)
    administrator, agent = browse("administrator"), browse("agent")
    page = administrator.get(reverse("notices:list")).content.decode()
    assert "care: 네트워크가 이 로그인을 받지 않아요" in page
    assert "care: 읽지 못해 따로 둔 것이 있어요" in page
    assert "care:" not in agent.get(reverse("notices:list")).content.decode()
    assert "hidden" in agent.get(reverse("notices:count")).content.decode()
    mine = Notice.objects.get(kind="channel-trouble")
    assert agent.post(reverse("notices:close", args=[mine.pk])).status_code == 404
    told = administrator.post(reverse("notices:close", args=[mine.pk]), follow=True).content.decode()
    assert "저절로 끝나요" in told
    mine.refresh_from_db()
    assert mine.closed_at is None, "the channel is still in trouble"
    untell_set_aside(at=now)
    assert Notice.objects.get(kind="arrivals-set-aside").closed_at is None
    arrival.delete()
    untell_set_aside(at=now)
    assert Notice.objects.get(kind="arrivals-set-aside").closed_at == now


def test_one_kind_is_stopped_while_the_others_go_on(browse: Any, care: Channel, deliver: Any) -> None:
    Channel.objects.filter(pk=care.pk).update(allowed_kinds=["reply", "promotion"])
    care.refresh_from_db()
    client, at = browse("press_officer"), datetime.now(UTC)
    page = client.get(reverse("channels:brake")).content.decode()
    assert 'value="promotion"' in page
    assert client.post(reverse("channels:brake"), {"scope": "promotion", "reason": "사고 <b>중</b>"}).status_code == 302
    assert {hold.scope for hold in Hold.objects.filter(is_on=True)} == {"promotion"}
    promotion, reply = deliver(care, "새 요금제", kind="promotion"), deliver(care, "답")
    assert hold_due(at=at) == 1
    promotion.refresh_from_db()
    reply.refresh_from_db()
    assert (promotion.state, promotion.problem, reply.state) == ("held", "Frozen", "due")
    shown = client.get(reverse("channels:doubtful")).content.decode()
    assert "홍보 발송이 멈춰 있어요" in shown
    assert "모든 발송이 멈춰 있어요" not in shown
    assert "홍보 발송을 멈췄어요" in client.get(reverse("channels:list")).content.decode(), "the banner tells everyone"
    told = browse("lead").post(reverse("channels:again", args=[promotion.pk]), follow=True).content.decode()
    assert "아직 멈춰 있어요" in told
    assert 'value="promotion"' not in client.get(reverse("channels:brake")).content.decode(), "it is stopped already"
    client.post(reverse("channels:lift_brake"), {"scope": "promotion"})
    assert not Hold.objects.filter(is_on=True).exists()
    assert "발송을 멈췄어요" not in client.get(reverse("channels:official_accounts")).content.decode()
    assert [entry.detail["scope"] for entry in Entry.objects.filter(action__contains="_hold").order_by("id")] == [
        "promotion",
        "promotion",
    ]


def test_lifting_the_brake_leaves_a_frozen_kind_frozen(browse: Any) -> None:
    client, at = browse("lead"), datetime.now(UTC)
    put_hold(scope="game", by=None, reason="놀이", at=at)
    put_hold(by=None, reason="모두", at=at)
    client.post(reverse("channels:lift_brake"))
    assert {hold.scope for hold in Hold.objects.filter(is_on=True)} == {"game"}


@pytest.mark.parametrize("scope", ["nonsense", "game ", "a\0b"])
def test_what_cannot_be_stopped_stops_nothing(browse: Any, scope: str) -> None:
    client = browse("lead")
    refused = client.post(reverse("channels:brake"), {"scope": scope, "reason": "사고"})
    assert refused.status_code == 422
    assert "멈출 수 있는 것 중에서" in refused.content.decode()
    assert client.post(reverse("channels:lift_brake"), {"scope": scope}).status_code == 404
    assert not Hold.objects.filter(is_on=True).exists()


@pytest.mark.django_db
def test_what_always_has_a_choice_is_not_called_optional(browse):
    html = browse("lead").get(reverse("channels:brake")).content.decode()
    assert 'type="radio"' in html
    assert html.count('class="optional"') == 1, "the reason, and nothing else"


def test_the_doctor_says_what_it_saw_as_of_its_time(care: Channel) -> None:
    care.checks.create(permission="fetch", is_ok=True, saw="0", at=datetime.now(UTC))
    (shown,) = shown_checks(care)
    assert shown.saw == "그때는 온 것이 없었어요"


def test_what_was_set_is_not_said_to_be_so_now(browse: Any, care: Channel) -> None:
    """A channel in trouble is set to read and send, and does neither."""
    Channel.objects.update(trouble="Unauthorized", mode="open")
    page = browse("lead").get(f"{reverse('channels:channel', args=[care.pk])}?part=state").content.decode()
    assert "끊김 ·" in page
    assert "<dt>정한 것</dt><dd>읽고 보내요</dd>" in page
    assert "<dt>지금</dt>" not in page


@pytest.mark.parametrize(
    ("trouble", "said"), [("Unauthorized", "관리자에게 알려 주세요."), ("Temporary", "저절로 다시 해 봐요")]
)
def test_who_may_not_mend_a_channel_is_told_what_they_can_do(
    browse: Any, care: Channel, trouble: str, said: str
) -> None:
    now = datetime.now(UTC)
    Channel.objects.filter(pk=care.pk).update(trouble=trouble, trouble_since=now, checked_at=now)
    assert said in browse("lead").get(reverse("channels:channel", args=[care.pk])).content.decode()
