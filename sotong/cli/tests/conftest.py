"""A reachable data folder, and houses that never outlive their test."""

from __future__ import annotations

import shutil
import socket
import tempfile
from pathlib import Path

import pytest

from sotong.cli.tests.houses import House, remains
from sotong.postgres.tests.people import until


@pytest.fixture
def data():
    folder = Path(tempfile.mkdtemp(prefix="sotong-house-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def port() -> int:
    """A port that nothing listens on."""
    for number in range(14110, 14190):
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", number))
            except OSError:
                continue
            return number
    raise AssertionError("no free port from 14110 to 14189")


@pytest.fixture
def house(data, port):
    """Makes houses on ``data``: ``house(STAND_INS="steady")``."""
    made: list[House] = []

    def make(**given) -> House:
        made.append(House(given.pop("data", data), given.pop("port", port), **given))
        return made[-1]

    yield make
    for one in made:
        one.kill()
    assert until(lambda: not any(remains(one.data) for one in made), 15.0)
