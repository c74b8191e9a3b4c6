"""The way of a search back through time: stretch by stretch, until the page is full; for rare words in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sotong.inbox.queries.lists import SHELVES, UNCLAIMED, Place
from sotong.inbox.rules.search import FIRST_LENGTH, Span, any_of, next_length, spans_back, time_of, unit_of
from sotong.people.models import Person

AT_ONCE = 250
"""Messages of a stretch of time that are looked at together; where it holds more, a shorter one is asked."""
SHORTER = 6
"""So many times shorter."""
FLOOD = 20_000
"""Messages of the shortest span, which cannot be cut, that are looked at."""
EXAMINED_MAX = 4_000
PROBES_MAX = 60
ONCE = 1_500
"""Where so many messages at most hold the words in all time, one question without stretches finds them sooner."""
FEW = 200
"""A list of at most so many conversations is read itself, instead of the index."""
ALL = 2**31 - 1

_NEAR = """
    SELECT m.id, m.posted_at, m.conversation_id, m.text FROM inbox_message m
    WHERE m.search @@ %s::tsquery AND m.deleted_at IS NULL AND (m.posted_at, m.id) < (%s, %s) LIMIT %s
"""
# OFFSET 0 keeps the planner from taking the index of words instead, which would read every hit there is.
_FEW = """
    SELECT id, posted_at, conversation_id, text FROM (
        SELECT m.* FROM inbox_message m
        WHERE m.conversation_id = ANY(%s) AND m.deleted_at IS NULL AND (m.posted_at, m.id) < (%s, %s) OFFSET 0
    ) few WHERE search @@ %s::tsquery
"""
_ABOVE = """
    SELECT DISTINCT conversation_id FROM (
        SELECT m.* FROM inbox_message m
        WHERE m.conversation_id = ANY(%s) AND m.deleted_at IS NULL AND (m.posted_at, m.id) >= (%s, %s) OFFSET 0
    ) near WHERE near.search @@ %s::tsquery
"""
_SHOWN = """
    WITH near AS MATERIALIZED ({near})
    SELECT (SELECT count(*) FROM near), h.id, h.posted_at, h.conversation_id FROM (VALUES (1)) one LEFT JOIN (
        SELECT * FROM (
            SELECT DISTINCT ON (near.conversation_id) near.id, near.posted_at, near.conversation_id
            FROM near JOIN inbox_conversation c ON c.id = near.conversation_id
            WHERE (SELECT count(*) FROM near) <= %s AND {where}
            ORDER BY near.conversation_id, near.posted_at DESC, near.id DESC
        ) each WHERE (posted_at, id) < (%s, %s) ORDER BY posted_at DESC, id DESC LIMIT %s
    ) h ON true ORDER BY h.posted_at DESC, h.id DESC
"""
_SPELLED = " AND strpos(lower(translate(normalize(near.text, NFC), E'\\n\\t', '  ')), lower(%s)) > 0"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """``view``: one of the list's, or empty: wherever the conversation lies. None: not narrowed by that."""

    text: str
    view: str = ""
    channel_id: int | None = None
    label_id: int | None = None
    is_direct: bool | None = None


@dataclass(frozen=True)
class Where:
    """Conditions on the conversation ``c`` (and on the text of ``near``), the permission among them."""

    sql: str
    values: tuple[Any, ...]
    few: str
    """The conversations that a narrow filter leaves, as a query for ids; empty: the filter is wide."""
    few_values: tuple[Any, ...]

    @classmethod
    def of(cls, viewer: Person, asked: Asked, ids: list[int], spelled: Sequence[str]) -> Where:
        sql = ["(c.channel_id = ANY(%s) OR c.also_channels && %s::bigint[])"]
        values: list[Any] = [ids, ids]
        if asked.view == "mine":
            sql.append("c.shelf = 'live' AND (c.claimed_by_id = %s OR c.assigned_to_id = %s)")
            values += [viewer.pk, viewer.pk]
        elif asked.view == "unclaimed":
            sql.append(UNCLAIMED)
        elif asked.view in SHELVES:
            sql.append("c.shelf = %s")
            values.append(SHELVES[asked.view])
        source = "inbox_conversation c"
        few_values: list[Any] = list(values)
        few = list(sql)
        if asked.label_id is not None:
            sql.append("EXISTS (SELECT 1 FROM inbox_labelling l WHERE l.conversation_id = c.id AND l.label_id = %s)")
            values.append(asked.label_id)
            source = "inbox_labelling l JOIN inbox_conversation c ON c.id = l.conversation_id"
            few.append("l.label_id = %s")
            few_values.append(asked.label_id)
        if asked.is_direct is not None:
            sql.append("c.is_direct" if asked.is_direct else "NOT c.is_direct")
        is_narrow = asked.view in {"mine", "unclaimed", "snoozed"} or asked.label_id is not None
        chosen = f"SELECT c.id FROM {source} WHERE {' AND '.join(few)} LIMIT %s"  # noqa: S608
        return cls(
            " AND ".join(sql) + _SPELLED * len(spelled),
            (*values, *spelled),
            chosen if is_narrow else "",
            (*few_values, FEW + 1),
        )


@dataclass
class Walk:
    """The way back in time until the page is full."""

    where: Where
    words: str
    spelled: tuple[str, ...]
    channels: str
    top: Place | None
    """Where the page before ended: what matches above it was shown there."""
    until: Place
    """No message is newer."""
    size: int
    expected: float
    """So many messages hold the words in all time, by the statistics; they may be wrong."""
    rows: list[tuple[int, datetime, int]] = field(default_factory=list)
    stopped_at: Place | None = None
    examined: int = 0
    taken: int = 0
    """Of the examined, those of stretches that did not hold too much."""
    probes: int = 0

    def go(self, cursor: Any) -> None:
        if self.expected <= ONCE and self._take_all(cursor):
            return
        few = self._few(cursor)
        if few is not None:
            self._take(cursor, _FEW, [few, self.begin.last_at, self.begin.id, self.words])
            return
        end, length = unit_of(self.begin.last_at) + 1, FIRST_LENGTH
        first = end
        while end > 0 and len(self.rows) < self.size:
            if self.examined >= EXAMINED_MAX or self.probes >= PROBES_MAX:
                self.stopped_at = Place(time_of(end), 0)
                return
            spans, start = spans_back(end, length)
            is_shortest = len(spans) == 1 and not spans[0].level
            most, limit = (ALL, FLOOD) if is_shortest else (AT_ONCE, AT_ONCE + 1)
            values = [self._query(spans), self.begin.last_at, self.begin.id, limit]
            if self._take(cursor, _NEAR, values, most):
                end = start
                length = next_length(first - end, found=len(self.rows), wanted=self.size, seen=self.taken, most=AT_ONCE)
            else:
                length = max(1, (end - start) // SHORTER)

    @property
    def goes_on(self) -> bool:
        """Whether there is more than this page."""
        return len(self.rows) >= self.size or self.stopped_at is not None

    @property
    def begin(self) -> Place:
        """What this page shows is older."""
        return self.top or self.until

    def _take_all(self, cursor: Any) -> bool:
        """Look at all messages with the words, those of the pages before among them, so that a conversation stands at
        its newest; False: they are more than ``ONCE``, and nothing is added.
        """
        values = [self.words, self.until.last_at, self.until.id, ONCE + 1]
        number, self.rows = self._ask(cursor, _NEAR, values, ONCE, self.size)
        return number <= ONCE

    def _few(self, cursor: Any) -> list[int] | None:
        """The conversations of a narrow filter, where they are few."""
        if not self.where.few:
            return None
        cursor.execute(self.where.few, self.where.few_values)
        ids = [row[0] for row in cursor.fetchall()]
        return ids if len(ids) <= FEW else None

    def _query(self, spans: Sequence[Span]) -> str:
        asked = [f"({self.words})", self.channels, any_of(span.lexeme for span in spans)]
        return " & ".join(filter(None, asked))

    def _take(self, cursor: Any, near: str, values: list[Any], most: int = ALL) -> bool:
        """Add what ``near`` finds and the viewer may see; False: it found more than ``most``, and nothing is added."""
        # On a later page any of them may have been shown before: all are looked at.
        wanted = self.size - len(self.rows) if self.top is None else None
        number, fresh = self._ask(cursor, near, values, most, wanted)
        self.probes += 1
        self.examined += number
        if number > most:
            return False
        self.taken += number
        shown = self._shown_above(cursor, [row[2] for row in fresh])
        self.rows += [row for row in fresh if row[2] not in shown]
        del self.rows[self.size :]
        return True

    def _ask(
        self, cursor: Any, near: str, values: list[Any], most: int, wanted: int | None
    ) -> tuple[int, list[tuple[int, datetime, int]]]:
        """How many messages ``near`` finds and, unless they are more than ``most``, the newest of each conversation."""
        where = self.where.sql + " AND c.id <> ALL(%s)"
        below = [self.begin.last_at, self.begin.id]
        asked = [*values, most, *self.where.values, [row[2] for row in self.rows], *below, wanted]
        cursor.execute(_SHOWN.format(near=near, where=where), asked)
        found = cursor.fetchall()
        return found[0][0], [row[1:] for row in found if row[1] is not None]

    def _shown_above(self, cursor: Any, conversations: list[int]) -> set[int]:
        if self.top is None or not conversations:
            return set()
        values = [conversations, self.top.last_at, self.top.id, self.words, *self.spelled]
        cursor.execute(_ABOVE + _SPELLED * len(self.spelled), values)
        return {row[0] for row in cursor.fetchall()}
