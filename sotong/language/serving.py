"""Who is answered when: many clients, one Kiwi, short questions first, and no client that can stop the others."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from sotong.language.analysing import SLICE, WireReading, slices
from sotong.language.wire import HEADER_BYTES, READINGS_MAX, REQUEST_BYTES, TEXTS_MAX, framed, unframed

CLIENTS_MAX = 256
"""Connections held at a time; further ones are closed at once."""
IDLE_SECONDS = 60.0
FRAME_SECONDS = 5.0
"""How long a request that began to arrive may take to arrive, and an answer to be taken."""
_QUICK_CHARACTERS = 400
_STEP_SECONDS = 0.002
_TURNS = 10
"""Turns of the event loop between two steps: about as many as lie between a connection and its question."""

log = logging.getLogger(__name__)


class Reader(Protocol):
    """What reads texts: ``Analyser``, or a stand-in for it in tests that need no Kiwi."""

    version: str

    def readings(self, text: str, best: int) -> list[WireReading]: ...


@dataclass
class _Job:
    texts: deque[str]
    best: int
    is_wanted: Callable[[], bool]
    done: asyncio.Future[list[list[WireReading]]]
    found: list[list[WireReading]] = field(default_factory=list)
    begun: deque[str] | None = None


class Server:
    """Answers ``converse`` from what ``work`` reads; both run in one event loop."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._quick: deque[_Job] = deque()
        self._slow: deque[_Job] = deque()
        self._wake = asyncio.Event()
        self._open = 0
        self._answered = 0
        self._started = time.monotonic()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one client until it leaves, stalls or sends what cannot be a request."""
        if self._open >= CLIENTS_MAX:
            writer.close()
            return
        self._open += 1
        try:
            while await self._serve_one(reader, writer):
                self._answered += 1
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as gone:
            log.debug("a client left: %s", type(gone).__name__)
        except asyncio.CancelledError:
            log.debug("the process is ending")  # asyncio would print a traceback for each open connection
        finally:
            self._open -= 1
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        header = await asyncio.wait_for(reader.readexactly(HEADER_BYTES), IDLE_SECONDS)
        size = int.from_bytes(header, "big")
        if not 0 < size <= REQUEST_BYTES:
            answer: dict[str, Any] = {"error": f"a request has 1 to {REQUEST_BYTES} bytes"}
        else:
            body = await asyncio.wait_for(reader.readexactly(size), FRAME_SECONDS)
            try:
                answer = await self._answer(body, lambda: not reader.at_eof())
            except ValueError as wrong:
                answer = {"error": str(wrong)[:200]}
        writer.write(framed(answer))
        await asyncio.wait_for(writer.drain(), FRAME_SECONDS)
        return "error" not in answer

    async def _answer(self, body: bytes, is_wanted: Callable[[], bool]) -> dict[str, Any]:
        request = unframed(body)
        match request.get("op"):
            case "health":
                return {
                    "ok": True,
                    "kiwi": self._reader.version,
                    "pid": os.getpid(),
                    "uptime": round(time.monotonic() - self._started, 3),
                    "waiting": len(self._quick) + len(self._slow),
                    "answered": self._answered,
                }
            case "morphemes":
                return {"readings": await self._read(_texts(request), _best(request), is_wanted)}
        raise ValueError("op is health or morphemes")

    async def _read(self, texts: list[str], best: int, is_wanted: Callable[[], bool]) -> list[list[WireReading]]:
        job = _Job(deque(texts), best, is_wanted, asyncio.get_running_loop().create_future())
        (self._quick if sum(map(len, texts)) <= _QUICK_CHARACTERS else self._slow).append(job)
        self._wake.set()
        return await job.done

    async def work(self) -> None:
        """Read what was asked for, for ever: the quick ones first, the slow ones in turns."""
        while True:
            queue = self._quick or self._slow
            if not queue:
                self._wake.clear()
                await self._wake.wait()
                continue
            job = queue.popleft()
            self._step(job)
            if job.texts or job.begun:
                queue.append(job)
            elif not job.done.done():
                job.done.set_result(job.found)
            for _ in range(_TURNS):
                await asyncio.sleep(0)

    def _step(self, job: _Job) -> None:
        until = time.monotonic() + _STEP_SECONDS
        while time.monotonic() < until:
            if not job.is_wanted():
                job.texts.clear()
                job.begun = None
                return
            if job.begun:
                job.found[-1][0].extend(self._readings(job.begun.popleft(), 1)[0])
            elif job.texts:
                text = job.texts.popleft()
                if len(text) <= SLICE:
                    job.found.append(self._readings(text, job.best) if text else [[]])
                else:
                    job.begun = deque(slices(text))
                    job.found.append([[]])
            else:
                return

    def _readings(self, text: str, best: int) -> list[WireReading]:
        try:
            return self._reader.readings(text, best) or [[]]
        except Exception as problem:  # noqa: BLE001 - whatever Kiwi says of one text, the others are still read
            log.warning("a text of %d characters could not be read: %s", len(text), type(problem).__name__)
            return [[]]


def _texts(request: dict[str, Any]) -> list[str]:
    texts = request.get("texts")
    if not isinstance(texts, list) or len(texts) > TEXTS_MAX or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"texts is a list of at most {TEXTS_MAX} texts")
    return texts


def _best(request: dict[str, Any]) -> int:
    best = request.get("best", 1)
    if not isinstance(best, int) or not 1 <= best <= READINGS_MAX:
        raise ValueError(f"best is a number from 1 to {READINGS_MAX}")
    return best
