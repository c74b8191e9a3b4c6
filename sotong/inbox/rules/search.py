"""How messages are looked for, newest first, without sorting every hit of a frequent word.

Beside its words, each message is indexed under the spans of time in which it was posted and under the channels whose
people may read its conversation. A search asks for the words *and* a span: the newest minute first, then ever longer
spans further back. The index meets both at once, so that a page costs about as much as it shows, however many other
messages hold the word. Words that are rare in all time are asked for once, without spans: a page of them would be
looked for through all spans there are.

===========  =============================================  ======================================
``t:0:N``     the Nth span of 64 s, counted from 1970        ``t:1:N`` is eight of those, and so on
``c:7``       channel 7 sees the conversation                narrows only; the rows decide
``w:``        indexed without Kiwi                           to be indexed again
===========  =============================================  ======================================

No word of a text holds a colon, so that none is taken for these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import prod

from sotong.language.tokens import Lexeme, QueryTerms

SHORTEST = 64
"""Seconds of the shortest span."""
FAN = 8
"""Spans of one level that make one of the next."""
LEVELS = 8
"""The longest span is four years."""
FIRST_LENGTH = 8
"""Shortest spans that a search looks at first."""
MOST_TIMES = 32
"""A stretch is at most so many times as long as all before it."""
TOGETHER = 2 / 3
"""Exponent of the second rarest word's share; 1 would be chance, 0 that one never stands without the other."""
WITHOUT_KIWI = "w:"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QUERY_MAX = 500
"""Characters of a query that are read."""
_QUOTED = re.compile(r"[\"“”„]([^\"“”„]{1,200})[\"“”„]")


@dataclass(frozen=True)
class Span:
    """The ``number``-th stretch of ``SHORTEST * FAN ** level`` seconds since 1970."""

    level: int
    number: int

    @property
    def lexeme(self) -> str:
        return f"t:{self.level}:{self.number}"


def spans_of(at: datetime) -> list[Span]:
    """The spans that hold ``at``, one a level, the shortest first."""
    unit = unit_of(at)
    return [Span(level, unit // FAN**level) for level in range(LEVELS)]


def unit_of(at: datetime) -> int:
    """The number of the shortest span that holds ``at``."""
    return max(0, int((at - EPOCH).total_seconds()) // SHORTEST)


def time_of(unit: int) -> datetime:
    """When the shortest span of that number begins."""
    return datetime.fromtimestamp(unit * SHORTEST, UTC)


def spans_back(end: int, length: int) -> tuple[list[Span], int]:
    """Spans that lie one beside the other from before unit ``end`` back over at least ``length`` units (or to 1970),
    and the unit where they begin. The longer the stretch, the rounder that unit, so that the spans stay few.
    """
    level = 0
    while level < LEVELS - 1 and FAN ** (level + 1) <= length:
        level += 1
    start = max(0, end - length)
    start -= start % FAN**level
    spans: list[Span] = []
    at = end
    while at > start:
        level = 0
        while level < LEVELS - 1 and at % FAN ** (level + 1) == 0 and at - FAN ** (level + 1) >= start:
            level += 1
        spans.append(Span(level, at // FAN**level - 1))
        at -= FAN**level
    return spans, start


def next_length(length: int, *, found: int, wanted: int, seen: int, most: int) -> int:
    """How far to look after ``length`` units held ``found`` of the ``wanted``: to the rest, if they lie as dense.

    Never so far that more than about half of ``most`` messages would be looked at, as ``seen`` foretells.
    """
    times = min(MOST_TIMES, 1.5 * (wanted - found) / found) if found else MOST_TIMES
    if seen:
        times = min(times, most / 2 / seen)
    return max(1, int(length * times))


def share_of(terms: QueryTerms, shares: Mapping[str, float]) -> float:
    """The share of all messages that ``terms`` may be expected to find, 0 to 1, from the ``shares`` of the commonest
    lexemes; one that is not among them counts as 0.

    The lexemes of a word mostly stand together, as do its spellings. Different words stand together more often than
    chance would have it: after the rarest, each counts for less (``TOGETHER``).
    """
    words = sorted(
        max(min(_share(lexeme, shares) for lexeme in alternative) for alternative in word) for word in terms.words
    )
    return float(prod(share ** (TOGETHER**place) for place, share in enumerate(words)))


def _share(lexeme: Lexeme, shares: Mapping[str, float]) -> float:
    if not lexeme.is_prefix:
        return shares.get(lexeme.text, 0.0)
    return min(1.0, sum(share for text, share in shares.items() if text.startswith(lexeme.text)))


def lexemes_of(terms: Iterable[str], *, posted_at: datetime, channel_ids: Iterable[int], used_kiwi: bool) -> list[str]:
    """All lexemes of one message, for ``array_to_tsvector``; ``terms`` are those of its text."""
    return [
        *terms,
        *(span.lexeme for span in spans_of(posted_at)),
        *(f"c:{channel}" for channel in channel_ids),
        *(() if used_kiwi else (WITHOUT_KIWI,)),
    ]


def any_of(lexemes: Iterable[str]) -> str:
    """A tsquery for any of ``lexemes``, which hold no quote."""
    return "(" + " | ".join(f"'{lexeme}'" for lexeme in lexemes) + ")"


def phrases(query: str) -> list[str]:
    """What stands between quotation marks, on one line: to be found as it is written."""
    return [" ".join(found.split()) for found in _QUOTED.findall(query) if found.strip()][:4]


def read_query(text: str) -> str:
    """A query as it came, without what no database takes, on one line and not too long."""
    return " ".join(text[: QUERY_MAX * 4].replace("\x00", " ").encode("utf-8", "ignore").decode().split())[:QUERY_MAX]
