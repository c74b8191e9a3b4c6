"""One process that ``up`` keeps running: begun, watched, begun again after a pause, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sotong.cli.guard import Guard
from sotong.cli.journal import Journal
from sotong.cli.questions import Question
from sotong.cli.watch import PATIENCE, Patience, Watch
from sotong.cli.words import say
from sotong.postgres.launch import launch

PAUSE_FIRST = 0.5
PAUSE_LONGEST = 5.0
"""Short, because meanwhile nothing is served or sent; long enough to spare the machine one that cannot start."""
STEADY = 10.0
"""Seconds after which a child counts as well again and its next pause is short."""
CALM = 600.0
"""Seconds after which one that hung before gets no more patience than the others."""
TIMES_MOST = 32


def pause_after(failures: int) -> float:
    """Seconds before the next try, after so many failures in a row: 0.5, 1, 2, 4, 5."""
    return float(min(PAUSE_FIRST * 2 ** max(0, failures - 1), PAUSE_LONGEST))


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to run. ``is_wanted`` is asked at every round; a child that is not wanted is stopped. ``question`` makes
    what each new process is asked to see whether it works; one that hangs is killed. Without a question nobody asks.
    """

    name: str
    command: Sequence[str | Path]
    is_wanted: Callable[[], bool] = lambda: True
    question: Callable[[], Question] | None = None
    patience: Patience = PATIENCE


class Child:
    """The life of one plan. All methods belong to the supervisor's thread."""

    def __init__(
        self,
        plan: Plan,
        environment: Mapping[str, str],
        journal: Journal,
        guard: Guard,
        *,
        is_excused: Callable[[], bool] = lambda: False,
    ) -> None:
        """``is_excused``: whether silence is not this child's fault; asked in a thread."""
        self.plan = plan
        self.journal = journal
        self.process: subprocess.Popen[bytes] | None = None
        self.since = time.time()
        """When the present state began, in seconds of the epoch."""
        self.restarts = 0
        self.last_exit: int | None = None
        self._environment = {**environment, "SOTONG_PROCESS": plan.name}
        self._guard = guard
        self._is_excused = is_excused
        self._watch: Watch | None = None
        self._silence: float | None = None
        """Seconds for which the process had not answered when it was killed for that."""
        self._times = 1
        self._failures = 0
        self._began = 0.0
        self._next_try = 0.0
        self._is_leaving = False
        self._left_at = 0.0

    @property
    def state(self) -> str:
        """running, waiting (for its next try) or off (not wanted)."""
        if self.process is not None:
            return "running"
        return "waiting" if self.plan.is_wanted() else "off"

    def tend(self, now: float) -> bool:
        """Begin, notice the end of, or stop the process; kill it where it hangs. ``now``: monotonic.

        Returns whether something changed.
        """
        if self.process is not None and self.process.poll() is not None:
            self._ended(now)
            return True
        wanted = self.plan.is_wanted()
        if self.process is None and wanted and now >= self._next_try:
            self._begin(now)
            return True
        if self.process is not None and not wanted and not self._is_leaving:
            self.ask_to_stop()
            return True
        if self.process is not None and not wanted and now - self._left_at > 3.0:
            self.kill()
        if self._watch is not None and not self._is_leaving:
            self._silence = self._watch.look(now)
            if self._silence is not None:
                self._watch = None
                self.kill()
        return False

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        self._is_leaving = True
        self._left_at = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def kill(self) -> None:
        """SIGKILL to the process and to all that it started."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def _begin(self, now: float) -> None:
        self._is_leaving = False
        self._began = now
        self.since = time.time()
        self.process = launch(self.plan.command, environment=self._environment)
        self._guard.add(self.process.pid)
        self._silence = None
        self._watch = self.plan.question and Watch(
            self.plan.question(),
            is_excused=self._is_excused,
            patience=self.plan.patience,
            times=self._times,
            now=time.monotonic(),
        )
        threading.Thread(target=self._read, args=(self.process,), daemon=True, name=f"{self.plan.name}-log").start()

    def _ended(self, now: float) -> None:
        assert self.process is not None  # noqa: S101
        pid, code = self.process.pid, self.process.returncode
        self.kill()  # what it started and left behind would hold its port
        self._guard.drop(pid)
        self.process = self._watch = None
        self.since = time.time()
        self.last_exit = code
        if self._is_leaving:
            say(f"{self.plan.name}: 멈췄어요", f"{self.plan.name}: stopped")
            self._failures, self._next_try = 0, 0.0
            return
        self.restarts += 1
        self._failures = 1 if now - self._began > STEADY else self._failures + 1
        pause = pause_after(self._failures)
        self._next_try = now + pause
        last = f" · {self.journal.last}" if code > 0 and self.journal.last else ""
        korean, english = f"끝나 버렸어요({_told(code)})", f"ended ({_told(code)})"
        if self._silence is not None:
            korean = f"{self._silence:.0f}초 동안 대답이 없어서 끝냈어요"
            english = f"did not answer for {self._silence:.0f} s and was killed"
            # Were the silence the question's fault, patience would still grow faster than harm is done.
            self._times = 2 if now - self._began > CALM else min(self._times * 2, TIMES_MOST)
        say(
            f"{self.plan.name}: {korean}. {pause:g}초 뒤에 다시 시작해요{last}",
            f"{self.plan.name}: {english}; starting again in {pause:g} s{last}",
        )
        self.journal.take(f"{self.plan.name} {pid} {english}, next try in {pause:g} s", level="error")

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        stream = process.stdout
        assert stream is not None  # noqa: S101
        for raw in iter(lambda: stream.readline(65536), b""):
            self.journal.take(raw.decode("utf-8", errors="replace"))
        stream.close()


def _told(code: int) -> str:
    if code < 0:
        try:
            return signal.Signals(-code).name
        except ValueError:
            return f"signal {-code}"
    return f"exit {code}"
