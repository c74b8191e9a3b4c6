"""One real language process for all tests of a module that ask for it: loading Kiwi takes seconds."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sotong.language.client import LanguageClient

ROOT = Path(__file__).resolve().parents[3]
LOAD_SECONDS = 60.0


class Running:
    """A language process that a test started, and a client of it."""

    def __init__(self, socket_path: Path, *options: str) -> None:
        self.socket_path = socket_path
        self.client = LanguageClient(socket_path)
        self.options = options
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "sotong.language.process", str(self.socket_path), *self.options]
        self.process = subprocess.Popen(command, cwd=ROOT)

    def wait_until_ready(self) -> None:
        until = time.monotonic() + LOAD_SECONDS
        while self.client.health(1.0) is None:
            assert self.process.poll() is None, "the language process ended while it loaded"
            assert time.monotonic() < until, self.client.last_problem
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)


@pytest.fixture(scope="module")
def language() -> Iterator[Running]:
    """A process that has loaded Kiwi and answers."""
    with tempfile.TemporaryDirectory(prefix="language-") as folder:
        running = Running(Path(folder) / "run" / "language.sock")
        try:
            running.wait_until_ready()
            yield running
        finally:
            running.stop()
