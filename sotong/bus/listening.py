"""One listener a process: wakes on the database's notification and hands certain signals to every open screen."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import psycopg
from django.db import connections

from sotong.bus.actions import CHANNEL
from sotong.bus.queries import AFTER, Place, SignalRow, row_to_signal

log = logging.getLogger(__name__)

BACKLOG = 2000
"""Signals that a slow screen may owe before it is told to reload; bounds the memory."""
IDLE_WAIT = 5.0
"""Seconds after which the log is read even though nobody called."""
PENDING_WAIT = 0.02
"""Seconds until the next look while a row waits for an older transaction to end."""
RECONNECT_WAIT = 1.0
PENDING = "SELECT EXISTS (SELECT 1 FROM event_log WHERE (txid, id) > (%s, %s))"
NEWEST = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1"


class Subscription:
    """One open screen's place in the stream. ``admits`` decides which signals it gets."""

    def __init__(self, admits: Callable[[SignalRow], bool]) -> None:
        self.admits = admits
        self.queue: asyncio.Queue[SignalRow | None] = asyncio.Queue(BACKLOG)
        """None: the screen fell behind or the log was lost; reload."""

    def offer(self, row: SignalRow) -> None:
        if not self.admits(row):
            return
        try:
            self.queue.put_nowait(row)
        except asyncio.QueueFull:
            while not self.queue.empty():
                self.queue.get_nowait()
            self.queue.put_nowait(None)


class Listener:
    """Follows the event log from the moment it starts and fans it out."""

    def __init__(self) -> None:
        self.subscriptions: set[Subscription] = set()
        self.place = Place()
        self.is_connected = False
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen (once); returns when the place in the log is known."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        await asyncio.wait_for(self._ready.wait(), 10)

    async def _connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        settings = connections["default"].get_connection_params()
        parts = {key: settings[key] for key in ("dbname", "user", "password", "host", "port") if settings.get(key)}
        return await psycopg.AsyncConnection.connect(**parts, autocommit=True, application_name="sotong-listener")

    async def _run(self) -> None:
        while True:
            try:
                async with await self._connect() as connection:
                    await self._follow(connection)
            except (psycopg.Error, OSError) as problem:
                self.is_connected = False
                log.warning("the event listener lost the database: %s", type(problem).__name__)
                await asyncio.sleep(RECONNECT_WAIT)

    async def _follow(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        await connection.execute(f"LISTEN {CHANNEL}")
        if not self._ready.is_set():
            cursor = await connection.execute(NEWEST)
            row = await cursor.fetchone()
            self.place = Place(int(str(row[0])) if row else 0, 2**62)
            self._ready.set()
        self.is_connected = True
        wait = 0.0
        while True:
            async for _note in connection.notifies(timeout=wait, stop_after=1):
                pass
            wait = await self._deliver(connection)

    async def _deliver(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> float:
        """Hand on what became certain; returns how long to wait for the next call."""
        while True:
            cursor = await connection.execute(AFTER, [self.place.txid, self.place.id, 500])
            rows = [row_to_signal(row) for row in await cursor.fetchall()]
            for row in rows:
                for subscription in tuple(self.subscriptions):
                    subscription.offer(row)
                self.place = row.place
            if len(rows) < 500:
                break
        cursor = await connection.execute(PENDING, [self.place.txid, self.place.id])
        found = await cursor.fetchone()
        return PENDING_WAIT if found and found[0] else IDLE_WAIT


listener = Listener()
"""This process's listener."""
