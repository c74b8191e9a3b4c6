"""The search index of Korean and English texts: which lexemes a text is stored under and which a query asks for.

One ``tsvector`` column holds two sorts of lexemes:

===========  ==================================================  =============================================
``데이터가``   a word as written, or a part of it                   always
``데이터``     a noun or a stem that Kiwi found (터지다 is ``터지``)  only where Kiwi worked
``b:데이``     two neighbouring syllables of one word               always; the way in when Kiwi did not work
===========  ==================================================  =============================================

Words and pieces share one spelling, so that one look-up finds both; no word holds a colon, so that none is taken for
a pair.

Lexemes are stored with ``array_to_tsvector(%s)`` and asked for with ``%s::tsquery``: both take them as they are, so
no text search configuration (and no parser) stands between, and the result is what ``to_tsvector('simple', …)`` gives
for words without the parser's own ideas about hyphens, paths and numbers. Searching and indexing go through this
module only; a text that was indexed without Kiwi is still found by a query with it and the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sotong.language.words import Word, is_syllabic, normalised, runs, words

Morpheme = tuple[str, str]
"""Form and part-of-speech tag, as Kiwi gives them: ``("터지", "VV")``."""
Reading = Sequence[Morpheme]
"""One way to take a text or a word apart."""

LEXEME_BYTES = 240
"""Longest lexeme in UTF-8 (PostgreSQL allows 2,046); longer words are cut in the index and in the query alike."""
TERMS_MAX = 6_000
"""Most lexemes of one text."""
QUERY_WORDS_MAX = 12
"""Words of a query that are looked at; the rest is left out."""
_QUERY_PAIRS_MAX = 10
_PREFIX_MIN = 3

_NOUNS = frozenset({"NNG", "NNP", "NR", "NP", "XR", "XPN", "XSN", "MAG", "MM", "IC", "UN", "SL", "SN", "SH"})
_STEMS = frozenset({"VV", "VA"})
_EMPTY_SUFFIXES = frozenset({"들", "님", "씨", "쯤", "째"})

_PARTICLES = (
    *("에서는", "으로는", "이라도", "에게서", "한테서", "에서도", "에게는"),
    *("에는", "에도", "에서", "에게", "한테", "으로", "부터", "까지"),
    *("처럼", "보다", "이나", "이랑", "하고", "이라", "라고"),
    *("마다", "조차", "밖에"),
    *("이", "가", "을", "를", "은", "는", "도", "만", "에", "의", "로", "와", "과", "랑", "나", "요"),
)
"""Longest first."""


@dataclass(frozen=True)
class Lexeme:
    """One thing to look for; with ``is_prefix`` also whatever begins with it."""

    text: str
    is_prefix: bool = False


Alternative = tuple[Lexeme, ...]
"""Lexemes that must all be there."""


@dataclass(frozen=True)
class QueryTerms:
    """What a query asks for: every word, each in any of its alternatives."""

    words: tuple[tuple[Alternative, ...], ...] = ()

    def __bool__(self) -> bool:
        """False: the query holds nothing that could be looked for (it was empty, or only signs)."""
        return bool(self.words)


def surface_words(text: str) -> list[str]:
    """The words of ``text`` as written, normalised, in their order: ``["lte가", "#데이터", "@minji.example"]``."""
    return [word.surface for word in words(text)]


def bigrams(text: str) -> list[str]:
    """Each pair of neighbouring syllables inside the words of ``text``, each once: ``데이터가`` → 데이, 이터, 터가."""
    return list(dict.fromkeys(pair for word in words(text) for run in _runs_of(word) for pair in _pairs(run)))


def pieces(reading: Reading) -> list[str]:
    """The nouns, adverbs and stems of ``reading``, endings and particles left out.

    A stem is given without 다 and, where two syllables or more remain, without 하 (깨끗하다 → 깨끗), so that it meets
    the bare root.
    """
    found: list[str] = []
    for morpheme in reading:
        form, sort = morpheme[0], _sort(morpheme)
        spelled = "".join(normalised(form).split())
        if not spelled.isalnum():
            continue
        if sort in _STEMS:
            stem = spelled[:-1] if len(spelled) > 2 and spelled.endswith("하") else spelled
            if stem != "하":
                found.append(stem)
        elif sort in _NOUNS and not (sort == "XSN" and spelled in _EMPTY_SUFFIXES):
            found += normalised(form).split()
    return list(dict.fromkeys(found))


def index_terms(text: str, morphemes: Reading | None = None) -> list[str]:
    """The lexemes under which ``text`` is stored; ``morphemes`` is Kiwi's reading of ``prose(text)``, where it worked.

    Words come first, then pieces, then pairs, so that the cap (``TERMS_MAX``) costs what is least missed.
    """
    found = list(words(text))
    terms: dict[str, None] = {}
    for word in found:
        terms[word.surface] = None
        terms.update(dict.fromkeys(part for part in word.parts if part not in _PARTICLES or word.kind != "word"))
    terms.update(dict.fromkeys(pieces(morphemes or ())))
    for word in found:
        for run in _runs_of(word):
            terms.update(dict.fromkeys("b:" + pair for pair in _pairs(run)))
        if len(terms) >= TERMS_MAX:
            break
    return tsvector_array(terms)


def query_terms(text: str, morphemes: Mapping[str, Sequence[Reading]] | None = None) -> QueryTerms:
    """What the query ``text`` asks for.

    ``morphemes`` maps a word (as ``surface_words`` gives it) to Kiwi's readings of it. A word without a reading is
    looked for as written, by its pairs of syllables (a particle at its end left out), by the stem that its last
    syllable lets guess and, where it is one syllable or Latin, by its beginning.
    """
    readings = morphemes or {}
    asked: dict[str, Word] = {word.surface: word for word in words(text)}
    chosen = list(asked.values())[:QUERY_WORDS_MAX]
    alternatives = (dict.fromkeys(_alternatives(word, readings.get(word.surface))) for word in chosen)
    return QueryTerms(tuple(tuple(each) for each in alternatives))


def tsquery(terms: QueryTerms) -> str:
    """``terms`` as the text of a tsquery, every lexeme quoted: ``WHERE search @@ %s::tsquery``.

    Empty for empty terms; PostgreSQL takes that and finds nothing, so a screen asks ``if terms`` first.
    """
    return " & ".join(
        "(" + " | ".join("(" + " & ".join(_quoted(lexeme) for lexeme in each) + ")" for each in word) + ")"
        for word in terms.words
    )


def tsvector_array(terms: Iterable[str]) -> list[str]:
    """``terms`` as ``array_to_tsvector(%s)`` takes them: no empty one, none too long, each once, not too many."""
    kept: dict[str, None] = {}
    for term in terms:
        lexeme = _cut(term)
        if lexeme:
            kept[lexeme] = None
            if len(kept) >= TERMS_MAX:
                break
    return list(kept)


def _alternatives(word: Word, readings: Sequence[Reading] | None) -> Iterator[Alternative]:
    surface = word.surface
    if word.kind != "word":
        yield (Lexeme(_cut(surface), is_prefix=word.kind in {"handle", "domain"}),)
        if word.kind in {"number", "url"}:
            yield tuple(dict.fromkeys(Lexeme(_cut(part)) for part in word.parts[:_QUERY_PAIRS_MAX]))
        return
    if not any(is_syllabic(character) for character in surface):
        yield (Lexeme(_cut(surface), is_prefix=len(surface) >= _PREFIX_MIN),)
        return
    yield (Lexeme(_cut(surface)),)
    found = list(_asked_pieces(readings or ()))
    yield from (tuple(Lexeme(_cut(piece)) for piece in each) for each in found)
    if found and _is_short_verb(surface, readings or ()):
        return
    bare = _without_read_particle(surface, readings[0]) if readings else _without_particle(surface)
    yield _written(bare, is_alone=not found)
    if not readings:
        yield from ((Lexeme(_cut(guess)),) for guess in _guessed(surface))


def _asked_pieces(readings: Sequence[Reading]) -> Iterator[list[str]]:
    """The pieces of each reading that is worth asking for.

    A second reading must begin with a noun or a stem: one that begins with an ending takes the word for the rest of
    another. A noun's light verb (고장나다, 환불받다) is not asked for: the noun often stands without it.
    """
    for number, reading in enumerate(readings):
        if number and (not reading or _sort(reading[0]) not in _NOUNS | _STEMS):
            continue
        has_noun = any(_sort(each) in _NOUNS and len(each[0]) >= 2 for each in reading)
        kept = [each for each in reading if not (has_noun and _sort(each) in _STEMS and len(each[0]) == 1)]
        if found := pieces(kept):
            yield found


def _sort(morpheme: Morpheme) -> str:
    """``VV-I`` is ``VV``: how a stem is inflected does not matter here."""
    return morpheme[1].split("-", 1)[0]


def _written(surface: str, *, is_alone: bool) -> Alternative:
    """``surface`` by the pairs of its syllables; where there is no pair, by its beginning if nothing else speaks."""
    if len(surface) == 1:
        return (Lexeme(surface, is_prefix=is_alone),)
    lexemes: list[Lexeme] = []
    for run in runs(surface):
        pairs = _pairs(run)
        if pairs:
            lexemes += [Lexeme("b:" + pair) for pair in pairs[:_QUERY_PAIRS_MAX]]
        else:
            lexemes.append(Lexeme(_cut(run), is_prefix=is_alone and is_syllabic(run[0])))
    return tuple(dict.fromkeys(lexemes))


def _is_short_verb(surface: str, readings: Sequence[Reading]) -> bool:
    """되다, 가요: its one pair of syllables stands in too many other words to be worth asking for."""
    return len(surface) <= 2 and not any(_sort(morpheme) in _NOUNS for morpheme in readings[0])


def _without_particle(surface: str) -> str:
    """``surface`` without the particle that may end it, by spelling alone; two syllables or another script remain."""
    for particle in _PARTICLES:
        left = len(surface) - len(particle)
        if surface.endswith(particle) and left > 0 and (left >= 2 or not is_syllabic(surface[left - 1])):
            return surface[: -len(particle)]
    return surface


def _guessed(surface: str) -> Iterator[str]:
    """What Kiwi may have stored for ``surface``, guessed from its last syllable: 터지다 → 터지, 돈이 → 돈."""
    if len(surface) >= 2 and surface[-1] in (*_PARTICLES, "다") and is_syllabic(surface[-2]):
        yield surface[:-1]


def _without_read_particle(surface: str, reading: Reading) -> str:
    """``surface`` without the particles that Kiwi read at its end."""
    for form, tag in reversed(reading):
        if not (tag.startswith("J") and len(surface) > len(form) and surface.endswith(form)):
            break
        surface = surface[: -len(form)]
    return surface


def _runs_of(word: Word) -> Iterator[str]:
    yield from word.parts or (word.surface,)


def _pairs(run: str) -> list[str]:
    if len(run) < 2 or not is_syllabic(run[0]):
        return []
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _cut(lexeme: str) -> str:
    if len(lexeme) * 4 <= LEXEME_BYTES:
        return lexeme
    return lexeme.encode()[:LEXEME_BYTES].decode(errors="ignore")


def _quoted(lexeme: Lexeme) -> str:
    escaped = lexeme.text.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'{':*' if lexeme.is_prefix else ''}"
