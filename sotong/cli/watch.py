"""Whether a child still works: it is asked again and again, and only long silence counts.

Everything is measured between the looks of the house itself. Where those come late, the machine was asleep, stopped or
too busy, and nobody's silence says anything.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from sotong.cli.questions import Question


@dataclass(frozen=True, kw_only=True)
class Patience:
    """Seconds. ``every``: between two questions; ``within``: for an answer; ``silent``: without any answer until the
    child counts as hanging; ``at_start``: the same before its first answer; ``late``: between two looks of ours; it is
    less than ``within``: what holds the house up for less may hold a child up too, and it still answers in time.
    """

    every: float = 5.0
    within: float = 10.0
    silent: float = 30.0
    at_start: float = 120.0
    late: float = 6.0


PATIENCE = Patience()
IN_A_ROW = 3
"""Questions without an answer, at the least, until a child counts as hanging."""


class Watch:
    """Asks one process as long as it lives, each question in a thread that the house does not wait for.

    ``is_excused``: asked after a silence; True where the child cannot be blamed for it (its database does not
    answer or commit).
    """

    def __init__(
        self, question: Question, *, is_excused: Callable[[], bool], patience: Patience, times: int, now: float
    ) -> None:
        """``times``: how many times the usual patience."""
        self._question = question
        self._is_excused = is_excused
        self._patience = patience
        self._times = times
        self._has_answered = False
        self._heard = self._looked = now
        self._next = now
        self._missed = 0
        self._asked: Future[bool | None] | None = None
        self._counts = True
        """Whether silence on the present question counts."""

    def look(self, now: float) -> float | None:
        """One round; ``now``: monotonic. The seconds of its silence where the child hangs, else None."""
        if now - self._looked > self._patience.late:
            self._forgive(now)
        self._looked = now
        if self._asked is None:
            if now >= self._next:
                self._ask(now)
        elif self._asked.done():
            self._take(self._asked.result(), now)
        silence = now - self._heard
        limit = self._patience.silent if self._has_answered else self._patience.at_start
        return silence if self._missed >= IN_A_ROW and silence >= limit * self._times else None

    def _forgive(self, now: float) -> None:
        self._heard, self._missed, self._counts = now, 0, False

    def _ask(self, now: float) -> None:
        self._next = now + self._patience.every
        self._counts = True
        asked: Future[bool | None] = Future()
        self._asked = asked
        threading.Thread(target=self._wait, args=(asked,), daemon=True, name="asking").start()

    def _wait(self, asked: Future[bool | None]) -> None:
        try:
            answered = self._question(self._patience.within)
            asked.set_result(True if answered else None if self._is_excused() else False)
        except Exception:  # noqa: BLE001 - a question that fails by a fault of ours says nothing about the child
            asked.set_result(None)

    def _take(self, answered: bool | None, now: float) -> None:
        self._asked = None
        if answered:
            self._heard, self._missed, self._has_answered = now, 0, True
        elif answered is None:
            self._forgive(now)
        elif self._counts:
            self._missed += 1
