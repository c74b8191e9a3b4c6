"""A whole house under fault: ``sotong up`` on a data folder of its own, whose parts can be killed by kind.

Only the worker's command differs from the product's: it goes through ``armed.py``, which becomes the product's worker.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.house import STARTS_WITHIN
from sotong.cli import child, keeper, up
from sotong.cli.child import Plan
from sotong.cli.places import Places
from sotong.cli.state import ProcessState, read_state
from sotong.settings.options import options
from tests.servers.processes import die_with_parent

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("worker", "web", "postgres")
FAILPOINT_EXIT = 137


class House:
    """A running house. ``worker``, ``web`` and ``postgres`` may be killed; the supervisor starts them again."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port, self.practice_port = data, port, port + 1

    @property
    def run(self) -> Path:
        return self.data / "run"

    @property
    def database_url(self) -> str:
        return (self.run / "database-url").read_text()

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.database_url, autocommit=True, connect_timeout=3)

    def part(self, kind: str) -> ProcessState:
        state = read_state(self.run / "state.json")
        if state is None:
            raise RuntimeError("the house is not standing")
        return next(part for part in state.processes if part.name == kind)

    def wait_running(self, kind: str, seconds: float = 60.0) -> ProcessState:
        """The part, once it runs."""
        end = time.monotonic() + seconds
        while True:
            part = self.part(kind)
            if part.state == "running" and part.pid is not None and Path(f"/proc/{part.pid}").exists():
                return part
            if time.monotonic() > end:
                raise RuntimeError(f"{kind} did not come back within {seconds} s")
            time.sleep(0.05)

    def kill(self, kind: str) -> None:
        """kill -9 of that part, as soon as it runs, and wait until the supervisor has seen it."""
        part = self.wait_running(kind)
        assert part.pid is not None
        os.kill(part.pid, signal.SIGKILL)
        end = time.monotonic() + 10
        while self.part(kind).restarts == part.restarts and time.monotonic() < end:
            time.sleep(0.02)

    def arm(self, failpoints: str) -> None:
        """The next worker to start dies where this says."""
        (self.run / "failpoints").write_text(failpoints)

    def disarm(self) -> None:
        (self.run / "failpoints").unlink(missing_ok=True)

    def break_worker(self, name: str) -> None:
        """From its next start the worker is a broken build."""
        (self.run / "broken").write_text(name)

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.database_url, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except (psycopg.Error, OSError):
            return False
        return True


def free_pair() -> int:
    """A port of loopback that is free like its successor; runs at the same time look in different places."""
    for port in range(22000 + os.getpid() % 400 * 10, 30000, 10):
        with contextlib.suppress(OSError), socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", port))
            other.bind(("127.0.0.1", port + 1))
            return port
    raise RuntimeError("no free ports")


@contextmanager
def standing_house(data: Path, *, is_hasty: bool = False) -> Iterator[House]:
    """Start it, wait until it is ready, stop it at the end. ``RuntimeError`` with what it said when it does not.

    ``is_hasty``: the supervisor's pauses do not grow, for a run that has little time.
    """
    house = House(data, free_pair())
    said = data.with_suffix(".out")
    env = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "SOTONG_FAILPOINTS"}}
    env |= {
        "SOTONG_DATA": str(data),
        "SOTONG_PORT": str(house.port),
        "SOTONG_PRACTICE_PORT": str(house.practice_port),
        "LC_ALL": "C.UTF-8",
    }
    with said.open("wb") as out:
        command = [sys.executable, "-m", "tests.faults.house", *(["--hasty"] if is_hasty else [])]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdout=out,
            stderr=out,
            preexec_fn=die_with_parent(os.getpid(), signal.SIGTERM),  # noqa: PLW1509
        )
    try:
        end = time.monotonic() + STARTS_WITHIN
        while "Ready:" not in said.read_text(errors="replace"):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"the house did not start: {said.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)
        yield house
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def plans(places: Places) -> list[Plan]:
    armed = [sys.executable, "-m", "tests.faults.armed"]
    return [dataclasses.replace(plan, command=armed) if plan.name == "worker" else plan for plan in up.plans(places)]


def prepare(places: Places, environment: Mapping[str, str]) -> str | None:
    """As the product does, and note the database's address for the run."""
    note = places.run / "database-url"
    note.touch(mode=0o600)
    note.write_text(environment["DATABASE_URL"])
    return up.prepare(places, environment)


if __name__ == "__main__":
    if "--hasty" in sys.argv:
        vars(child)["STEADY"] = vars(keeper)["STEADY"] = 0.0
    sys.exit(up.open_house(options(), plans=plans, prepare=prepare))
