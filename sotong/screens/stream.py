"""/live/events: what changed, told to one open screen as server-sent events.

A screen that lost its connection sends ``Last-Event-ID`` and gets everything since, or a ``reload`` when the log no
longer reaches back that far. Every signal is checked against what the person may see at that moment.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar, cast

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from sotong.access import may, signed_in
from sotong.bus.listening import Subscription, listener
from sotong.bus.queries import Place, SignalRow, oldest_place, signals_after
from sotong.channels.queries.seen import channel_rows
from sotong.people.models import Person, Session
from sotong.settings.connections import LIVE_LOOKING

Given = ParamSpec("Given")
Found = TypeVar("Found")

HEARTBEAT = 10.0
"""Seconds between signs of life; the screen shows how old the last one is."""
RECHECK = 15.0
"""Seconds after which a person's rights are read again."""
RIGHTS_CHANGED = frozenset({"person", "session", "channel"})
LOOKING = ThreadPoolExecutor(LIVE_LOOKING, thread_name_prefix="looking")
"""The only threads that ask the database for open streams: however many there are, they hold no more connections."""


class Viewer:
    """What one person may see in one session, as of the last check."""

    def __init__(self, person_id: int, session_key: str) -> None:
        self.person_id = person_id
        self.session_key = session_key
        self.person: Person | None = None
        self.channels: frozenset[int] = frozenset()
        self.seen: frozenset[int] = frozenset()
        self.seen_before: frozenset[int] = frozenset()
        """At the check before: of the change that ends it a person is still told."""

    def refresh(self) -> None:
        """Read the person and their channels again. Who left, was deactivated or signed out sees nothing more."""
        is_signed_in = Session.objects.filter(
            session_key=self.session_key, person_id=self.person_id, expire_date__gt=timezone.now()
        ).exists()
        self.person = Person.objects.filter(pk=self.person_id, is_active=True).first() if is_signed_in else None
        person = self.person
        rows = channel_rows(person) if person is not None else []
        self.channels = frozenset(row.pk for row in rows if row.admits)
        manages = person is not None and may(person, "channels.manage")
        self.seen_before, self.seen = self.seen, frozenset(row.pk for row in rows if row.admits or manages)

    def admits(self, row: SignalRow) -> bool:
        """Whether this person may be told of ``row``."""
        if self.person is None or (row.person_id is not None and row.person_id != self.person_id):
            return False
        if row.permission != "signed_in" and not may(self.person, row.permission):
            return False
        if row.name == "channel":
            return row.channel_id in self.seen | self.seen_before
        return row.channel_id is None or row.channel_id in self.channels

    def may_admit(self, row: SignalRow) -> bool:
        """As ``admits``, for whoever reads their rights again before telling: a channel may just have become theirs."""
        return row.name == "channel" or self.admits(row)


async def _looked(question: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
    """The answer to a question to the database, asked on one of the few threads for that."""

    def ask() -> Found:
        close_old_connections()  # as before a request: one that died meanwhile is replaced
        try:
            return question(*given, **named)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(LOOKING, ask)


BEAT = ": beat\n\n"
"""A sign of life: the screen shows how old the last one is."""
RELOAD = "event: reload\ndata: {}\n\n"
"""The screen cannot catch up by events; it reads everything again."""


def frame(row: SignalRow) -> str:
    """One server-sent event. ``id`` in the data is the id of the thing that the event is named after."""
    ids = {**row.ids, "id": row.ids[row.name]} if row.name in row.ids else row.ids
    return f"id: {row.place}\nevent: {row.name}\ndata: {json.dumps(ids, separators=(',', ':'))}\n\n"


@signed_in
async def events(request: HttpRequest) -> StreamingHttpResponse:
    """The stream itself; served by the live processes."""
    user = cast(Person, await request.auser())
    viewer = Viewer(user.pk, request.session.session_key or "")
    await sync_to_async(viewer.refresh)()
    last = Place.read(request.headers.get("Last-Event-ID", "") or request.GET.get("after", ""))
    response = StreamingHttpResponse(_stream(viewer, last), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-cache, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response


async def _missed(viewer: Viewer, last: Place, upto: Place) -> list[str]:
    """What happened between ``last`` and ``upto``; a reload where the log does not reach back."""
    if last < await _looked(oldest_place) and last.id != 2**62:
        return [RELOAD]
    missed: list[str] = []
    while last < upto:
        rows = await _looked(signals_after, last)
        missed += [frame(row) for row in rows if row.place <= upto and viewer.admits(row)]
        if not rows or rows[-1].place >= upto:
            break
        last = rows[-1].place
    return missed


async def _stream(viewer: Viewer, last: Place | None) -> AsyncIterator[str]:
    await listener.start()
    subscription = Subscription(viewer.may_admit)
    listener.subscriptions.add(subscription)
    checked = asyncio.get_running_loop().time()
    try:
        yield f"retry: 1000\nid: {listener.place}\n\n{BEAT}"
        if last is not None:
            for text in await _missed(viewer, last, listener.place):
                yield text
        while True:
            row: SignalRow | None
            is_quiet = False
            try:
                row = await asyncio.wait_for(subscription.queue.get(), HEARTBEAT)
            except TimeoutError:
                row, is_quiet = None, True
                if listener.is_connected:
                    yield BEAT
            now = asyncio.get_running_loop().time()
            if now - checked > RECHECK or (row and row.name in RIGHTS_CHANGED):
                await _looked(viewer.refresh)
                checked = now
                if viewer.person is None:
                    yield RELOAD
                    return
            if row is None and not is_quiet:  # the queue ran over
                yield RELOAD
            elif row is not None and viewer.admits(row):
                yield frame(row)
    finally:
        listener.subscriptions.discard(subscription)
