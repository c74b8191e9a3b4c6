"""What senders without an account can do to the pages by the bodies that they send, on real sockets."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPException

import pytest
from django.conf import settings

from sotong.postgres.tests.people import CHECKOUT, until

SERVE = "import sys; from sotong.cli.serving import serve; serve('sotong.asgi:web', port=int(sys.argv[1]))"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def web(port):
    """The port of a web process; the database is not needed for what is asked of it here."""
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "SOTONG_WEB_THREADS": "2"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert until(lambda: answers(port), 60.0)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def answers(port: int, within: float = 2.0) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=within)
    try:
        line.request("GET", "/health")
        return bool(line.getresponse().read())
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def begun(port: int, length: int, *, kind: str = FORM) -> socket.socket:
    """A request to sign in with an invented cookie, and the first byte of its body."""
    line = socket.create_connection(("127.0.0.1", port), timeout=10.0)
    head = [
        "POST /accounts/login/ HTTP/1.1",
        "Host: 127.0.0.1",
        f"Cookie: {settings.CSRF_COOKIE_NAME}=rD0JyTKssOh7Lrwh5SsyhwTK11YXVGUe",
        f"Content-Type: {kind}",
        f"Content-Length: {length}",
    ]
    line.sendall("\r\n".join([*head, "", "a"]).encode())
    return line


def told(line: socket.socket) -> bytes:
    """All that is said until the line is closed."""
    parts = []
    while part := line.recv(65536):
        parts.append(part)
    return b"".join(parts)


def test_bodies_that_do_not_come_keep_nobody_from_the_pages(web):
    with ExitStack() as open_lines:
        for _ in range(12):
            open_lines.enter_context(begun(web, 1000))
        time.sleep(0.5)
        began = time.monotonic()
        assert answers(web)
        assert time.monotonic() - began < 2.0


def test_what_a_stranger_may_not_send_is_refused_in_words_before_it_is_read(web):
    size, sent = 50_000_000, 1
    with begun(web, size, kind="multipart/form-data; boundary=x") as line:
        try:
            while sent < size:
                sent += line.send(b"a" * 65536)
        except OSError:
            assert sent < size
        answer = told(line)
    assert answer.startswith(b"HTTP/1.1 413")
    assert "너무 커서" in answer.decode()
    assert sent < size / 2
