"""A child that no longer works is killed and begun again; one that is slow, or not to blame, is left alone."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from itertools import repeat
from pathlib import Path

import pytest

from sotong.cli.child import Child, Plan
from sotong.cli.guard import Guard
from sotong.cli.journal import Journal
from sotong.cli.questions import over_socket
from sotong.cli.watch import Patience, Watch
from sotong.postgres.tests.people import until

USUAL = Patience()
TICK = 0.5
ANSWERING = """
import pathlib, socket, sys, time
pathlib.Path(sys.argv[1]).unlink(missing_ok=True)
lines = socket.socket(socket.AF_UNIX)
lines.bind(sys.argv[1])
lines.listen()
for number in range(int(sys.argv[2])):
    line = lines.accept()[0]
    line.recv(1000)
    time.sleep(float(sys.argv[3]))
    line.sendall(b"HTTP/1.1 204 No Content\\r\\nConnection: close\\r\\n\\r\\n")
    line.close()
time.sleep(60)
"""


class House:
    """Looks at a watch every half second of a time that passes at once."""

    def __init__(self, answers: Iterator[bool], *, is_excused: Callable[[], bool] = lambda: False, times: int = 1):
        self.now = 1000.0
        self.watch = Watch(
            lambda seconds: next(answers), is_excused=is_excused, patience=USUAL, times=times, now=self.now
        )

    def passes(self, seconds: float) -> float | None:
        """What the watch says first within so many seconds."""
        ends = self.now + seconds
        while self.now < ends:
            self.now += TICK
            found = self.watch.look(self.now)
            asked = self.watch._asked
            assert asked is None or until(asked.done, 5.0)
            if found is not None:
                return found
        return None


def after(count: int, answer: bool, then: bool) -> Iterator[bool]:
    yield from repeat(answer, count)
    yield from repeat(then)


def test_a_child_that_falls_silent_hangs_after_half_a_minute():
    house = House(after(3, True, then=False))
    silence = house.passes(60)
    assert silence is not None
    assert USUAL.silent <= silence < USUAL.silent + 2 * TICK


def test_a_child_has_more_time_until_its_first_answer():
    house = House(repeat(False))
    assert house.passes(USUAL.at_start - 1) is None
    assert house.passes(2) is not None


def test_a_child_that_answers_now_and_then_does_not_hang():
    def answers() -> Iterator[bool]:
        while True:
            yield from (True, False, False, False, False)

    assert House(answers()).passes(900) is None


def test_a_child_that_hung_before_gets_more_patience():
    house = House(after(1, True, then=False), times=2)
    assert house.passes(2 * USUAL.silent - 1) is None
    assert house.passes(10) is not None


def test_nobody_hangs_while_the_database_is_gone():
    is_gone = [True]
    house = House(after(1, True, then=False), is_excused=lambda: is_gone[0])
    assert house.passes(600) is None
    is_gone[0] = False
    assert house.passes(USUAL.silent - USUAL.every - 1) is None
    assert house.passes(10) is not None


def test_a_machine_that_was_asleep_or_too_busy_for_the_house_itself_blames_nobody():
    house = House(after(1, True, then=False))
    for _ in range(20):
        assert house.passes(USUAL.silent - 2) is None
        house.now += 3600


def test_a_question_of_ours_that_breaks_blames_nobody():
    def breaks() -> Iterator[bool]:
        yield True
        raise RuntimeError

    assert House(breaks()).passes(300) is None


@pytest.fixture
def child(tmp_path: Path):
    """Makes a child of short patience that answers ``times`` times, each after ``pause`` seconds."""
    made: list[Child] = []

    def make(times: int, pause: float) -> Child:
        file, guard = tmp_path / "sock", Guard()
        command: list[str | Path] = [sys.executable, "-c", ANSWERING, file, str(times), str(pause)]
        patience = Patience(every=0.1, within=0.5, silent=1.0, at_start=20.0, late=2.0)
        plan = Plan(name="fake", command=command, question=lambda: over_socket(file), patience=patience)
        made.append(Child(plan, {}, Journal(tmp_path, "fake"), guard))
        return made[-1]

    yield make
    for one in made:
        one.kill()
        if one.process:
            one.process.wait()
        one._guard.close()


def tended(child: Child, seconds: float, *, ends: Callable[[], bool] = lambda: False) -> None:
    until_then = time.monotonic() + seconds
    while time.monotonic() < until_then and not ends():
        child.tend(time.monotonic())
        time.sleep(0.05)


def test_a_child_that_stops_answering_is_killed_begun_again_and_the_reason_is_told(child, capsys):
    one = child(5, 0.0)
    tended(one, 30.0, ends=lambda: one.restarts > 0)
    assert one.last_exit == -9
    tended(one, 10.0, ends=lambda: one.state == "running")
    assert one.state == "running"
    assert re.search(r"fake: did not answer for \d+ s and was killed; starting again in 0.5 s", capsys.readouterr().out)
    logged = one.journal.file.read_text().splitlines()
    assert len(logged) == 1
    assert json.loads(logged[0])["level"] == "error"
    assert "s and was killed, next try in 0.5 s" in logged[0]


def test_a_child_that_is_merely_slow_lives(child):
    one = child(1000, 0.35)
    tended(one, 6.0)
    assert one.restarts == 0
    assert one.state == "running"
