"""Pages of channels: who sees what, what they say, and what they never show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sotong.audit.models import Entry
from sotong.channels.actions.arrivals import record_arrivals
from sotong.channels.models import Arrival, Channel, Connecting, Delivery, Hold
from sotong.networks.contract import Page, Unreadable
from sotong.people.models import Company, Person, Team

pytestmark = pytest.mark.django_db
SECRET = "planted-secret"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def company() -> Company:
    return Company.objects.create(name="한소리텔레콤", language="ko", time_zone="Asia/Seoul")


@pytest.fixture
def browse(person: Callable[..., Person]) -> Callable[..., Client]:
    """A browser in which someone with these roles is signed in."""

    def sign_in(*roles: str, who: Person | None = None, **options: Any) -> Client:
        client = Client(**options)
        someone = who or person(*roles, name=f"가람{Person.objects.count()}")
        client.force_login(someone, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture
def care(make_channel: Callable[..., Channel]) -> Channel:
    return make_channel("https://counting.example", account="care")


def set_aside(channel: Channel, raw: bytes = HOSTILE.encode()) -> Arrival:
    now = datetime.now(UTC)
    item = Unreadable(remote_id=HOSTILE, raw=raw, why=f"no author {HOSTILE}", observed_at=now)
    record_arrivals(channel_id=channel.pk, page=Page(items=(item,), cursor=""), at=now)
    return Arrival.objects.get(channel=channel, state="set_aside")


PAGES = ["list", "connect", "doubtful", "brake", "channel", "change", "sign_in"]
SEES = {
    "agent": {"list", "doubtful", "channel"},
    "lead": {"list", "doubtful", "channel", "brake"},
    "press_officer": {"list", "doubtful", "channel", "brake"},
    "analyst": {"list", "doubtful", "channel"},
    "privacy_officer": set(),
    "administrator": set(PAGES),
}


@pytest.mark.parametrize("role", SEES)
def test_each_role_opens_its_pages_and_no_others(role: str, browse: Any, care: Channel) -> None:
    client = browse(role)
    answers = {}
    for name in PAGES:
        about = [care.pk] if name in {"channel", "change", "sign_in"} else []
        answers[name] = client.get(reverse(f"channels:{name}", args=about)).status_code
    assert answers == {name: 200 if name in SEES[role] else 403 for name in PAGES}


POSTS = {
    "mode": ({"mode": "shadow"}, {"administrator"}),
    "examine": ({}, {"agent", "lead", "press_officer", "analyst", "administrator"}),
    "keep": ({}, {"administrator"}),
    "close": ({"closed_on": "2020-01-01", "reason": "끝"}, {"administrator"}),
    "replay": ({}, {"lead", "administrator"}),
}


@pytest.mark.parametrize("name", POSTS)
def test_each_act_is_refused_to_who_may_not(name: str, browse: Any, care: Channel) -> None:
    given, allowed = POSTS[name]
    for role in SEES:
        status = browse(role).post(reverse(f"channels:{name}", args=[care.pk]), given).status_code
        assert (status == 302) == (role in allowed), (role, status)
        assert status in {302, 403}


def test_visitors_are_asked_to_sign_in(client: Client, care: Channel) -> None:
    for name in ("list", "doubtful", "connect"):
        assert client.get(reverse(f"channels:{name}"))["Location"].startswith("/accounts/login/")


def test_a_form_of_another_site_changes_nothing(browse: Any, care: Channel) -> None:
    client = browse("administrator", enforce_csrf_checks=True)
    assert client.post(reverse("channels:brake"), {"reason": "x"}).status_code == 403
    assert client.post(reverse("channels:mode", args=[care.pk]), {"mode": "shadow"}).status_code == 403
    assert client.post(reverse("channels:open_practice")).status_code == 403
    assert not Hold.objects.get(scope="all").is_on
    assert not Connecting.objects.exists()


def test_no_get_changes_anything(browse: Any, care: Channel) -> None:
    client = browse("administrator", "lead")
    for name in ("mode", "examine", "close", "keep", "replay"):
        assert client.get(reverse(f"channels:{name}", args=[care.pk])).status_code == 405
    for name in ("lift_brake", "release", "open_practice"):
        assert client.get(reverse(f"channels:{name}")).status_code == 405


def test_what_was_typed_comes_back_except_secrets(browse: Any) -> None:
    url = reverse("channels:connect", args=["bluesky"])
    given = {
        "in-handle": "@brand.example",
        "in-app_password": SECRET,
        "in-base_url": "ftp://pds.example",
        "mode": "shadow",
    }
    answer = browse("administrator").post(url, given | {"purpose": "press"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "brand.example" in page
    assert "ftp://pds.example" in page
    assert '<option value="press" selected>' in page
    assert "https://로 시작하는 주소를 적어 주세요" in page
    assert SECRET not in page
    assert not Connecting.objects.exists()


@pytest.mark.parametrize(
    "typed", ["https://u:p@pds.example", "javascript:alert(1)", "https://", "http://[::1", "http://pds.example", "//"]
)
def test_an_address_that_is_none_is_refused_at_once(typed: str, browse: Any) -> None:
    given = {
        "in-handle": "a.example",
        "in-app_password": "x",
        "in-base_url": typed,
        "mode": "shadow",
        "purpose": "care",
    }
    assert browse("administrator").post(reverse("channels:connect", args=["bluesky"]), given).status_code == 422


def test_a_sign_in_is_kept_encrypted_and_appears_in_no_page_log_or_trail(
    browse: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = browse("administrator")
    given = {"in-handle": "@brand.example", "in-app_password": SECRET, "in-base_url": "pds.example", "mode": "shadow"}
    answer = client.post(reverse("channels:connect", args=["bluesky"]), given | {"purpose": "brand"})
    row = Connecting.objects.get()
    assert answer["Location"] == reverse("channels:connecting", args=[row.pk])
    assert SECRET.encode() not in bytes(row.credentials)
    assert SECRET not in client.get(answer["Location"]).content.decode()
    assert SECRET not in caplog.text
    assert SECRET not in repr(list(Entry.objects.values()))
    Connecting.objects.update(state="failed", problem="Unauthorized")
    again = client.get(reverse("channels:connect", args=["bluesky"]), {"again": row.pk}).content.decode()
    assert 'value="brand.example"' in again
    assert 'value="https://pds.example"' in again
    assert SECRET not in again


def test_nobody_sees_what_another_typed(browse: Any, person: Any) -> None:
    other = person("administrator", name="나래")
    row = Connecting.objects.create(network="bluesky", by=other, state="failed", problem="Unauthorized")
    client = browse("administrator")
    assert client.get(reverse("channels:connecting", args=[row.pk])).status_code == 404
    assert client.get(reverse("channels:connect", args=["bluesky"]), {"again": row.pk}).status_code == 200
    for odd in ("x", "²", "9" * 40, "-1", ""):
        assert client.get(reverse("channels:connect", args=["bluesky"]), {"again": odd}).status_code == 200


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        ("Unauthorized", "네트워크가 이 로그인을 받지 않아요"),
        ("Unreachable", "서버에 닿지 못했어요"),
        ("NotTheNetwork", "그 주소에는 이 네트워크의 서버가 없어요"),
        ("Blocked", "그 주소로는 나갈 수 없어요"),
        ("RateLimited", "네트워크가 잠시 기다려 달라고 해요"),
        ("AnotherAccount", "다른 계정의 로그인이에요"),
        ("SomethingNew", "예상하지 못한 일이 있었어요"),
    ],
)
def test_a_failed_try_says_what_happened_and_what_was_kept(problem: str, words: str, browse: Any, person: Any) -> None:
    me = person("administrator", name="나래")
    row = Connecting.objects.create(network="bluesky", by=me, state="failed", problem=problem)
    page = browse(who=me).get(reverse("channels:connecting", args=[row.pk])).content.decode()
    assert words in page
    assert "적은 것은 비밀번호만 빼고 그대로 있어요" in page
    assert f"?again={row.pk}" in page


def test_progress_leads_to_the_channel(browse: Any, person: Any, care: Channel) -> None:
    me = person("administrator", name="나래")
    row = Connecting.objects.create(network="counting", by=me, state="done", channel=care)
    client, url = browse(who=me), reverse("channels:connecting", args=[row.pk])
    target = reverse("channels:channel", args=[care.pk])
    assert client.get(url)["Location"] == target
    assert client.get(url, headers={"HX-Request": "true"})["HX-Redirect"] == target


def test_the_practice_network_is_wished_for_and_asked_for_once(browse: Any, settings: Any) -> None:
    from sotong.settings.options import options

    wish = options().run / "practice.wanted"
    wish.unlink(missing_ok=True)
    client = browse("administrator")
    first = client.post(reverse("channels:open_practice"))["Location"]
    assert wish.exists()
    assert client.post(reverse("channels:open_practice"))["Location"] == first
    assert browse("agent").post(reverse("channels:open_practice")).status_code == 403
    wish.unlink()


def test_a_channel_is_changed_by_its_form(browse: Any, care: Channel) -> None:
    team = Team.objects.create(name="야간")
    client, url = browse("administrator"), reverse("channels:change", args=[care.pk])
    given = {
        "name": "상담", "purpose": "press", "audience": "기자", "tone": "차분히", "escalation": "", "language": "en",
        "acknowledgement": "받았어요", "allowed_kinds": ["reply"], "teams": [team.pk], "time_zone": "Asia/Tokyo",
        "hours-mon": "9-12, 13:00–18:00",
    }  # fmt: skip
    assert client.post(url, given).status_code == 302
    care.refresh_from_db()
    assert (care.name, care.purpose, care.acknowledgement, care.allowed_kinds) == (
        "상담",
        "press",
        "받았어요 (automatic)",
        ["reply"],
    )
    assert care.hours == {"mon": [["09:00", "12:00"], ["13:00", "18:00"]]}
    assert list(care.teams.all()) == [team]
    refused = client.post(url, given | {"hours-tue": "언젠가", "name": HOSTILE})
    assert refused.status_code == 422
    assert "언젠가" in refused.content.decode()
    assert HOSTILE not in refused.content.decode()
    care.refresh_from_db()
    assert care.name == "상담"


def test_set_aside_payloads_are_shown_as_text_and_looking_is_written_down(browse: Any, care: Channel) -> None:
    arrival = set_aside(care, HOSTILE.encode() + b'\x00\xff\xed\xa0\x80</pre><img src=x onerror="alert(1)">')
    client = browse("lead")
    page = client.get(reverse("channels:channel", args=[care.pk])).content.decode()
    assert "no author &lt;script&gt;" in page
    raw = client.get(reverse("channels:raw", args=[arrival.pk])).content.decode()
    assert "&lt;script&gt;alert(1)" in raw
    assert "\\xff" in raw
    assert "<script>" not in page + raw
    assert "<img" not in raw
    assert Entry.objects.filter(action="channels.read_raw").count() == 1
    assert browse("agent").get(reverse("channels:raw", args=[arrival.pk])).status_code == 403


def test_one_or_all_set_aside_arrivals_are_read_again(browse: Any, care: Channel) -> None:
    arrival = set_aside(care)
    client, url = browse("lead"), reverse("channels:replay", args=[care.pk])
    for odd in ("0", "x", "²", "9" * 30):
        client.post(url, {"arrival": odd})
        assert Arrival.objects.get().state == "set_aside"
    client.post(url, {"arrival": arrival.pk})
    assert Arrival.objects.get().state == "recorded"


def test_what_belongs_to_another_team_stays_there(browse: Any, care: Channel, deliver: Any) -> None:
    care.teams.add(Team.objects.create(name="야간"))
    arrival = set_aside(care)
    row = deliver(care, "밖에서는 못 보는 글")
    Delivery.objects.filter(pk=row.pk).update(state="unconfirmed", problem="Unknown")
    client = browse("lead")
    for address in ("channels:channel", "channels:examine"):
        url = reverse(address, args=[care.pk])
        assert (client.post if address == "channels:examine" else client.get)(url).status_code == 404
    assert f"@{care.handle}" not in client.get(reverse("channels:list")).content.decode()
    assert "밖에서는 못 보는 글" not in client.get(reverse("channels:doubtful")).content.decode()
    assert client.get(reverse("channels:raw", args=[arrival.pk])).status_code == 404
    assert client.post(reverse("channels:replay", args=[care.pk])).status_code == 404
    for act in ("look", "again", "leave", "there"):
        assert client.post(reverse(f"channels:{act}", args=[row.pk])).status_code == 404
    assert client.post(reverse("channels:release"), {"channel": care.pk}).status_code == 404


def test_a_teams_channel_is_seen_by_the_team_and_by_who_keeps_channels(browse: Any, person: Any, care: Channel) -> None:
    night = Team.objects.create(name="야간")
    care.teams.add(night)
    member = person("agent", name="바다")
    member.teams.add(night)
    for client in (browse(who=member), browse("administrator")):
        assert f"@{care.handle}" in client.get(reverse("channels:list")).content.decode()
        assert client.get(reverse("channels:channel", args=[care.pk])).status_code == 200
        assert client.post(reverse("channels:examine", args=[care.pk])).status_code == 302
