"""Search over messages: newest first, under the list's filters and permission, at a cost that the page bounds.

How the index is asked (spans of time, the newest first) stands in ``rules.search``. A conversation is found once, at
its newest message that matches. One request looks at ``EXAMINED_MAX`` messages at most; where that was not enough to
fill the page, the page says so and the next one goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from sotong.inbox.models import Conversation, Message
from sotong.inbox.queries.lists import SHELVES, UNCLAIMED, Place
from sotong.inbox.queries.visible import Visible, visible_to
from sotong.inbox.rules.search import Span, any_of, phrases, read_query, spans_before, spans_end, start_of
from sotong.language.client import LanguageClient
from sotong.language.search import analyse_query
from sotong.language.tokens import QueryTerms, tsquery
from sotong.people.models import Person

PAGE = 30
AT_ONCE = 800
"""Messages of a group of spans that are looked at together; where there are more, shorter spans are asked."""
EXAMINED_MAX = 12_000
PROBES_MAX = 120
FEW = 200
"""A list of at most so many conversations is read itself, instead of the index."""

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
            WHERE {where} ORDER BY near.conversation_id, near.posted_at DESC, near.id DESC
        ) each ORDER BY posted_at DESC, id DESC LIMIT %s
    ) h ON true ORDER BY h.posted_at DESC, h.id DESC
"""
_SPELLED = " AND strpos(lower(regexp_replace(normalize(near.text, NFC), '\\s+', ' ', 'g')), lower(%s)) > 0"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """``view``: one of the list's, or empty: wherever the conversation lies. None: not narrowed by that."""

    text: str
    view: str = ""
    channel_id: int | None = None
    label_id: int | None = None
    is_direct: bool | None = None


@dataclass(frozen=True)
class Hit:
    message: Message
    """Its newest that matches."""
    conversation: Conversation
    """With its identity and holder."""


@dataclass(frozen=True)
class Found:
    hits: tuple[Hit, ...] = ()
    next_after: str = ""
    """The cursor of the next page; empty: nothing more matches."""
    is_cut: bool = False
    """So many messages were looked at that the page is not full; the next one goes on."""
    terms: QueryTerms = field(default_factory=QueryTerms)
    phrases: tuple[str, ...] = ()
    used_kiwi: bool = True
    """False: inflected words may be missed."""


def search_messages(
    viewer: Person,
    asked: Asked,
    client: LanguageClient | None,
    *,
    at: datetime,
    after: str = "",
    size: int = PAGE,
    visible: Visible | None = None,
) -> Found:
    """A page of hits. ``after``: ``next_after`` of the page before; anything unreadable begins at the top."""
    text = read_query(asked.text)
    terms, used_kiwi = analyse_query(text, client)
    spelled = tuple(phrases(text))
    seen = visible or visible_to(viewer)
    ids = [channel for channel in seen.ids if asked.channel_id in (None, channel)]
    if not terms or not ids:
        return Found(terms=terms, phrases=spelled, used_kiwi=used_kiwi)
    words = tsquery(terms)
    is_narrow = asked.channel_id is not None or not seen.is_all
    walk = _Walk(
        where=_Where.of(viewer, asked, ids, spelled),
        words=words,
        spelled=spelled,
        channels=any_of(f"c:{channel}" for channel in ids) if is_narrow else "",
        top=Place.read(after),
        begin=Place.read(after) or Place(at + timedelta(minutes=1), 0),
        size=size + 1,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # However many hits the planner expects, the table itself is never read through.
        cursor.execute(
            "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),"
            " set_config('max_parallel_workers_per_gather', '0', true)"
        )
        walk.go(cursor)
    rows = walk.rows[:size]
    next_after = ""
    if len(walk.rows) > size:
        next_after = str(Place(rows[-1][1], rows[-1][0]))
    elif walk.stopped_at:
        next_after = str(walk.stopped_at)
    is_cut = bool(walk.stopped_at) and len(walk.rows) <= size
    return Found(_hits([row[0] for row in rows]), next_after, is_cut, terms, spelled, used_kiwi)


@dataclass(frozen=True)
class _Where:
    """Conditions on the conversation ``c`` (and on the text of ``near``), the permission among them."""

    sql: str
    values: tuple[Any, ...]
    few: str
    """The conversations that a narrow filter leaves, as a query for ids; empty: the filter is wide."""
    few_values: tuple[Any, ...]

    @classmethod
    def of(cls, viewer: Person, asked: Asked, ids: list[int], spelled: Sequence[str]) -> _Where:
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
class _Walk:
    """The way back in time until the page is full."""

    where: _Where
    words: str
    spelled: tuple[str, ...]
    channels: str
    top: Place | None
    """Where the page before ended: what matches above it was shown there."""
    begin: Place
    size: int
    rows: list[tuple[int, datetime, int]] = field(default_factory=list)
    stopped_at: Place | None = None
    examined: int = 0
    probes: int = 0

    def go(self, cursor: Any) -> None:
        few = self._few(cursor)
        if few is not None:
            self._take(cursor, _FEW, [few, self.begin.last_at, self.begin.id, self.words])
            return
        for spans in spans_before(self.begin.last_at):
            for done in self._descend(cursor, spans):
                if len(self.rows) >= self.size:
                    return
                if self.examined >= EXAMINED_MAX or self.probes >= PROBES_MAX:
                    self.stopped_at = Place(start_of(done), 0)
                    return
        end = spans_end(self.begin.last_at)
        self._take(cursor, _NEAR, [self._query(()), min(end, self.begin.last_at), 0, EXAMINED_MAX])

    def _few(self, cursor: Any) -> list[int] | None:
        """The conversations of a narrow filter, where they are few."""
        if not self.where.few:
            return None
        cursor.execute(self.where.few, self.where.few_values)
        ids = [row[0] for row in cursor.fetchall()]
        return ids if len(ids) <= FEW else None

    def _descend(self, cursor: Any, spans: tuple[Span, ...]) -> Iterator[tuple[Span, ...]]:
        """Look into ``spans``; where they hold too much, into each of them, the newest first."""
        shorter = [(span,) for span in spans] if len(spans) > 1 else [spans[0].parts] if spans[0].level else []
        values = [self._query(spans), self.begin.last_at, self.begin.id, AT_ONCE + 1 if shorter else EXAMINED_MAX]
        if self._take(cursor, _NEAR, values, most=AT_ONCE if shorter else None):
            yield spans
            return
        for each in shorter:
            yield from self._descend(cursor, each)

    def _query(self, spans: tuple[Span, ...]) -> str:
        asked = [f"({self.words})", self.channels, any_of(span.lexeme for span in spans) if spans else ""]
        return " & ".join(filter(None, asked))

    def _take(self, cursor: Any, near: str, values: list[Any], most: int | None = None) -> bool:
        """Add what ``near`` finds and the viewer may see; False: it found more than ``most``, and nothing is added."""
        where = self.where.sql + " AND c.id <> ALL(%s)"
        taken = [row[2] for row in self.rows]
        # On a later page any of them may have been shown before: all are looked at.
        wanted = self.size - len(taken) if self.top is None else None
        cursor.execute(_SHOWN.format(near=near, where=where), [*values, *self.where.values, taken, wanted])
        found = cursor.fetchall()
        self.probes += 1
        self.examined += found[0][0]
        if most is not None and found[0][0] > most:
            return False
        fresh = [(pk, posted_at, conversation) for _, pk, posted_at, conversation in found if pk is not None]
        shown = self._shown_above(cursor, [row[2] for row in fresh])
        self.rows += [row for row in fresh if row[2] not in shown]
        del self.rows[self.size :]
        return True

    def _shown_above(self, cursor: Any, conversations: list[int]) -> set[int]:
        if self.top is None or not conversations:
            return set()
        values = [conversations, self.top.last_at, self.top.id, self.words, *self.spelled]
        cursor.execute(_ABOVE + _SPELLED * len(self.spelled), values)
        return {row[0] for row in cursor.fetchall()}


def _hits(ids: list[int]) -> tuple[Hit, ...]:
    if not ids:
        return ()
    found = {
        message.pk: message
        for message in Message.objects.filter(pk__in=ids)
        .defer("search")
        .select_related(
            "person", "conversation", "conversation__identity", "conversation__claimed_by", "conversation__assigned_to"
        )
    }
    return tuple(Hit(found[pk], found[pk].conversation) for pk in ids if pk in found)
