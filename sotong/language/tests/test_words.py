"""Cutting a text into words."""

from __future__ import annotations

import time
import unicodedata

import pytest

from sotong.language.words import TEXT_MAX, normalised, prose, tidy, words


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("데이터가 터졌어요!!", ["데이터가", "터졌어요"]),
        ("LTE가 느려요, 5G요금제", ["lte가", "느려요", "5g요금제"]),
        ("ＬＴＥ　한국", ["lte", "한국"]),
        (unicodedata.normalize("NFD", "한글 앱"), ["한글", "앱"]),
        ("카페 CAFÉ", ["카페", "café"]),
        ("@Minji.bsky.social님, 안녕", ["@minji.bsky.social", "님", "안녕"]),
        ("@a@practice.example 그리고 @sotong_kr", ["@a@practice.example", "그리고", "@sotong_kr"]),
        ("#데이터_무제한 #LTE", ["#데이터_무제한", "#lte"]),
        ("https://www.Example.com/notice/12?utm=1#top, 봐요", ["example.com/notice/12", "봐요"]),
        ("www.example.com에서", ["example.com", "에서"]),
        ("help.me+now@example.co.kr로", ["help.me+now@example.co.kr", "로"]),
        ("010-1234-5678", ["01012345678"]),
        ("1,234,567원", ["1234567", "원"]),
        ("데\u200b이\u00ad터", ["데이터"]),
        ("ㅋㅋㅋ ㅠㅠ", ["ㅋㅋㅋ", "ㅠㅠ"]),
        ("!!! … # @", []),
        ("", []),
        ("나쁜\ud800글자\x00여기", ["나쁜글자", "여기"]),
    ],
)
def test_a_text_is_cut_into_these_words(text: str, surfaces: list[str]) -> None:
    assert [word.surface for word in words(text)] == surfaces


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("@minji.bsky.social", {"minji.bsky.social", "minji"}),
        ("#데이터_무제한", {"데이터", "무제한"}),
        ("https://example.com/notice/12", {"example.com", "example", "notice", "12"}),
        ("a.lee@example.com", {"a.lee", "lee", "example.com"}),
        ("010-1234-5678", {"010", "1234", "5678"}),
        ("LTE가", {"lte", "가"}),
    ],
)
def test_a_word_also_answers_to_its_parts(text: str, parts: set[str]) -> None:
    (word,) = words(text)
    assert parts <= set(word.parts)


def test_normalising_twice_changes_nothing() -> None:
    for text in ("ＬＴＥ İstanbul ẞ", unicodedata.normalize("NFD", "각 é ｶ"), "ΑΣ ǅ"):
        assert normalised(normalised(text)) == normalised(text)


def test_kiwi_gets_prose_without_links_handles_and_long_repeats() -> None:
    assert prose("@sotong_kr 안 돼요ㅋㅋㅋㅋㅋㅋㅋㅋ https://a.example/x #환불_요청") == "안 돼요ㅋㅋㅋ 환불 요청"
    assert len(prose("가나 " * TEXT_MAX)) <= TEXT_MAX


@pytest.mark.parametrize("seed", ["a.", "a@", "1-", "#", "@", "가", "가a1", "www.", "http://", "a-", "가 "])
def test_ten_times_the_text_takes_about_ten_times_as_long(seed: str) -> None:
    def seconds(length: int) -> float:
        text = (seed * length)[:length]
        started = time.process_time()
        for _ in words(text):
            pass
        return time.process_time() - started

    small = min(seconds(TEXT_MAX // 10) for _ in range(5))
    large = min(seconds(TEXT_MAX) for _ in range(5))
    assert large <= 12 * small + 0.02
    assert large < 0.25


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  김\u00a0 나래 ", "김 나래"),
        ("\u1100\u1175\u11b7나래", "김나래"),
        ("김나래\u200b", "김나래"),
        ("\u202e래나김", "래나김"),
        ("김\n나래\x00", "김 나래"),
        ("\u3164\u115f", ""),
        ("Zoë O'Neil", "Zoë O'Neil"),
    ],
)
def test_a_name_holds_nothing_that_cannot_be_seen(typed: str, name: str) -> None:
    assert tidy(typed) == name
