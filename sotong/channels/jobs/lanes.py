"""Lanes: a few threads of its own for each channel and each kind of call, so that a dead network delays no other.

A job only says that there is work; the lane does it. What a lane has not finished when the process dies is found again
by the sweep, because the rows say how far it got.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from django.db import connections

log = logging.getLogger(__name__)

WIDTH = {"send": 3, "poll": 1, "look": 1, "remove": 1, "examine": 1, "connect": 3}
"""Threads of one channel for each kind of call."""
IDLE = 20.0
"""Seconds after which a thread without work ends and gives its database connection back."""
DRAIN = 3.0
"""Seconds that a stopping process gives to calls that are under way."""

Work = Callable[[], object]


class Lane:
    """At most ``width`` threads for one channel and one kind of call, and no queue longer than that."""

    def __init__(self, name: str, width: int) -> None:
        self.name = name
        self.width = width
        self._waiting: deque[Work] = deque()
        self._condition = threading.Condition()
        self._threads = 0
        self._idle = 0

    def offer(self, work: Work) -> bool:
        """Give ``work`` to a free thread; False when all are busy: the next sweep offers it again."""
        with self._condition:
            if is_stopping.is_set():
                return False
            if self._idle > len(self._waiting):
                self._waiting.append(work)
                self._condition.notify()
                return True
            if self._threads >= self.width:
                return False
            self._threads += 1
            self._waiting.append(work)
        threading.Thread(target=self._run, name=self.name, daemon=True).start()
        return True

    @property
    def free(self) -> int:
        with self._condition:
            return self.width - self._threads + max(0, self._idle - len(self._waiting))

    @property
    def busy(self) -> int:
        with self._condition:
            return self._threads - self._idle

    def _next(self) -> Work | None:
        with self._condition:
            self._idle += 1
            try:
                if not self._waiting:
                    self._condition.wait(IDLE)
                if self._waiting:
                    return self._waiting.popleft()
                self._threads -= 1
                return None
            finally:
                self._idle -= 1

    def _run(self) -> None:
        while (work := self._next()) is not None:
            try:
                work()
            except Exception:
                # The row still says what is left to do; the sweep finds it.
                log.exception("work in lane %s ended with an error", self.name)
                connections.close_all()
        connections.close_all()


class Lanes:
    """All lanes of this process."""

    def __init__(self) -> None:
        self._lanes: dict[tuple[str, int], Lane] = {}
        self._lock = threading.Lock()

    def lane(self, kind: str, channel_id: int) -> Lane:
        with self._lock:
            found = self._lanes.get((kind, channel_id))
            if found is None:
                found = self._lanes[kind, channel_id] = Lane(f"{kind}:{channel_id}", WIDTH[kind])
            return found

    def busy(self) -> int:
        """How many calls are under way in this process."""
        with self._lock:
            return sum(lane.busy for lane in self._lanes.values())

    def drain(self, seconds: float = DRAIN) -> bool:
        """Take no more work and wait for what is under way; False when some of it is left to the sweep."""
        is_stopping.set()
        end = time.monotonic() + seconds
        while self.busy() and time.monotonic() < end:
            time.sleep(0.02)
        return not self.busy()


is_stopping = threading.Event()
lanes = Lanes()
atexit.register(lanes.drain)
