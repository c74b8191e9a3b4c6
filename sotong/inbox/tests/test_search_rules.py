"""The spans of time by which messages are looked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sotong.inbox.rules.search import (
    FAN,
    next_length,
    phrases,
    read_query,
    share_of,
    spans_back,
    spans_of,
    time_of,
    unit_of,
)
from sotong.language.tokens import Lexeme, QueryTerms

AT = datetime(2026, 5, 1, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("length", [1, 7, 8, 9, 63, 64, 1000, 262_144, 5_000_000, 10**10])
def test_spans_back_leave_no_gap_and_do_not_overlap(length: int) -> None:
    for end in (unit_of(AT) + 1, unit_of(AT) // 8 * 8, 1, 8):
        spans, start = spans_back(end, length)
        at = end
        for span in spans:
            assert (span.number + 1) * FAN**span.level == at
            at = span.number * FAN**span.level
        assert at == start
        assert start <= max(0, end - length)
        assert len(spans) <= 70


@pytest.mark.parametrize("back", [0, 63, 64, 10_000, 10**6, 10**8, 10**9])
def test_a_message_is_indexed_under_a_span_of_every_stretch_that_holds_it(back: int) -> None:
    posted_at = AT - timedelta(seconds=back)
    end, length = unit_of(AT) + 1, 8
    while end > 0:
        spans, start = spans_back(end, length)
        held = start <= unit_of(posted_at) < end
        assert bool(set(spans) & set(spans_of(posted_at))) == held
        end, length = start, length * 32


def test_a_time_before_1970_lies_in_the_first_span() -> None:
    assert unit_of(datetime(1900, 1, 1, tzinfo=UTC)) == 0
    assert time_of(unit_of(AT)) <= AT < time_of(unit_of(AT) + 1)


@pytest.mark.parametrize(
    ("found", "seen", "length"),
    [(0, 0, 320), (1, 1, 320), (15, 15, 15), (29, 29, 1), (0, 125, 10), (0, 1000, 1)],
    ids=["none", "few", "half", "nearly", "many that do not fit", "far too many"],
)
def test_the_next_stretch_is_as_long_as_the_rest_needs(found: int, seen: int, length: int) -> None:
    assert next_length(10, found=found, wanted=30, seen=seen, most=250) == length


def _word(*alternatives: str) -> tuple[tuple[Lexeme, ...], ...]:
    return tuple(
        tuple(Lexeme(text.removesuffix("*"), text.endswith("*")) for text in each.split()) for each in alternatives
    )


SHARES = {"배송": 0.06, "b:배송": 0.06, "환불": 0.03, "보증": 0.02, "기간": 0.01, "refund": 0.01, "refunds": 0.004}


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ([_word("김민준", "b:김민 b:민준")], 0),
        ([_word("배송", "b:배송")], 0.06),
        ([_word("보증기간", "보증 기간", "b:보증 b:증기")], 0.01),
        ([_word("refund*")], 0.014),
        ([_word("ref*"), _word("배송")], 0.014 * 0.06 ** (2 / 3)),
        ([_word("배송"), _word("환불"), _word("refund")], 0.01 * 0.03 ** (2 / 3) * 0.06 ** (4 / 9)),
        ([_word("배송"), _word("김민준")], 0),
    ],
    ids=["unknown", "spellings", "compound", "beginning", "two words", "three words", "one of them unknown"],
)
def test_how_much_is_expected_of_words(words: list[tuple[tuple[Lexeme, ...], ...]], share: float) -> None:
    assert share_of(QueryTerms(tuple(words)), SHARES) == pytest.approx(share)


def test_what_is_quoted() -> None:
    assert phrases('"환불  신청" 그리고 “부분 환불”') == ["환불 신청", "부분 환불"]
    assert phrases('" "') == []
    assert read_query(" a\x00b \n c\ud800 ") == "a b c"
    assert len(read_query("환" * 9999)) == 500
