"""The embedded database as ``up`` keeps it: begun first, begun again when it dies, stopped last."""

from __future__ import annotations

import time
from pathlib import Path

from sotong.cli.child import STEADY, pause_after
from sotong.cli.journal import Journal
from sotong.cli.words import say
from sotong.postgres.errors import PostgresError
from sotong.postgres.server import Server, start


class DatabaseKeeper:
    """Runs the server of a data folder. Its address stays the same for as long as the house stands."""

    name = "postgres"

    def __init__(self, data: Path, journal: Journal, *, connections: int) -> None:
        """``connections``: how many the house may hold at once."""
        self._data = data
        self._connections = connections
        self.journal = journal
        self._server: Server | None = None
        self._failures = 0
        self._began = 0.0
        self._next_try = 0.0
        self.restarts = 0
        self.last_exit: int | None = None
        self.since = time.time()

    @property
    def pid(self) -> int | None:
        return self._server.process.pid if self._server and self._server.process.poll() is None else None

    def begin(self) -> str:
        """Start it and return its address. Raises ``PostgresError``."""
        socket = self._server.socket if self._server else None
        self._server = start(self._data, sink=self.journal.take, socket=socket, connections=self._connections)
        self._began = time.monotonic()
        self.since = time.time()
        return self._server.url

    def tend(self, now: float) -> bool:
        """Begin it again where it has died and its pause is over. Returns whether something changed."""
        if self._server is None or self.pid is not None:
            return False
        if self._next_try == 0.0:
            self._noticed(now)
            return True
        if now < self._next_try:
            return False
        try:
            self.begin()
        except PostgresError as problem:
            self._failures += 1
            self._next_try = time.monotonic() + pause_after(self._failures)
            say(f"데이터베이스: {problem.korean}", f"database: {problem.english}")
            return True
        self._next_try = 0.0
        say("데이터베이스가 다시 돌아요", "The database runs again.")
        return True

    def stop(self, patience: float) -> None:
        """Stop it within about ``patience`` seconds."""
        if self._server is not None:
            self._server.stop(patience)

    def _noticed(self, now: float) -> None:
        assert self._server is not None  # noqa: S101
        self.last_exit = self._server.process.returncode
        self.restarts += 1
        self.since = time.time()
        self._failures = 1 if now - self._began > STEADY else self._failures + 1
        pause = pause_after(self._failures)
        self._next_try = now + pause
        last = f" · {self.journal.last}" if self.journal.last else ""
        say(
            f"데이터베이스가 끝나 버렸어요. {pause:g}초 뒤에 다시 시작해요{last}",
            f"The database ended; starting it again in {pause:g} s{last}",
        )
        self.journal.take(f"postgres ended with {self.last_exit}, next try in {pause:g} s", level="error")
