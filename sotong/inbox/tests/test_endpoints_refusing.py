"""Whom the endpoints refuse, and what they make of what no form of ours would send."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from sotong.channels.models import Channel, Delivery
from sotong.inbox.models import Conversation, Message
from sotong.inbox.tests.arriving import arrive, item
from sotong.inbox.tests.endpoints import SCRIPT, browser, png, post, said
from sotong.people.models import Person, Team

TOKEN = "9f1c1f0e-5d6e-4a59-9d0b-7a1f6f6c0001"
NAMES_OF_ONE = {
    "claim": {},
    "release": {},
    "take_over": {},
    "reply": {"tab": "public", "text": "네", "token": TOKEN},
    "note": {"text": "네", "token": TOKEN},
    "draft": {"tab": "public", "text": "네"},
    "draft_image": {"tab": "public"},
    "presence": {},
    "resolve": {},
    "reopen": {},
    "snooze": {"until": "hour"},
    "assign": {},
    "label": {},
}


@pytest.mark.parametrize("name", NAMES_OF_ONE)
def test_a_channel_of_another_team_does_not_exist(
    name: str, narae: Person, make_channel: Callable[..., Channel]
) -> None:
    closed = make_channel("press")
    closed.teams.add(Team.objects.create(name="홍보"))
    [hidden] = arrive(closed, item("q-1", "기자예요", author="lee"))
    before = Conversation.objects.filter(pk=hidden.pk).values().get()
    data = NAMES_OF_ONE[name] | ({"image": _file()} if name == "draft_image" else {})
    assert post(browser(narae), name, hidden.pk, **data).status_code == 404
    assert post(browser(narae), name, 10**17, **data).status_code == 404
    assert Conversation.objects.filter(pk=hidden.pk).values().get() == before
    assert not Message.objects.exclude(direction="inbound").exists()


@pytest.mark.parametrize("name", NAMES_OF_ONE)
def test_visitors_and_other_roles_are_refused(name: str, garam: Person, talk: Conversation) -> None:
    url = reverse(f"inbox:{name}", args=[talk.pk])
    assert browser(None).post(url, NAMES_OF_ONE[name], headers=SCRIPT).status_code == 401
    assert browser(None).post(url, NAMES_OF_ONE[name]).status_code == 302
    assert browser(garam).post(url, NAMES_OF_ONE[name], headers=SCRIPT).status_code == 403
    assert browser(garam).get(url).status_code in {403, 405}


@pytest.mark.parametrize("name", NAMES_OF_ONE)
def test_only_posts_with_a_token_of_the_page_are_taken(name: str, narae: Person, talk: Conversation) -> None:
    url = reverse(f"inbox:{name}", args=[talk.pk])
    assert browser(narae).get(url).status_code == 405
    assert browser(narae, enforce_csrf_checks=True).post(url, NAMES_OF_ONE[name]).status_code == 403


def test_without_a_script_the_page_comes_back_and_says_it(hana: Person, talk: Conversation) -> None:
    client, page = browser(hana), f"http://testserver/desk/{talk.pk}/"
    url = reverse("inbox:reply", args=[talk.pk])
    sent = client.post(url, NAMES_OF_ONE["reply"], headers={"Referer": page})
    assert (sent.status_code, sent["Location"]) == (303, page)
    assert "5초 뒤에 보내요." in client.get(f"/desk/{talk.pk}/").content.decode()
    away = client.post(url, NAMES_OF_ONE["reply"], headers={"Referer": "https://evil.example/"})
    assert away["Location"] == "/"


def test_without_a_script_a_refused_text_comes_back_as_a_draft(hana: Person, doyun: Person, talk: Conversation) -> None:
    post(browser(hana), "claim", talk.pk)
    client = browser(doyun)
    url = reverse("inbox:reply", args=[talk.pk])
    data = {"tab": "public", "text": "쓰던 답", "token": TOKEN}
    answer = client.post(url, data, headers={"Referer": f"http://testserver/desk/{talk.pk}/"})
    assert answer.status_code == 303
    page = client.get(f"/desk/{talk.pk}/").content.decode()
    assert "하나 님이 이 대화를 맡고 있어요." in page
    assert ">쓰던 답</textarea>" in page


@pytest.mark.parametrize("name", ["reply", "note"])
def test_without_a_script_a_text_that_no_form_takes_is_shown_once_more(
    hana: Person, talk: Conversation, name: str
) -> None:
    page = f"http://testserver/desk/{talk.pk}/"
    data = {"tab": "public", "text": "<b>끝까지 쓴 글</b>", "token": "nonsense"}
    answer = browser(hana).post(reverse(f"inbox:{name}", args=[talk.pk]), data, headers={"Referer": page})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "알 수 없는 값이에요." in shown
    assert "&lt;b&gt;끝까지 쓴 글&lt;/b&gt;</textarea>" in shown
    assert f'href="{page}"' in shown


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"tab=public&token=" + TOKEN.encode() + b"&text=a%00b", 422, "저장할 수 없는 문자"),
        (b"tab=public&token=" + TOKEN.encode() + b"&text=%ED%A0%80", 400, "글자가 깨진 채로"),
        (b"tab=public&token=" + TOKEN.encode() + b"&text=\xff\xfe", 400, "글자가 깨진 채로"),
        (b"tab=public&token=nonsense&text=a", 422, "알 수 없는 값"),
        (b"tab=shout&token=" + TOKEN.encode() + b"&text=a", 422, "알 수 없는 값"),
        (b"tab=public&seen_upto=" + b"9" * 40 + b"&token=" + TOKEN.encode() + b"&text=a", 422, "알 수 없는 값"),
        (b"tab=public&token=" + TOKEN.encode() + b"&text=" + b"a" * 100_001, 422, "너무 길어요"),
        (b"tab=public&token=" + TOKEN.encode() + b"&text=" + b"a" * 5_000, 422, "글이 길어요"),
        (b"", 422, "알 수 없는 값"),
    ],
)
def test_malformed_replies_are_explained(
    hana: Person, talk: Conversation, body: bytes, status: int, words: str
) -> None:
    url = reverse("inbox:reply", args=[talk.pk])
    answer = browser(hana).post(url, body, content_type="application/x-www-form-urlencoded", headers=SCRIPT)
    assert answer.status_code == status
    assert words in said(answer)
    assert not Delivery.objects.exists()


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.png", png(), "image/png")
