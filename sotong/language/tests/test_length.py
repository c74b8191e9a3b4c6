"""Lengths as the networks count them."""

from __future__ import annotations

import time
import unicodedata

import pytest

from sotong.language.length import is_blank, measure

FAMILY = "👩‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("text", "graphemes", "code_points", "weighted", "in_bytes"),
    [
        ("", 0, 0, 0, 0),
        ("hello", 5, 5, 5, 5),
        ("안녕하세요", 5, 5, 10, 15),
        (unicodedata.normalize("NFD", "안녕"), 2, 6, 4, 18),
        ("ㅋㅋ", 2, 2, 4, 6),
        ("café", 4, 4, 4, 5),
        ("cafe\u0301", 4, 5, 4, 6),
        (FAMILY, 1, 7, 2, 25),
        ("🇰🇷", 1, 2, 2, 8),
        ("👍🏽", 1, 2, 2, 8),
        ("❤️", 1, 2, 2, 6),
        ("1️⃣", 1, 3, 2, 7),
        ("🙂🙂", 2, 2, 4, 8),
        ("“따옴표”", 5, 5, 8, 15),
        ("a…b", 3, 3, 4, 5),
        ("줄\n바꿈", 4, 4, 7, 10),
        ("https://example.com/a/very/long/path?with=query&and=more", 56, 56, 23, 56),
        ("https://a.kr", 12, 12, 23, 12),
        ("봐요 https://a.kr/x에서", 19, 19, 4 + 1 + 23 + 4, 27),
        ("(https://a.kr/x).", 17, 17, 1 + 23 + 2, 17),
        ("naver.com", 9, 9, 23, 9),
        ("a.very.long.name.of.a.company.com", 33, 33, 33, 33),
        ("v1.2 3.5 안녕.다음", 14, 14, 9 + 4 + 1 + 4, 22),
        ("https://a.kr https://b.kr", 25, 25, 47, 25),
    ],
)
def test_a_text_is_as_long_as_this(text: str, graphemes: int, code_points: int, weighted: int, in_bytes: int) -> None:
    assert measure(text, "graphemes") == graphemes
    assert measure(text, "code_points") == code_points
    assert measure(text, "weighted") == weighted
    assert measure(text, "bytes") == in_bytes


def test_the_limits_of_the_networks_in_hangul() -> None:
    assert measure("가" * 140, "weighted") == 280
    assert measure("가" * 300, "graphemes") == 300
    assert measure("가" * 1000, "bytes") == 3000


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="furlongs"):
        measure("가", "furlongs")


@pytest.mark.parametrize("unit", ["graphemes", "code_points", "weighted", "bytes"])
@pytest.mark.parametrize("seed", ["가", "a.", "https://", "\u0301", "\u200d", "👩\u200d", "a-", "🇰", "a.com/"])
def test_long_and_odd_texts_are_counted_in_time(seed: str, unit: str) -> None:
    text = (seed * 20_000)[:20_000]
    started = time.process_time()
    assert measure(text, unit) > 0
    assert measure("\ud800" + text[:10], unit) > 0
    assert time.process_time() - started < 5.0  # seconds of the processor; a rule that runs away takes minutes


@pytest.mark.parametrize(
    "text", ["", " \n\t\u3000", "\u200b", "\u2060\ufeff\u00ad", "\u3164\uffa0\u115f", "\u2800", "\ufe0f\u200d"]
)
def test_a_text_of_which_nothing_is_seen_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["ㅋ", ".", "\u200b가", FAMILY, "❤️", "\u0301"])
def test_a_text_of_which_something_is_seen_is_not_blank(text: str) -> None:
    assert not is_blank(text)
