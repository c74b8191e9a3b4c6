"""Search over messages: newest first, under the list's filters and permission, at a cost that the page bounds.

How the index is asked (spans of time, the newest first) stands in ``rules.search``. A conversation is found once, at
its newest message that matches. One request looks at some thousand messages at most; where that was not enough to
fill the page, the page says so and the next one goes on from there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from sotong.inbox.models import Conversation, Message
from sotong.inbox.queries.frequencies import frequencies
from sotong.inbox.queries.lists import Place
from sotong.inbox.queries.visible import Visible, visible_to
from sotong.inbox.queries.walking import Asked, Walk, Where
from sotong.inbox.rules.search import any_of, phrases, read_query, share_of
from sotong.language.client import LanguageClient
from sotong.language.search import analyse_query
from sotong.language.tokens import Lexeme, QueryTerms, tsquery
from sotong.people.models import Person

PAGE = 30
WHOLE = "w"
"""Ends the cursor of pages with whole words only. Where those fill a page, words that merely begin alike are left out:
for a beginning, the index first gathers all that share it, on each question."""


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
    is_narrow = asked.channel_id is not None or not seen.is_all
    top = Place.read(after.removesuffix(WHOLE))

    def walk_for(sought: QueryTerms) -> Walk:
        return Walk(
            where=Where.of(viewer, asked, ids, spelled),
            words=tsquery(sought),
            spelled=spelled,
            channels=any_of(f"c:{channel}" for channel in ids) if is_narrow else "",
            top=top,
            until=Place(at + timedelta(minutes=1), 0),
            size=size + 1,
            expected=known.messages * share_of(sought, known.shares),
        )

    whole = _whole_words(terms)
    mark = WHOLE if whole != terms and (top is None or after.endswith(WHOLE)) else ""
    with transaction.atomic(), connection.cursor() as cursor:
        # However many hits the planner expects, the table itself is never read through.
        cursor.execute(
            "SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),"
            " set_config('max_parallel_workers_per_gather', '0', true)"
        )
        known = frequencies(cursor)
        walk = walk_for(whole if mark else terms)
        walk.go(cursor)
        if mark and top is None and not walk.goes_on:
            walk, mark = walk_for(terms), ""
            walk.go(cursor)
    rows = walk.rows[:size]
    next_after = ""
    if len(walk.rows) > size:
        next_after = str(Place(rows[-1][1], rows[-1][0])) + mark
    elif walk.stopped_at:
        next_after = str(walk.stopped_at) + mark
    is_cut = bool(walk.stopped_at) and len(walk.rows) <= size
    return Found(_hits([row[0] for row in rows]), next_after, is_cut, terms, spelled, used_kiwi)


def _whole_words(terms: QueryTerms) -> QueryTerms:
    """``terms`` without looking for beginnings of words."""
    return QueryTerms(
        tuple(tuple(tuple(Lexeme(each.text) for each in alternative) for alternative in word) for word in terms.words)
    )


def _hits(ids: list[int]) -> tuple[Hit, ...]:
    if not ids:
        return ()
    found = {
        message.pk: message
        for message in Message.objects.filter(pk__in=ids)
        .defer("search")
        .select_related(
            "person",
            "delivery",
            "conversation",
            "conversation__identity",
            "conversation__claimed_by",
            "conversation__assigned_to",
        )
    }
    return tuple(Hit(found[pk], found[pk].conversation) for pk in ids if pk in found)
