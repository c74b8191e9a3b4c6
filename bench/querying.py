"""The product's own queries against one hand-written statement for the same rows, on one connection of Django's.

Only the time inside the driver counts, on both sides: from handing a statement over to having its rows.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.asking import Kind, Series, is_spent


@dataclass
class Queries:
    """Milliseconds in the database, ours and bare."""

    ours: Series = field(default_factory=lambda: defaultdict(list))
    bare: Series = field(default_factory=lambda: defaultdict(list))


class _Clock:
    """Adds up what statements take (``connection.execute_wrapper``)."""

    def __init__(self) -> None:
        self.ms = 0.0

    def __call__(self, execute: Callable[..., Any], *rest: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*rest)
        finally:
            self.ms += (time.perf_counter() - began) * 1000


def measure_queries(rounds: list[list[Kind]]) -> Queries:
    """Needs Django set up on the large database. The first round only warms up."""
    from django.db import connection

    found = Queries()
    for number, kinds in enumerate(rounds):
        for turn, kind in enumerate(kinds):
            key = (kind.area, kind.name)
            ours, bare = _pair(kind)
            sides = [("ours", ours), ("bare", bare)]
            if (number + turn) % 2:
                sides.reverse()
            if is_spent(found.bare[key]):
                sides = [("ours", ours)]
            for name, call in sides:
                clock = _Clock()
                with connection.execute_wrapper(clock):
                    call()
                if number:
                    getattr(found, name)[key].append(clock.ms)
    return found


def _pair(kind: Kind) -> tuple[Callable[[], object], Callable[[], object]]:
    """The product's query function and the bare statement for one kind of request."""
    from django.db import connection
    from django.http import QueryDict

    from bench import bare
    from bench.floor import analysed
    from sotong.inbox.queries.lists import conversation_page
    from sotong.inbox.queries.search import search_messages
    from sotong.inbox.queries.threads import thread
    from sotong.inbox.queries.visible import visible_to
    from sotong.inbox.queries.walking import Asked
    from sotong.language.client import client_of_machine
    from sotong.people.models import Person
    from sotong.screens.queries.listing import filters_of

    viewer = Person.objects.get(pk=1)
    visible = visible_to(viewer)
    address = urlsplit(kind.page)

    def statement(made: tuple[str, list[Any]]) -> Callable[[], object]:
        def execute() -> object:
            with connection.cursor() as cursor:
                cursor.execute(*made)
                return cursor.fetchall()

        return execute

    channels = list(visible.ids)
    if kind.area == "list":
        asked = QueryDict(address.query)
        filters, after = filters_of(asked), asked.get("after", "")
        return (
            lambda: conversation_page(viewer, filters, after=after, visible=visible),
            statement(bare.list_query(address.query, viewer.pk, channels)),
        )
    if kind.area == "open":
        number = int(address.path.split("/")[2])
        return lambda: thread(viewer, number), statement(bare.thread_query(number, viewer.pk, channels))
    words = {name: values[0] for name, values in parse_qs(address.query).items()}
    wanted = Asked(text=words["q"], view=words.get("view", ""))
    return (
        lambda: search_messages(viewer, wanted, client_of_machine(), at=datetime.now(UTC), visible=visible),
        statement(bare.search_query(analysed(words["q"]), wanted.view, channels)),
    )
