"""How messages are looked for, newest first, without sorting every hit of a frequent word.

Beside its words, each message is indexed under the spans of time in which it was posted and under the channels whose
people may read its conversation. A search asks for the words *and* a span: the newest minute first, then ever longer
spans further back. The index meets both at once, so that a page costs about as much as it shows, however many other
messages hold the word.

===========  =============================================  ======================================
``t:0:N``     the Nth span of 64 s, counted from 1970        ``t:1:N`` is eight of those, and so on
``c:7``       channel 7 sees the conversation                narrows only; the rows decide
``w:``        indexed without Kiwi                           to be indexed again
===========  =============================================  ======================================

No word of a text holds a colon, so that none is taken for these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

SHORTEST = 64
"""Seconds of the shortest span."""
FAN = 8
"""Spans of one level that make one of the next."""
LEVELS = 8
"""The longest span is four years."""
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

    @property
    def parts(self) -> tuple[Span, ...]:
        """The shorter spans that it is made of, the newest first; none of the shortest."""
        if not self.level:
            return ()
        first = self.number * FAN
        return tuple(Span(self.level - 1, number) for number in range(first + FAN - 1, first - 1, -1))


def spans_of(at: datetime) -> list[Span]:
    """The spans that hold ``at``, one a level, the shortest first."""
    number = max(0, int((at - EPOCH).total_seconds()) // SHORTEST)
    return [Span(level, number // FAN**level) for level in range(LEVELS)]


def spans_before(at: datetime) -> Iterator[tuple[Span, ...]]:
    """Spans from the one that holds ``at`` back in time, without gap or overlap, in groups of ever longer ones.

    What is older than the last group lies in no span here and is asked for without any.
    """
    for level, span in enumerate(spans_of(at)):
        newest = span.number if level == 0 else span.number - 1
        group = tuple(Span(level, number) for number in range(newest, span.number - span.number % FAN - 1, -1))
        if group:
            yield group


def spans_end(at: datetime) -> datetime:
    """The time before which ``spans_before(at)`` holds nothing."""
    longest = spans_of(at)[-1]
    first = longest.number - longest.number % FAN
    return datetime.fromtimestamp(first * SHORTEST * FAN**longest.level, UTC)


def start_of(spans: Sequence[Span]) -> datetime:
    """When the oldest of ``spans`` begins."""
    return min(datetime.fromtimestamp(span.number * SHORTEST * FAN**span.level, UTC) for span in spans)


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
