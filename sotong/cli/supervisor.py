"""Keeps the children running until told to stop, then stops them all within five seconds."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from types import FrameType

from sotong.cli.child import Child
from sotong.cli.guard import Guard
from sotong.cli.keeper import DatabaseKeeper
from sotong.cli.places import Places
from sotong.cli.room import Room
from sotong.cli.state import ProcessState, write_state

TICK = 0.5
"""Seconds between two looks; a child's end is noticed at once."""
STATE_EVERY = 5.0
CHILDREN_SECONDS = 3.0
"""What children get between SIGTERM and SIGKILL."""
ALL_SECONDS = 4.4
"""What is left of this when the children are gone goes to the database's last checkpoint, and never less than
DATABASE_SECONDS. Cut off, the next start recovers from its log: nothing committed is lost."""
DATABASE_SECONDS = 1.3


class Stopping(BaseException):
    """Raised out of slow steps by a signal to stop."""


class Wake:
    """Ends a pause from within a signal's handler. ``threading.Event`` cannot: its lock is not re-entrant, so a signal
    that comes while another one's handler sets it waits for itself. ``SimpleQueue.put`` may be interrupted by itself.
    """

    def __init__(self) -> None:
        self._calls: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        self._calls.put(None)

    def wait(self, seconds: float) -> None:
        """Until somebody calls or called since the last wait, ``seconds`` at the most."""
        try:
            self._calls.get(timeout=seconds)
            while True:
                self._calls.get_nowait()
        except Empty:
            return


class Signals:
    """SIGINT, SIGTERM and SIGHUP mean: stop. A second one means: at once."""

    def __init__(self) -> None:
        self.count = 0
        self.wake = Wake()
        self._raises = False

    def install(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
                continue  # started under nohup: it is to outlive its terminal
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: self.wake.set())

    @contextmanager
    def interrupting(self) -> Iterator[None]:
        """Inside, a signal raises ``Stopping`` instead of waiting for the next look."""
        # Raising first: a signal that comes between these lines is then either counted already or raised.
        self._raises = True
        try:
            if self.count:
                raise Stopping
            yield
        finally:
            self._raises = False

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        self.wake.set()
        if self._raises:
            self._raises = False
            raise Stopping


class Supervisor:
    """``database`` is None where DATABASE_URL names one."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        database: DatabaseKeeper | None,
        signals: Signals,
        places: Places,
        address: str,
    ) -> None:
        self.children = children
        self.guard = Guard()
        self._database = database
        self._signals = signals
        self._places = places
        self._address = address
        self._started = time.time()
        self._state_due = 0.0
        self._room = Room(places.options.data)

    def run(self) -> None:
        """Keep everything running until a signal says stop."""
        while not self._signals.count:
            self.look()
            if not self._signals.count:
                self._signals.wake.wait(TICK)

    def look(self) -> None:
        """One round: whatever has ended, or is wanted or unwanted, is dealt with."""
        now = time.monotonic()
        try:
            with self._signals.interrupting():
                changed = bool(self._database and self._database.tend(now))
        except Stopping:
            return
        for child in self.children:
            changed = child.tend(now) or changed
        if changed or now >= self._state_due:
            self._state_due = now + STATE_EVERY
            self.write_state()
            self._room.look()

    def stop(self) -> None:
        """SIGTERM to all, SIGKILL to whoever is left, the database last."""
        for child in self.children:
            child.ask_to_stop()
        began = time.monotonic()
        while time.monotonic() - began < CHILDREN_SECONDS and self._signals.count < 2:
            if all(child.process is None or child.process.poll() is not None for child in self.children):
                break
            time.sleep(0.05)
        for child in self.children:
            child.kill()
        for child in self.children:
            if child.process is not None:
                child.process.wait()
        self.guard.close()
        if self._database:
            self._database.stop(max(DATABASE_SECONDS, ALL_SECONDS - (time.monotonic() - began)))
        self._places.state.unlink(missing_ok=True)

    def write_state(self) -> None:
        kept = [] if self._database is None else [_of_database(self._database)]
        write_state(
            self._places.state,
            address=self._address,
            sockets=self._places.sockets,
            started=self._started,
            processes=[*kept, *map(_of_child, self.children)],
        )


def _of_database(keeper: DatabaseKeeper) -> ProcessState:
    return ProcessState(
        name=keeper.name,
        state="running" if keeper.pid else "waiting",
        pid=keeper.pid,
        since=keeper.since,
        restarts=keeper.restarts,
        last_exit=keeper.last_exit,
    )


def _of_child(child: Child) -> ProcessState:
    return ProcessState(
        name=child.plan.name,
        state=child.state,
        pid=child.process.pid if child.process else None,
        since=child.since,
        restarts=child.restarts,
        last_exit=child.last_exit,
    )
