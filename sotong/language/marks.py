"""Where in a text the words of a query stand, so that a screen can mark them.

By spelling first: it needs no Kiwi. A stem that changes its shape (돕다, 도와요) is found by reading the text's words
as the index does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sotong.language.client import QUERY_SECONDS, LanguageClient
from sotong.language.tokens import Lexeme, QueryTerms, index_terms
from sotong.language.words import is_syllabic

_WORD = re.compile(r"\S+")
_READ_AT_MOST = 100
"""Words that Kiwi is asked about for one page."""

Stretch = tuple[int, int]


@dataclass(frozen=True)
class Part:
    """A piece of a text; ``is_match``: the query asked for it."""

    text: str
    is_match: bool


def one_line(text: str) -> str:
    """``text`` in the spelling that is shown and marked: composed, on one line."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def stretches(text: str, terms: QueryTerms, phrases: Iterable[str] = ()) -> list[Stretch]:
    """The matches in ``text`` (as ``one_line`` gives it), by spelling alone: sorted, without overlaps."""
    folded = _folded(text)
    found: list[Stretch] = []
    for phrase in phrases:
        found += _places(folded, Lexeme(_folded(phrase), is_prefix=True), anywhere=True)
    for word in terms.words:
        for alternative in word:
            places = [_places(folded, lexeme) for lexeme in alternative]
            if all(places):
                found += [place for each in places for place in each]
    return _merged(found)


def read_stretches(
    texts: Sequence[str], terms: QueryTerms, client: LanguageClient | None, deadline: float = QUERY_SECONDS
) -> list[list[Stretch]]:
    """The words of each text that the index would store under what the query asks for. Empty without Kiwi."""
    if client is None or not texts:
        return [[] for _ in texts]
    wanted = [{lexeme.text for lexeme in each} for word in terms.words for each in word]
    each_word = list(dict.fromkeys(match.group() for text in texts for match in _WORD.finditer(text)))[:_READ_AT_MOST]
    readings = client.readings(each_word, deadline)
    if readings is None:
        return [[] for _ in texts]
    answering = {
        word
        for word, likely in zip(each_word, readings, strict=True)
        # A word alone reads otherwise than in its sentence: any likely reading will do.
        if any(lexemes <= set(index_terms(word, reading)) for reading in likely for lexemes in wanted)
    }
    return [[match.span() for match in _WORD.finditer(text) if match.group() in answering] for text in texts]


def parts(text: str, found: Sequence[Stretch], length: int) -> list[Part]:
    """About ``length`` characters of ``text`` around the first match, cut where a match begins and ends."""
    first = found[0][0] if found else 0
    start = max(0, min(first - length // 3, len(text) - length))
    end = min(len(text), start + length)
    made = [Part("…", is_match=False)] if start else []
    at = start
    for begin, finish in found:
        if finish <= at or begin >= end:
            continue
        if begin > at:
            made.append(Part(text[at:begin], is_match=False))
        made.append(Part(text[max(begin, at) : min(finish, end)], is_match=True))
        at = min(finish, end)
    if at < end:
        made.append(Part(text[at:end], is_match=False))
    if end < len(text):
        made.append(Part("…", is_match=False))
    return made


def _places(folded: str, lexeme: Lexeme, *, anywhere: bool = False) -> list[Stretch]:
    """A pair or a longer Korean word may stand anywhere in a word; one syllable and Latin words only at its borders."""
    needle = lexeme.text.removeprefix("b:")
    is_free = anywhere or (len(needle) >= 2 and all(map(is_syllabic, needle)))
    found: list[Stretch] = []
    at = folded.find(needle) if needle else -1
    while at >= 0 and len(found) < 50:
        end = at + len(needle)
        if is_free or (_borders(folded, at) and (lexeme.is_prefix or is_syllabic(needle[-1]) or _borders(folded, end))):
            found.append((at, end))
        at = folded.find(needle, end)
    return found


def _borders(text: str, at: int) -> bool:
    """Whether a word, or a part in another script, begins or ends before ``text[at]``."""
    if at <= 0 or at >= len(text):
        return True
    left, right = text[at - 1], text[at]
    return not (left.isalnum() and right.isalnum()) or is_syllabic(left) != is_syllabic(right)


def _folded(text: str) -> str:
    """Case folded and full width narrowed, one character for each."""
    narrowed = (chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)
    return "".join(folded if len(folded := sign.casefold()) == 1 else sign for sign in narrowed)


def _merged(found: Iterable[Stretch]) -> list[Stretch]:
    merged: list[Stretch] = []
    for begin, end in sorted(found):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged
