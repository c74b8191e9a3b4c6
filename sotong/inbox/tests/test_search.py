"""Search over messages, with a real language process and a real index."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from sotong.channels.models import Channel
from sotong.inbox.actions.indexing import index_again, index_messages
from sotong.inbox.actions.replying import send_reply, undo_reply
from sotong.inbox.jobs.indexing import sweep, sweep_without_kiwi
from sotong.inbox.models import Conversation, Message
from sotong.inbox.queries.customers import search_customers
from sotong.inbox.queries.visible import visible_to
from sotong.inbox.tests.arriving import arrive, item
from sotong.inbox.tests.searching import find, texts
from sotong.language.client import LanguageClient
from sotong.people.models import Person


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("어제 환불했어요", "환불"),
        ("환불해 주세요", "환불"),
        ("환불을 받고 싶어요", "환불"),
        ("배송이 늦었어요", "늦다"),
        ("배송이 늦었어요", "배송"),
        ("상담원이 정말 도와줬어요", "돕다"),
        ("데이터가 안 터져요", "터지다"),
        ("인터넷에서 신청했는데요", "인터넷"),
        ("지하철에서만 느립니다", "느려요"),
        ("My router keeps rebooting", "router"),
        ("My router keeps rebooting", "reboot"),
        ("고마워요 🥹 환불 잘 받았어요", "🥹 환불"),
        (unicodedata.normalize("NFD", "환불을 받았어요"), "환불"),
        ("환불을 받았어요", unicodedata.normalize("NFD", "환불")),
        ("@minji.example 님 이거 보세요", "@minji"),
        ("주문 #A-2031 확인해 주세요", "A-2031"),
        ("5G 요금제가 궁금해요", "5g"),
    ],
)
def test_what_is_found_by_what(
    text: str, query: str, care: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    say(care, text)
    say(care, "전혀 다른 이야기")
    index_messages(kiwi, at=datetime.now(UTC))
    assert texts(find(hana, query, kiwi)) == [text]


def test_every_word_must_be_there_and_a_quotation_as_written(
    care: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    say(care, "환불 신청이 완료됐나요", ago=3)
    say(care, "환불이 안 돼요", ago=2)
    say(care, "신청을 환불로 바꿔 주세요", ago=1)
    index_messages(kiwi, at=datetime.now(UTC))
    assert texts(find(hana, "환불 신청", kiwi)) == ["신청을 환불로 바꿔 주세요", "환불 신청이 완료됐나요"]
    assert texts(find(hana, '"환불 신청"', kiwi)) == ["환불 신청이 완료됐나요"]
    assert texts(find(hana, "“환불  신청”", kiwi)) == ["환불 신청이 완료됐나요"]


def test_without_kiwi_words_as_written_are_found_and_the_rest_once_it_is_back(
    care: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    say(care, "상담원이 정말 도와줬어요")
    assert index_messages(None, at=datetime.now(UTC)) == 1
    found = find(hana, "상담원", None)
    assert len(found.hits) == 1
    assert not found.used_kiwi
    assert not find(hana, "돕다", kiwi).hits
    assert index_again(None, at=datetime.now(UTC)) == 0
    assert index_again(kiwi, at=datetime.now(UTC)) == 1
    assert index_again(kiwi, at=datetime.now(UTC)) == 0
    assert len(find(hana, "돕다", kiwi).hits) == 1


def test_the_sweeps_index_what_no_hint_named_and_again_with_kiwi(
    care: Channel,
    hana: Person,
    say: Callable[..., Conversation],
    kiwi: LanguageClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(3):
        say(care, f"상담원이 정말 도와줬어요 {number}")
    monkeypatch.setenv("SOTONG_LANGUAGE_SOCKET", "/nowhere.sock")
    sweep()
    sweep_without_kiwi()
    assert not Message.objects.filter(indexed_at=None).exists()
    assert not find(hana, "돕다", kiwi).hits
    monkeypatch.setenv("SOTONG_LANGUAGE_SOCKET", str(kiwi.socket_path))
    sweep_without_kiwi()
    assert len(find(hana, "돕다", kiwi).hits) == 3


def test_an_edit_is_indexed_again_and_a_deleted_post_is_found_no_more(
    care: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    talk = say(care, "환불해 주세요")
    index_messages(kiwi, at=datetime.now(UTC))
    message = talk.messages.get()
    arrive(care, item(message.remote_id, "교환해 주세요", seen=5, revision="2"))
    assert index_messages(kiwi, at=datetime.now(UTC)) == 1
    Message.objects.filter(pk=message.pk).update(posted_at=datetime.now(UTC))
    index_messages(kiwi, at=datetime.now(UTC))
    assert texts(find(hana, "교환", kiwi)) == ["교환해 주세요"]
    assert not find(hana, "환불", kiwi).hits
    Message.objects.filter(pk=message.pk).update(deleted_at=datetime.now(UTC))
    assert not find(hana, "교환", kiwi).hits
    assert index_messages(kiwi, at=datetime.now(UTC)) == 1
    with_lexemes = Message.objects.filter(pk=message.pk).extra(where=["search @@ '''교환'''::tsquery"])
    assert not with_lexemes.exists()


def test_a_reply_that_was_taken_back_gives_its_place_to_what_stands(
    care: Channel, hana: Person, say: Callable[..., Conversation], at: datetime
) -> None:
    talk = say(care, "환불 언제 되나요")
    sent = send_reply(conversation_id=talk.pk, tab="public", text="환불 안내예요", token=uuid4(), by=hana, at=at)
    index_messages(None, at=at)
    assert texts(find(hana, "환불", None)) == ["환불 안내예요"]
    undo_reply(message_id=sent.message.pk, by=hana, at=at)
    index_messages(None, at=at)
    assert texts(find(hana, "환불", None)) == ["환불 언제 되나요"]


@pytest.mark.parametrize(("once", "at_once", "few"), [(1_500, 1, 0), (0, 1, 0), (0, 250, 0), (0, 250, 200)])
def test_pages_follow_one_another_and_show_each_conversation_once(
    once: int,
    at_once: int,
    few: int,
    care: Channel,
    hana: Person,
    say: Callable[..., Conversation],
    kiwi: LanguageClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sotong.inbox.queries.walking.ONCE", once)
    monkeypatch.setattr("sotong.inbox.queries.walking.AT_ONCE", at_once)
    monkeypatch.setattr("sotong.inbox.queries.walking.FEW", few)
    agos = [0.1, 1, 1, 1, 20, 300, 300, 9_000, 200_000, 3_000_000]
    talks = [say(care, f"환불 {number}", "환불 또", ago=ago) for number, ago in enumerate(agos)]
    Message.objects.filter(conversation=talks[0], text="환불 또").update(
        posted_at=datetime.now(UTC) - timedelta(days=9)
    )
    index_messages(kiwi, at=datetime.now(UTC))
    for view in ("", "unclaimed"):
        seen: list[int] = []
        after, times = "", []
        for _ in range(30):
            found = find(hana, "환불", kiwi, after=after, size=3, view=view)
            seen += [hit.conversation.pk for hit in found.hits]
            times += [hit.message.posted_at for hit in found.hits]
            after = found.next_after
            if not after:
                break
        assert sorted(seen) == sorted(talk.pk for talk in talks)
        assert len(seen) == len(set(seen))
        assert times == sorted(times, reverse=True)


def test_a_search_that_has_to_look_at_much_stops_and_goes_on(
    care: Channel,
    hana: Person,
    say: Callable[..., Conversation],
    kiwi: LanguageClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Many newer hits that the filter leaves out: the page says how far it came, and the next one finds the rest."""
    monkeypatch.setattr("sotong.inbox.queries.walking.ONCE", 0)
    monkeypatch.setattr("sotong.inbox.queries.walking.EXAMINED_MAX", 3)
    for number in range(4):
        say(care, f"환불 {number}", ago=number)
    say(care, "환불 끝", ago=9_000, state="resolved", outcome="solved")
    index_messages(kiwi, at=datetime.now(UTC))
    first = find(hana, "환불", kiwi, view="resolved")
    assert first.is_cut
    assert not first.hits
    assert first.next_after
    found, after = [], first.next_after
    for _ in range(10):
        page = find(hana, "환불", kiwi, view="resolved", after=after)
        found += texts(page)
        after = page.next_after
        if not after:
            break
    assert found == ["환불 끝"]


def test_whole_words_come_first_and_beginnings_where_those_are_few(
    care: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    for number in range(3):
        say(care, f"refund {number}", ago=number)
        say(care, f"refunds {number}", ago=number + 0.5)
    index_messages(kiwi, at=datetime.now(UTC))
    first = find(hana, "refund", kiwi, size=2)
    assert texts(first) == ["refund 0", "refund 1"]
    rest = find(hana, "refund", kiwi, size=2, after=first.next_after)
    assert texts(rest) == ["refund 2"]
    assert not rest.next_after
    assert len(find(hana, "refund", kiwi, size=3).hits) == 3
    assert len(find(hana, "refun", kiwi, size=9).hits) == 6
    few = find(hana, "refun", kiwi, size=4)
    assert len(find(hana, "refun", kiwi, size=4, after=few.next_after).hits) == 2


HOSTILE = [
    "", " ", "' | '", "환불 & | ! <-> :*", "'); DROP TABLE inbox_message; --", "\\", "''' \\' '", "\x00환불\x00",
    "환불" * 5000, "환불 " * 2_000, "a" * 10_000, "a:*", "t:0:1", "c:1", "w:", "b:환불", "()", "!!", "<->", "\ud800",
    "%s %(a)s", '"', '""' * 2, '"' + "환" * 300 + '"', "🥹", "\u200b", "@", "#", "http://", "ㅋㅋㅋㅋㅋ", "환 불",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_are_queries(
    query: str, care: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    say(care, "환불해 주세요")
    index_messages(kiwi, at=datetime.now(UTC))
    for after in ("", query[:30], "1-1", "99999999999999999-9"):
        found = find(hana, query, kiwi, after=after)
        assert len(found.hits) <= 1
        search_customers(found.terms, visible_to(hana))
