"""What a text is stored under and what a query asks for, without Kiwi: its readings are written out here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from sotong.language.tokens import (
    LEXEME_BYTES,
    QUERY_WORDS_MAX,
    TERMS_MAX,
    Alternative,
    Lexeme,
    QueryTerms,
    Reading,
    bigrams,
    index_terms,
    pieces,
    query_terms,
    surface_words,
    tsquery,
    tsvector_array,
)
from sotong.language.words import words

BURST: list[tuple[str, str]] = [("데이터", "NNG"), ("가", "JKS"), ("터지", "VV"), ("었", "EP"), ("어요", "EF")]
READINGS: Mapping[str, Sequence[Reading]] = {
    "터지다": [[("터지", "VV"), ("다", "EF")]],
    "터져요": [[("터지", "VV"), ("어요", "EF")]],
    "데이터를": [[("데이터", "NNG"), ("를", "JKO")]],
    "깨끗한": [[("깨끗하", "VA"), ("ᆫ", "ETM")]],
    "걸어서": [[("걷", "VV-I"), ("어서", "EC")], [("걸", "VV"), ("어서", "EC")]],
    "되다": [[("되", "VV"), ("다", "EF")]],
    "돈": [[("돈", "NNG")]],
}


def has(terms: list[str], alternative: Alternative) -> bool:
    """A second, plain reading of what a tsquery means, against which the index is judged here."""
    return all(
        any(term.startswith(lexeme.text) if lexeme.is_prefix else term == lexeme.text for term in terms)
        for lexeme in alternative
    )


def finds(query: QueryTerms, terms: list[str]) -> bool:
    return bool(query) and all(any(has(terms, alternative) for alternative in word) for word in query.words)


@pytest.mark.parametrize(
    ("reading", "lexemes"),
    [
        (BURST, ["데이터", "터지"]),
        ([("깨끗하", "VA"), ("다", "EF")], ["깨끗"]),
        ([("원하", "VV"), ("는", "ETM")], ["원하"]),
        ([("환불", "NNG"), ("하", "XSV"), ("어", "EC"), ("주", "VX")], ["환불"]),
        ([("덥", "VA-I"), ("어요", "EF")], ["덥"]),
        ([("블루 스카이", "NNP")], ["블루", "스카이"]),
        ([("LTE", "SL"), ("5", "SN")], ["lte", "5"]),
        ([("사람", "NNG"), ("들", "XSN"), ("!", "SF")], ["사람"]),
        ([("하", "VV"), ("고", "EC")], []),
        ([("\x00", "NNG"), ("'", "NNG"), ("", "NNG")], []),
    ],
)
def test_pieces_are_nouns_and_stems(reading: Reading, lexemes: list[str]) -> None:
    assert pieces(reading) == lexemes


def test_bigrams_stay_inside_a_word_and_a_script() -> None:
    assert bigrams("데이터가 터") == ["데이", "이터", "터가"]
    assert bigrams("LTE망이 #요금제") == ["망이", "요금", "금제"]
    assert bigrams("폰 a lte 2024") == []


def test_the_surface_the_pieces_and_the_pairs_are_all_stored() -> None:
    terms = index_terms("데이터가 터졌어요", BURST)
    assert terms == [
        "데이터가",
        "터졌어요",
        "데이터",
        "터지",
        "b:데이",
        "b:이터",
        "b:터가",
        "b:터졌",
        "b:졌어",
        "b:어요",
    ]


def test_a_word_is_never_taken_for_a_pair() -> None:
    for text in ("m:터지", "b:데이", "https://b:데이/ http://m:8080/x", "@m:a #b:c"):
        assert not any(":" in word for word in surface_words(text))
        assert not any(":" in part for word in words(text) for part in word.parts)


@pytest.mark.parametrize("query", ["터지다", "터져요", "데이터를", "데이터를 터져요", "데이터"])
def test_with_kiwi_an_inflected_query_finds_the_inflected_text(query: str) -> None:
    assert finds(query_terms(query, READINGS), index_terms("어제부터 데이터가 터졌어요", BURST))


def test_every_word_of_a_query_must_be_there() -> None:
    assert not finds(query_terms("데이터를 환불", READINGS), index_terms("데이터가 터졌어요", BURST))


def test_every_reading_of_an_ambiguous_word_is_tried() -> None:
    query = query_terms("걸어서", READINGS)
    assert finds(query, index_terms("걸었다", [("걸", "VV"), ("었", "EP"), ("다", "EF")]))
    assert finds(query, index_terms("걷는다", [("걷", "VV-I"), ("는다", "EF")]))


def test_a_short_verb_is_not_looked_for_inside_other_words() -> None:
    stored = index_terms("고되다고 했다", [("고되", "VA"), ("다고", "EC"), ("하", "VV"), ("었", "EP"), ("다", "EF")])
    assert not finds(query_terms("되다", READINGS), stored)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("데이터", "데이터가 터졌어요"),
        ("데이터를", "데이터가 터졌어요"),
        ("데이터에서는", "무제한데이터인데요"),
        ("요금", "새요금제로 바꿨어요"),
        ("돈", "돈이 나갔어요"),
        ("폰", "폰도 안 켜져요"),
        ("돈", "돈"),
        ("LTE", "lte가 느려요"),
        ("lte를", "LTE가 느려요"),
        ("5G", "5G폰으로"),
        ("minji", "안녕 @minji.bsky.social"),
        ("@minji", "안녕 @minji.bsky.social"),
        ("minji.bsky.social", "안녕 @minji.bsky.social"),
        ("환불", "#환불요청 합니다"),
        ("#환불요청", "#환불요청 합니다"),
        ("example.com", "https://example.com/notice/12?x=1 보세요"),
        ("https://example.com/notice/12", "http://www.example.com/notice/12?utm=3"),
        ("01012345678", "010-1234-5678로 전화 주세요"),
        ("010-1234-5678", "01012345678 / 010 1234 5678"),
        ("1234567원", "1,234,567원이 나갔어요"),
        ("a.lee@example.com", "메일은 A.Lee@Example.com 이에요"),
        ("ㅋㅋ", "ㅋㅋㅋㅋ 대박"),
        ("sotong", "Sotong's app"),
        ("프리미엄", "프리미엄요금제"),
    ],
)
def test_without_kiwi_words_are_found_by_pairs_and_beginnings(query: str, text: str) -> None:
    assert finds(query_terms(query), index_terms(text))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("데이터", "데이트가 터졌어요"),
        ("돈", "거북선"),
        ("#환불", "환불"),
        ("LTE", "3G망"),
        ("010-1234-5678", "010-1234-9999"),
    ],
)
def test_without_kiwi_other_words_are_not_found(query: str, text: str) -> None:
    assert not finds(query_terms(query), index_terms(text))


def test_a_text_indexed_without_kiwi_is_found_by_a_query_with_it_and_the_other_way_round() -> None:
    assert finds(query_terms("데이터를", READINGS), index_terms("데이터가"))
    assert finds(query_terms("데이터"), index_terms("데이터가", BURST[:2]))


@pytest.mark.parametrize("query", ["터지다", "데이터를", "데이터", "돈이", "돈을", "돈"])
def test_a_query_without_kiwi_still_meets_the_stems_that_kiwi_stored(query: str) -> None:
    stored = index_terms("데이터가 터져서 돈만 나갔어요", [*BURST, ("돈", "NNG"), ("만", "JX")])
    assert finds(query_terms(query), stored)


def test_a_nouns_light_verb_is_not_asked_for() -> None:
    query = query_terms("고장났어요", {"고장났어요": [[("고장", "NNG"), ("나", "VV"), ("었", "EP"), ("어요", "EF")]]})
    assert finds(query, index_terms("고장이라니", [("고장", "NNG"), ("이", "VCP"), ("라니", "EC")]))


def test_a_second_reading_that_begins_with_an_ending_is_not_asked_for() -> None:
    query = query_terms("걸다", {"걸다": [[("걸", "VV"), ("다", "EF")], [("걸", "JKO"), ("다", "MAG")], []]})
    assert not finds(query, index_terms("다 떨어졌대요", [("다", "MAG"), ("떨어지", "VV")]))


def test_an_empty_query_says_so() -> None:
    for text in ("", "  ", "!?", "#", "\x00"):
        assert not query_terms(text)
        assert tsquery(query_terms(text)) == ""


def test_a_query_is_rendered_with_quoted_lexemes() -> None:
    assert (
        tsquery(query_terms("데이터가 돈", READINGS))
        == "(('데이터가') | ('b:데이' & 'b:이터') | ('데이터')) & (('돈'))"
    )
    assert tsquery(query_terms("min")) == "(('min':*))"


def test_signs_that_mean_something_in_a_tsquery_are_quoted() -> None:
    asked = QueryTerms((((Lexeme("it's"), Lexeme("a\\b")), (Lexeme("' | 'x", is_prefix=True),)),))
    assert tsquery(asked) == "(('it%%s' & 'a\\\\b') | ('%% | %%x':*))".replace("%%", "'" * 2)


def test_long_words_are_cut_alike_in_the_index_and_in_the_query() -> None:
    long = "가" * 3000 + "나"
    terms = index_terms(long)
    assert all(0 < len(term.encode()) <= LEXEME_BYTES for term in terms)
    assert finds(query_terms(long), terms)
    assert finds(query_terms("x" * 3000), index_terms("x" * 3000))


def test_the_number_of_terms_and_of_query_words_is_capped() -> None:
    flood = " ".join(chr(0xAC00 + n) + chr(0xAC00 + n + 1) for n in range(9000))
    assert len(index_terms(flood)) <= TERMS_MAX
    assert len(query_terms(flood).words) == QUERY_WORDS_MAX
    assert len(tsquery(query_terms(flood * 3))) < 10_000


def test_the_array_holds_each_lexeme_once_and_none_that_is_empty() -> None:
    assert tsvector_array(["가", "", "나", "가", "x" * 900]) == ["가", "나", "x" * LEXEME_BYTES]
