"""The page of hits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client

from sotong.channels.models import Channel
from sotong.contacts.actions.searching import search_value
from sotong.contacts.models import Identity
from sotong.inbox.actions.indexing import index_messages
from sotong.inbox.models import Conversation, Message
from sotong.language.tests.conftest import Running, language  # noqa: F401
from sotong.people.models import Person


@pytest.fixture
def kiwi(language: Running, monkeypatch: pytest.MonkeyPatch) -> Running:  # noqa: F811
    monkeypatch.setenv("SOTONG_LANGUAGE_SOCKET", str(language.socket_path))
    return language


def page(client: Client, **asked: object) -> str:
    answer = client.get("/desk/search?" + urlencode(asked, errors="replace"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_hits_are_marked_and_lead_to_their_message(
    care: Channel, hana: Person, client_of: Callable[..., Client], converse: Callable[..., Conversation], kiwi: Running
) -> None:
    talk = converse(care, "어제 <b>환불</b>했어요 & 아직 안 왔어요")
    index_messages(kiwi.client, at=datetime.now(UTC))
    shown = page(client_of(hana), q="환불해요")
    assert "어제 &lt;b&gt;<mark>환불</mark>&lt;/b&gt;했어요 &amp; 아직" in shown
    assert f"/desk/{talk.pk}/?view=all#m{talk.messages.get().pk}" in shown
    assert "활용형은 못 찾을 수 있어요" not in shown


def test_a_stem_that_changes_its_shape_is_marked_too(
    care: Channel, hana: Person, client_of: Callable[..., Client], converse: Callable[..., Conversation], kiwi: Running
) -> None:
    converse(care, "상담원이 정말 도와줬어요")
    index_messages(kiwi.client, at=datetime.now(UTC))
    assert "상담원이 정말 <mark>도와줬어요</mark>" in page(client_of(hana), q="돕다")


def test_without_kiwi_the_page_says_so_and_still_finds(
    care: Channel,
    hana: Person,
    client_of: Callable[..., Client],
    converse: Callable[..., Conversation],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    converse(care, "환불해 주세요")
    index_messages(None, at=datetime.now(UTC))
    monkeypatch.setenv("SOTONG_LANGUAGE_SOCKET", str(tmp_path / "nobody.sock"))
    shown = page(client_of(hana), q="환불")
    assert "<mark>환불</mark>해 주세요" in shown
    assert "활용형은 못 찾을 수 있어요" in shown
    assert "활용형은 못 찾을 수 있어요" not in page(client_of(hana), q="router")


def test_another_teams_words_stay_hidden(
    press: Channel, hana: Person, client_of: Callable[..., Client], converse: Callable[..., Conversation], kiwi: Running
) -> None:
    talk = converse(press, "비밀 환불 이야기", who="secret.person")
    Identity.objects.filter(pk=talk.identity_id).update(search=search_value(handle="secret.person", name=""))
    index_messages(kiwi.client, at=datetime.now(UTC))
    for query in ("환불", "secret", "@secret.person"):
        shown = page(client_of(hana), q=query, channel=press.pk)
        assert f"/desk/{talk.pk}/" not in shown
        assert "<mark>" not in shown
        assert "찾은 것이 없어요" in page(client_of(hana), q=query)


def test_a_note_is_found_and_named_and_personal_numbers_are_masked(
    care: Channel, hana: Person, client_of: Callable[..., Client], converse: Callable[..., Conversation], kiwi: Running
) -> None:
    talk = converse(care, "안녕하세요")
    Message.objects.create(
        conversation=talk, direction="note", person=hana, posted_at=datetime.now(UTC),
        text="환불 접수함. 연락처 010-1234-5678",
    )  # fmt: skip
    index_messages(kiwi.client, at=datetime.now(UTC))
    shown = page(client_of(hana), q="접수")
    assert "박하나의 메모" in shown
    assert "1234-5678" not in shown


def test_leafing_on_gives_rows_only(
    care: Channel, hana: Person, client_of: Callable[..., Client], converse: Callable[..., Conversation], kiwi: Running
) -> None:
    talks = [converse(care, f"환불 문의 {number}", minutes_ago=number) for number in range(35)]
    index_messages(kiwi.client, at=datetime.now(UTC))
    client = client_of(hana)
    first = page(client, q="환불")
    assert first.count("data-row>") == 30
    after = first.split("after=")[1].split('"')[0]
    rest = client.get("/desk/search", {"q": "환불", "after": after}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in rest
    assert rest.count("data-row>") == 5
    assert f"/desk/{talks[-1].pk}/" in rest
    assert "이어서 찾기" not in rest


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "무엇을 찾을까요?"), ("!!! ...", "찾을 수 있는 말이 없어요"), ("없는말", "찾은 것이 없어요")],
)
def test_an_empty_page_says_why(
    query: str, words: str, care: Channel, hana: Person, client_of: Callable[..., Client]
) -> None:
    assert words in page(client_of(hana), q=query)


def test_hostile_addresses_are_pages(
    care: Channel, hana: Person, client_of: Callable[..., Client], kiwi: Running
) -> None:
    client = client_of(hana)
    for query in ("\x00", "' & | !", "<script>alert(1)</script>", "환" * 10_000, "%00%ff", "a:* <-> b"):
        for more in ({}, {"after": query}, {"view": query, "channel": query, "label": query, "direct": query}):
            assert "<script>alert" not in page(client, q=query, **more)
    assert client.get("/desk/search?q=%ff%fe%00").status_code == 200


def test_the_search_needs_the_right_to_read_the_inbox(
    care: Channel, company: object, client_of: Callable[..., Client]
) -> None:
    garam = Person.objects.create_user("garam@hansori.example", name="가람", roles=["administrator"])
    assert client_of(garam).get("/desk/search?q=환불").status_code == 403
    assert Client().get("/desk/search?q=환불").status_code == 302
