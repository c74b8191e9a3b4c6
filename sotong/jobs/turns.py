"""A worker's sign of life: its own loop tells whether it still takes up jobs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from procrastinate.connector import BaseConnector
from procrastinate.jobs import Job
from procrastinate.manager import JobManager

TURN_WITHIN = 30.0
"""Seconds without a look for jobs after which a loop with room for one hangs. An idle one looks every five."""
ASKED_WITHIN = 5.0
ALIVE = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


class Turns:
    """What the loop does. A job may take as long as it likes: with all ``slots`` taken the loop waits rightly."""

    def __init__(self, slots: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._slots = slots
        self._clock = clock
        self._taken = 0
        self._turned = clock()

    def turn(self) -> None:
        """The loop looks for a job."""
        self._turned = self._clock()

    async def around(self, work: Callable[[], Awaitable[Any]], context: object, worker: object) -> Any:
        """procrastinate's middleware: a job has a slot."""
        self._taken += 1
        try:
            return await work()
        finally:
            self._taken -= 1
            self.turn()

    def go_on(self) -> bool:
        """Whether the loop turns, or has no slot to turn for."""
        return self._taken >= self._slots or self._clock() - self._turned < TURN_WITHIN


class TurningJobs(JobManager):
    """procrastinate's job manager; each look for a job is a turn."""

    def __init__(self, connector: BaseConnector, turns: Turns) -> None:
        super().__init__(connector)
        self._turns = turns

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        self._turns.turn()
        return await super().fetch_job(queues, worker_id)


@asynccontextmanager
async def answering(turns: Turns, socket: Path | None) -> AsyncIterator[None]:
    """Inside, whoever asks at ``socket`` in HTTP gets an answer while the turns go on, and none once they do not.

    It runs in the worker's own loop: where that hangs, nobody is answered.
    """
    if socket is None:
        yield
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # Answered before it has asked, a client would find the line closed.
            await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), ASKED_WITHIN)
            if turns.go_on():
                writer.write(ALIVE)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            return
        finally:
            writer.close()

    socket.unlink(missing_ok=True)  # a killed predecessor leaves its own behind
    async with await asyncio.start_unix_server(answer, socket):
        try:
            yield
        finally:
            socket.unlink(missing_ok=True)
