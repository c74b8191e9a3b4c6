"""Starting houses in tests, and counting what they leave behind."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
import threading
from pathlib import Path

from sotong.cli.state import HouseState, ProcessState, read_state
from sotong.postgres.folders import Layout
from sotong.postgres.pidfile import living
from sotong.postgres.tests.people import CHECKOUT, PACKAGES, until


class House:
    """One ``up`` of its own process. ``words``: the module to run, the stand-in house unless told otherwise;
    ``program``: instead of Python and a module.
    """

    def __init__(
        self,
        data: Path,
        port: int,
        *,
        words: tuple[str, ...] = ("sotong.cli.tests.standing",),
        program: list[str] | None = None,
        uid: int | None = None,
        python: str = sys.executable,
        **environment: str,
    ) -> None:
        self.data = data
        self.port = port
        self.said: list[str] = []
        self.process = subprocess.Popen(
            program or [python, "-m", *words],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": f"{CHECKOUT}:{PACKAGES}",
                "PYTHONDONTWRITEBYTECODE": "1",
                "SOTONG_DATA": str(data),
                "SOTONG_PORT": str(port),
                **environment,
            },
            cwd="/",
            user=uid,
            group=None if uid is None else pwd.getpwuid(uid).pw_gid,
            extra_groups=None if uid is None else [],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())

    @property
    def text(self) -> str:
        return "\n".join(self.said)

    def says(self, words: str, seconds: float = 40.0) -> bool:
        return until(lambda: words in self.text or self.process.poll() is not None, seconds) and words in self.text

    def ends(self, seconds: float = 40.0) -> int:
        """Its exit code."""
        code = self.process.wait(seconds)
        self._reader.join(5.0)
        return code

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def state(self) -> HouseState | None:
        return read_state(self.data / "run" / "state.json")

    def child(self, name: str) -> ProcessState | None:
        found = self.state()
        return next((process for process in found.processes if process.name == name), None) if found else None

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def remains(data: Path) -> list[int]:
    """Every process of the house on ``data``, its database included."""
    mark = f"SOTONG_DATA={data}\0".encode()
    found = list(living(Layout(data)))
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            if mark in entry.joinpath("environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found
