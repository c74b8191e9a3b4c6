"""The servers stop in time, whatever is open, and their workers do not outlive them."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sotong.postgres.tests.people import CHECKOUT, is_alive, until

SERVE = """
import sys
from pathlib import Path
from sotong.cli.serving import serve
serve("sotong.cli.tests.endless:app", port=int(sys.argv[1]), socket=Path(sys.argv[2]) if sys.argv[2] else None)
"""


@pytest.fixture(params=["port", "socket"])
def served(request, port, data):
    """A server of endless answers with few files to begin with, a connection to one, and a way to open another."""
    data.mkdir()
    path = data / "live.sock" if request.param == "socket" else None
    if path is not None:
        stale = socket.socket(socket.AF_UNIX)
        stale.bind(str(path))  # what a killed server leaves behind
        stale.close()
    server = subprocess.Popen(
        ["sh", "-c", 'ulimit -Sn 256; exec "$0" "$@"', sys.executable, "-c", SERVE, str(port), str(path or "")],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    made: list[socket.socket] = []
    assert until(lambda: opened(made, port, path), 30.0)
    yield server, made[0], lambda: opened(made, port, path)
    for line in made:
        line.close()
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def opened(made: list[socket.socket], port: int, path: Path | None) -> bool:
    line = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    line.settimeout(5.0)
    try:
        line.connect(str(path) if path else ("127.0.0.1", port))
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
    except (ConnectionError, FileNotFoundError):
        line.close()
        return False
    if path is not None:
        assert path.stat().st_mode & 0o777 == 0o600
    made.append(line)
    return True


def test_open_stream_does_not_hold_the_stop_up(served):
    server, stream, _ = served
    assert stream.recv(4096)
    began = time.monotonic()
    server.terminate()
    server.wait(10.0)
    assert time.monotonic() - began < 3.0


def test_worker_of_a_killed_listener_dies_with_it(served):
    server, _, _ = served
    inner = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True, check=True).stdout.split()
    assert inner
    server.kill()
    server.wait()
    assert until(lambda: not any(is_alive(int(pid)) for pid in inner), 3.0)


@pytest.fixture
def many_files():
    """This process may open more files than 1024."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, before[1]), before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_thousand_open_answers_leave_room_for_more(served, many_files):
    _, _, open_another = served
    assert all(open_another() for _ in range(1050))
