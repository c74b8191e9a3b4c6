"""Searching and indexing end to end: the real Kiwi, a real PostgreSQL, two hundred sentences."""

from __future__ import annotations

import os
from collections.abc import Iterator

import psycopg
import pytest

from sotong.language.client import LanguageClient
from sotong.language.search import analyse_query, analyse_texts
from sotong.language.tests.conftest import Running
from sotong.language.tests.sentences import GROUPS, SENTENCES
from sotong.language.tokens import Lexeme, QueryTerms, index_terms, query_terms, tsquery

QUERIES = [(number, query) for number, group in enumerate(GROUPS) for query in group.queries]


@pytest.fixture(scope="module")
def database() -> Iterator[psycopg.Connection]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE sentence (id int, is_read boolean, search tsvector)")
        yield connection


@pytest.fixture(scope="module")
def indexed(language: Running, database: psycopg.Connection) -> psycopg.Connection:
    """All sentences twice: as indexed with Kiwi (``is_read``), and without."""
    for client in (language.client, None):
        for number, analysed in enumerate(analyse_texts(SENTENCES, client)):
            assert analysed.used_kiwi == (client is not None)
            database.execute(
                "INSERT INTO sentence VALUES (%s, %s, array_to_tsvector(%s))",
                (number, analysed.used_kiwi, analysed.terms),
            )
    return database


def found(database: psycopg.Connection, query: str, client: LanguageClient | None, *, is_read: bool) -> set[int]:
    terms, used_kiwi = analyse_query(query, client, 2.0)
    assert used_kiwi == (client is not None) or query.isascii()
    rows = database.execute(
        "SELECT id FROM sentence WHERE is_read = %s AND search @@ %s::tsquery", (is_read, tsquery(terms))
    )
    return {row[0] for row in rows}


def measured(database: psycopg.Connection, client: LanguageClient | None, *, is_read: bool) -> tuple[float, float]:
    """Recall and precision over all queries; a sentence of another group counts as wrong."""
    right = wrong = 0
    for number, query in QUERIES:
        hits = found(database, query, client, is_read=is_read)
        right += sum(hit // 5 == number for hit in hits)
        wrong += sum(hit // 5 != number for hit in hits)
    return right / (5 * len(QUERIES)), right / max(1, right + wrong)


def test_the_sentences_are_what_they_say() -> None:
    assert len(set(SENTENCES)) == 200
    assert all(len(group.sentences) == 5 and len(group.queries) == 3 for group in GROUPS)


def test_inflected_words_find_each_other_with_kiwi(indexed: psycopg.Connection, language: Running) -> None:
    recall, precision = measured(indexed, language.client, is_read=True)
    print(f"with Kiwi: recall {recall:.3f}, precision {precision:.3f} over {len(QUERIES)} queries")
    assert recall >= 0.98
    assert precision >= 0.98


def test_without_kiwi_words_are_still_found_as_written(indexed: psycopg.Connection) -> None:
    recall, precision = measured(indexed, None, is_read=False)
    print(f"without Kiwi: recall {recall:.3f}, precision {precision:.3f}")
    assert recall >= 0.35
    assert precision >= 0.95


def test_each_way_of_indexing_is_found_by_each_way_of_asking(indexed: psycopg.Connection, language: Running) -> None:
    recall, precision = measured(indexed, None, is_read=True)
    print(f"indexed with Kiwi, asked without: recall {recall:.3f}, precision {precision:.3f}")
    assert recall >= 0.6
    recall, precision = measured(indexed, language.client, is_read=False)
    print(f"indexed without Kiwi, asked with: recall {recall:.3f}, precision {precision:.3f}")
    assert recall >= 0.32
    for query in ("데이터", "데이터가", "요금제를", "블루스카이에서"):
        number = next(number for number, asked in QUERIES if asked == query)
        for is_read in (True, False):
            for client in (language.client, None):
                hits = found(indexed, query, client, is_read=is_read)
                assert {hit for hit in hits if hit // 5 == number} == set(range(5 * number, 5 * number + 5))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("터지다", "와이파이가 하나도 안 터졌습니다"),
        ("터져요", "신호 잘 터지는 동네"),
        ("바꾸면", "어제 새 걸로 바꿨는데"),
        ("바꿨", "번호를 바꾸고 싶어요"),
        ("돈", "돈을 더 내도"),
        ("폰", "새 폰으로"),
        ("데이터를 나누다", "데이터를 가족과 나눴어요"),
    ],
)
def test_these_pairs_find_each_other(database: psycopg.Connection, language: Running, query: str, text: str) -> None:
    for asked, stored in ((query, text), (text, text)):
        terms, _ = analyse_query(asked, language.client, 2.0)
        (analysed,) = analyse_texts([stored], language.client)
        row = database.execute("SELECT array_to_tsvector(%s) @@ %s::tsquery", (analysed.terms, tsquery(terms)))
        assert row.fetchone() == (True,)


HOSTILE = [
    "' | 'a' & \\",
    "\\",
    "'",
    "''",
    "\\'",
    "a':*",
    "!a & b",
    "<->",
    "데이터' OR '1'='1",
    "b:데이",
    "%s %(x)s",
    "\x00",
    "\ud800",
    "가" * 5000,
    "x" * 5000,
    "😀👩‍👩‍👧‍👦",
    "ﷺ",
    "é́́",
    "#",
    "@",
    "https://",
    "a@b",
    "::tsquery",
    "\u3164ㅤ",
    "İ",
    "ß",
    "ſ",
    "ǆ",
    "٣٤",
    "१२३",
    "Ⅷ ½ ²",
    "ﾊﾝｶｸ",
    "漢字",
    "ไทย",
    "עברית",
    "\u202eabc",
    "a\u0000b",
    " \n\t ",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_can_be_stored_and_asked_for(database: psycopg.Connection, text: str) -> None:
    terms, asked = index_terms(text), query_terms(text)
    row = database.execute("SELECT array_to_tsvector(%s::text[]) @@ %s::tsquery", (terms, tsquery(asked))).fetchone()
    assert row == (bool(asked),)


@pytest.mark.parametrize("lexeme", ["it's", "a\\b", "' | 'x", "''", "\\'", "a & !b", "%s", ":*", "<->"])
def test_any_lexeme_survives_the_quoting(database: psycopg.Connection, lexeme: str) -> None:
    asked = tsquery(QueryTerms((((Lexeme(lexeme),),),)))
    for stored, is_found in (([lexeme], True), (["x", "a", "it", "s"], False)):
        row = database.execute("SELECT array_to_tsvector(%s) @@ %s::tsquery", (stored, asked)).fetchone()
        assert row == (is_found,)


def test_a_long_flood_of_words_still_makes_a_vector(database: psycopg.Connection) -> None:
    flood = " ".join(chr(0xAC00 + n) + chr(0xAC01 + n * 7 % 11000) + "가나" for n in range(5000))
    row = database.execute("SELECT length(array_to_tsvector(%s))", (index_terms(flood),)).fetchone()
    assert row is not None
    assert 1000 < row[0] <= 6000
