"""The desk as a page: what it shows, to whom, and what it makes of addresses that nobody meant."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotong.access import may
from sotong.channels.models import Hold
from sotong.inbox.models import Conversation, Label, Labelling, Message, ReadMark
from sotong.people.models import Person, Team

pytestmark = pytest.mark.django_db


def rows(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'id="c(\d+)"', html)]


def test_an_empty_desk_says_what_comes_here_and_what_to_do(client_of, hana):
    html = client_of(hana).get("/desk/").content.decode()
    assert "아직 이어진 채널이 없어요" in html
    assert reverse("people:welcome") in html


def test_the_newest_conversation_stands_first_and_unread(client_of, hana, care, converse):
    older = converse(care, "요금이 두 번 나갔어요", minutes_ago=30)
    newer = converse(care, "로밍이 안 돼요", minutes_ago=2)
    html = client_of(hana).get("/desk/?view=all").content.decode()
    assert rows(html) == [newer.pk, older.pk]
    assert html.count('class="udot"') == 2
    assert "로밍이 안 돼요" in html
    assert "30분 기다림" in html


def test_row_and_head_count_a_wait_alike_and_say_until_when_it_is_put_off(client_of, hana, care, converse):
    conversation, client = converse(care, "로밍이 안 돼요", minutes_ago=30), client_of(hana)
    since = conversation.waiting_since.strftime("%Y-%m-%dT%H:%M:%SZ")
    page = client.get(f"/desk/{conversation.pk}/?view=all").content.decode()
    assert f'data-since="{since}" data-words="{{span}} 기다림">30분 기다림<' in page
    assert f'data-since="{since}" data-words="첫 답을 {{span}} 기다림">첫 답을 30분 기다림<' in page
    assert f"대화 번호 {conversation.pk}" in page
    until = datetime(datetime.now(UTC).year + 1, 3, 1, 0, 30, tzinfo=UTC)
    Conversation.objects.update(snoozed_until=until)
    page = client.get(f"/desk/{conversation.pk}/?view=snoozed").content.decode()
    assert page.count(f"{until.year}년 3월 1일 09:30까지 미룸") == 2, "row and head, in the viewer's zone"
    assert "까지 미룸" not in client.get(f"/desk/{conversation.pk}/notes").content.decode()
    assert "지금 다시 보기" in page


def test_opening_is_reading_for_oneself_only(client_of, hana, care, converse):
    conversation = converse(care, "로밍이 안 돼요")
    other = Person.objects.create_user("doyun@hansori.example", name="도윤", roles=["lead"])
    client_of(hana).get(f"/desk/{conversation.pk}/")
    assert 'class="udot"' not in client_of(hana).get("/desk/?view=all").content.decode()
    assert 'class="udot"' in client_of(other).get("/desk/?view=all").content.decode()
    assert ReadMark.objects.get().person == hana


def test_another_teams_conversation_is_neither_listed_nor_counted_nor_opened(client_of, hana, care, press, converse):
    mine, theirs = converse(care, "제 요금"), converse(press, "기자예요")
    client = client_of(hana)
    html = client.get("/desk/?view=all").content.decode()
    assert rows(html) == [mine.pk]
    assert "기자예요" not in html
    for address in (
        f"/desk/{theirs.pk}/", f"/desk/{theirs.pk}/panel", f"/desk/{theirs.pk}/messages", f"/desk/{theirs.pk}/older",
        f"/desk/{theirs.pk}/notes",
    ):  # fmt: skip
        assert client.get(address).status_code == 404, address
    assert rows(client.get(f"/desk/rows?view=all&channel={press.pk}").content.decode()) == []
    hana.teams.add(Team.objects.get(name="홍보"))
    assert rows(client_of(hana).get("/desk/?view=all").content.decode()) == [theirs.pk, mine.pk]


def test_filters_narrow_together_and_each_can_be_taken_off(client_of, hana, care, converse):
    labelled, direct = converse(care, "하나"), converse(care, "둘", is_direct=True)
    label = Label.objects.create(name="로밍")
    Labelling.objects.create(conversation=labelled, label=label)
    client = client_of(hana)
    assert rows(client.get(f"/desk/?view=all&label={label.pk}").content.decode()) == [labelled.pk]
    assert rows(client.get("/desk/?view=all&direct=1").content.decode()) == [direct.pk]
    narrowed = client.get(f"/desk/?view=all&direct=1&label={label.pk}").content.decode()
    assert rows(narrowed) == []
    assert 'href="/desk/?view=all&amp;direct=1"' in narrowed


def test_the_tabs_show_no_number_that_the_list_does_not_bear_out(client_of, hana, care, converse):
    converse(care, "하나")
    Labelling.objects.create(conversation=converse(care, "둘"), label=Label.objects.create(name="로밍"))
    client = client_of(hana)
    counted = re.compile(r'id="count-all"( hidden)?>(\d*)<')
    whole = client.get("/desk/?view=all").content.decode()
    assert counted.findall(whole) == [("", "2")]
    label = Label.objects.get().pk
    for url in (f"/desk/?view=all&label={label}", f"/desk/rows?view=all&label={label}"):
        narrowed = client.get(url).content.decode().replace(' hx-swap-oob="outerMorph"', "")
        assert len(rows(narrowed)) == 1
        assert counted.findall(narrowed) == [(" hidden", "")]


def test_tabs_filters_and_what_the_composer_offers_have_keys(client_of, hana, care, converse):
    converse(care)
    page = client_of(hana).get(f"/desk/{converse(care).pk}/").content.decode()
    keys = dict(re.findall(r'data-key="([^"]+)" data-key-label="([^"]+)"', page))
    assert [keys[f"Digit{n}"] for n in (1, 2, 3)] == ["내 것", "안 맡음", "전체"]
    assert (keys["KeyF"], keys["Alt+KeyC"], keys["Alt+KeyI"]) == ("거르기", "자주 쓰는 답", "사진 붙이기")


def test_leafing_shows_every_conversation_once(client_of, hana, care, converse):
    made = [converse(care, f"글 {n}", minutes_ago=n // 3).pk for n in range(120)]
    client, seen, address = client_of(hana), [], "/desk/rows?view=all"
    while address:
        html = client.get(address).content.decode()
        seen += rows(html)
        found = re.search(r'hx-get="(/desk/rows[^"]*after=[^"]*)"', html)
        address = found.group(1).replace("&amp;", "&") if found else ""
    assert sorted(seen) == sorted(made)


def test_hostile_text_stays_text(client_of, hana, care, converse):
    conversation = converse(care, "<script>alert(1)</script>", who="<b>나쁜</b>")
    html = client_of(hana).get(f"/desk/{conversation.pk}/").content.decode()
    assert "<script>alert(1)</script>" not in html
    assert "<b>나쁜</b>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_link_of_another_scheme_is_no_link(client_of, hana, care, converse):
    conversation = converse(care, "보세요")
    Message.objects.update(url="javascript:alert(1)")
    assert "javascript:" not in client_of(hana).get(f"/desk/{conversation.pk}/").content.decode()


def test_edits_and_deletions_are_told_with_what_was_kept(client_of, hana, care, converse):
    conversation = converse(care, "고친 글")
    message = conversation.messages.get()
    message.versions.create(text="처음 글", replaced_at=message.posted_at)
    Message.objects.update(edited_at=message.posted_at, deleted_at=message.posted_at)
    html = client_of(hana).get(f"/desk/{conversation.pk}/").content.decode()
    assert "처음 글" in html
    assert "글쓴이가 지운 글이에요" in html
    assert "고친 글" in html


def test_a_visitor_is_asked_to_sign_in(client, company):
    answer = client.get("/desk/")
    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/login/")


def test_a_role_without_the_desk_is_refused(client_of, company):
    analyst = Person.objects.create_user("a@hansori.example", name="분석", roles=["analyst"])
    assert not may(analyst, "inbox.read")
    assert client_of(analyst).get("/desk/").status_code == 403


def test_english_speaks_no_korean_of_ours(client_of, hana, care, converse):
    converse(care, "hello")
    Person.objects.update(language="en")
    hana.refresh_from_db()
    html = client_of(hana).get("/desk/?view=all").content.decode()
    bare = re.sub(r"<script.*?</script>|<[^>]*>", " ", html, flags=re.S)
    said = set(re.findall(r"[가-힣]{2,}", bare)) - {"한소리텔레콤", "박하나", "소통", "한국어"}
    assert not said


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.dictionaries(
        st.sampled_from(["view", "channel", "label", "direct", "after", "size", "current", "before", "language"]),
        st.text(max_size=60),
    )
)
def test_no_address_breaks_the_desk(asked, client_of, hana, care, converse):
    conversation = converse(care, "글")
    client = client_of(hana)
    for address in ("/desk/", "/desk/rows", f"/desk/{conversation.pk}/panel", f"/desk/{conversation.pk}/older"):
        assert client.get(address, asked).status_code in {200, 400, 404}, (address, asked)


def test_the_top_names_no_channel_of_another_team(client_of, hana, care, press):
    press.trouble, press.healthy_at = "Unauthorized", None
    press.save()
    client, url = client_of(hana), reverse("screens:channels_state")
    page = client.get(url).content.decode()
    assert "press" not in page
    assert "채널 1개" in page
    assert "press 끊김" not in client.get(reverse("screens:desk")).content.decode()
    press.teams.get().members.add(hana)
    assert "press 끊김" in client.get(url).content.decode()


def test_the_light_counts_only_what_was_checked_of_late(client_of, hana, care, press):
    def said():
        page = client_of(hana).get(reverse("screens:channels_state")).content.decode()
        return re.sub(r"<[^>]*>", "", page), re.findall(r"dot[a-z -]*", page)[0]

    now = timezone.now()
    care.healthy_at = now - timedelta(seconds=30)
    care.save()
    press.teams.clear()
    for trouble, age, words, dot in (
        ("", timedelta(seconds=50), "채널 2개 · 5", "dot"),
        ("", timedelta(seconds=90), "채널 2개 · 9", "dot dot-warn"),
        ("", timedelta(hours=9), "press 확인이 늦어요 · 채널 1개 · 3", "dot dot-danger"),
        ("Unauthorized", timedelta(seconds=5), "press 끊김 · 채널 1개 · 3", "dot dot-danger"),
    ):
        press.trouble, press.healthy_at = trouble, now - age
        press.save()
        shown, light = said()
        assert words in shown
        assert light.strip() == dot


@pytest.mark.parametrize("address", ["/desk/", "/desk/search", "/notices/", "/me/", "/channels/"])
def test_every_page_says_how_the_channels_are_and_a_phone_what_needs_someone(address, client_of, hana, care):
    """What only a wide screen shows is taken away: the rest is the phone's."""

    def said():
        page = client_of(hana).get(address).content.decode()
        [head] = re.findall(r'<a class="status channel-state(.*?)</a>', page)
        assert 'hx-get="/desk/channels-state"' in page
        assert 'href="/channels/"' in head
        [wide] = re.findall(r'<span class="status only-wide"><span class="dot[^"]*"></span>(.*?)</span>', head)
        alarm = re.findall(r'<span class="only-m alarm">.*</svg>(.*?)</span>', head)
        assert head.startswith(" only-wide") is not bool(alarm)
        return wide, *alarm

    assert said() == ("채널 1개 · 0초 전 확인",)
    for trouble, age, words, alarm in (
        ("", timedelta(seconds=90), "채널 1개 · 90초 전 확인", "확인 늦음"),
        ("", timedelta(hours=9), "care 확인이 늦어요", "확인 늦음"),
        ("Unauthorized", timedelta(seconds=5), "care 끊김", "채널 끊김"),
    ):
        care.trouble, care.healthy_at = trouble, timezone.now() - age
        care.save()
        assert said() == (words, alarm)


def test_the_brake_is_told_where_one_searches_too(client_of, hana, care):
    Hold.objects.update_or_create(scope="all", defaults={"is_on": True, "reason": "점검", "since": timezone.now()})
    assert "모든 발송을 멈췄어요" in client_of(hana).get("/desk/search").content.decode()


def test_who_may_not_see_channels_is_told_nothing_of_them(client_of, care):
    owner = Person.objects.create_user("owner@hansori.example", name="임", roles=["subject_owner"])
    for address in ("/desk/", "/me/"):
        page = client_of(owner).get(address).content.decode()
        assert "channel-state" not in page
        assert "channels-state" not in page
