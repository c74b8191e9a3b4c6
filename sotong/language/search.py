"""What a search page and an indexing job call: texts in, lexemes out, and whether Kiwi had a part in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sotong.language.client import BATCH_SECONDS, QUERY_SECONDS, LanguageClient
from sotong.language.tokens import QUERY_WORDS_MAX, QueryTerms, index_terms, query_terms, surface_words
from sotong.language.words import is_syllabic, prose

_WORD_MAX = 40


@dataclass(frozen=True)
class Analysed:
    """The lexemes of one text, for ``array_to_tsvector(%s)``. Without Kiwi they should be made again later."""

    terms: list[str]
    used_kiwi: bool


def analyse_query(text: str, client: LanguageClient | None, deadline: float = QUERY_SECONDS) -> tuple[QueryTerms, bool]:
    """What ``text`` asks for, and whether inflected words will be found (False: the screen should say so).

    A query without Korean words needs no Kiwi and counts as served by it. Never raises, never takes much longer than
    ``deadline`` seconds.
    """
    words = [word for word in dict.fromkeys(surface_words(text)) if _is_for_kiwi(word)][:QUERY_WORDS_MAX]
    if not words:
        return query_terms(text), True
    readings = client.readings(words, deadline) if client else None
    if readings is None:
        return query_terms(text), False
    return query_terms(text, dict(zip(words, readings, strict=True))), True


def analyse_texts(
    texts: Sequence[str], client: LanguageClient | None, deadline: float = BATCH_SECONDS
) -> list[Analysed]:
    """The lexemes of each text of a batch, in their order: for jobs, a few hundred texts a call.

    Where Kiwi does not answer within ``deadline`` seconds, all come without it and say so. Never raises.
    """
    readings = client.morphemes([prose(text) for text in texts], deadline) if client else None
    if readings is None:
        return [Analysed(index_terms(text), used_kiwi=False) for text in texts]
    return [Analysed(index_terms(text, reading), used_kiwi=True) for text, reading in zip(texts, readings, strict=True)]


def _is_for_kiwi(word: str) -> bool:
    return len(word) <= _WORD_MAX and word[0] not in "@#" and any(is_syllabic(character) for character in word)
