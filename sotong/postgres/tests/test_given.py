"""The server that DATABASE_URL names: what is wrong with it is told in one sentence, without its password."""

from __future__ import annotations

import os
import socketserver
import struct
import threading

import pytest

from sotong.postgres.errors import PostgresError
from sotong.postgres.given import look_at
from sotong.settings.options import OptionError

ASKS_FOR_ENCRYPTION = (80877103, 80877104)


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    version = ""
    encoding = ""


class Greeter(socketserver.BaseRequestHandler):
    """Lets everybody in, says its version and encoding, and knows no more of the protocol."""

    def handle(self) -> None:
        while True:
            (length,) = struct.unpack("!I", self.request.recv(4))
            (code,) = struct.unpack("!I", self.request.recv(length - 4)[:4])
            if code not in ASKS_FOR_ENCRYPTION:
                break
            self.request.sendall(b"N")
        assert isinstance(self.server, Server)
        told = {"server_version": self.server.version, "server_encoding": self.server.encoding}
        answer = _message(b"R", struct.pack("!I", 0))
        for name, value in told.items():
            answer += _message(b"S", f"{name}\0{value}\0".encode())
        self.request.sendall(answer + _message(b"Z", b"I"))
        self.request.recv(1)


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body


@pytest.fixture
def greeter():
    made = []

    def make(version: str, encoding: str) -> str:
        server = Server(("127.0.0.1", 0), Greeter)
        server.version, server.encoding = version, encoding
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made.append(server)
        return f"postgresql://sotong:hunter2@127.0.0.1:{server.server_address[1]}/talk"

    yield make
    for server in made:
        server.shutdown()
        server.server_close()


def refused(url: str, problem: type[PostgresError] | type[OptionError] = PostgresError) -> tuple[str, str]:
    with pytest.raises(problem) as caught:
        look_at(url)
    assert isinstance(caught.value, (PostgresError, OptionError))
    for sentence in (caught.value.english, caught.value.korean):
        assert "\n" not in sentence
        assert "hunter2" not in sentence
        assert "DATABASE_URL" in sentence
    return caught.value.english, caught.value.korean


def test_server_that_is_too_old_is_named_with_what_would_do(greeter):
    english, korean = refused(greeter("13.22", "UTF8"))
    assert "is PostgreSQL 13.22, which is too old; use 14 or newer." in english
    assert "14 이상을 써 주세요" in korean


def test_database_that_cannot_hold_korean_is_refused(greeter):
    english, korean = refused(greeter("16.3", "SQL_ASCII"))
    assert "has the encoding SQL_ASCII" in english
    assert "UTF8" in korean


def test_server_that_does_not_answer_is_named_with_its_address():
    english, korean = refused("postgresql://sotong:hunter2@127.0.0.1:1/talk")
    assert english.startswith("The database of DATABASE_URL (127.0.0.1:1/talk) cannot be reached: Connection refused.")
    assert "연결할 수 없어요: Connection refused." in korean


def test_host_that_does_not_exist_is_told():
    refused("postgresql://sotong:hunter2@nowhere.invalid/talk")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://sotong:hunter2@127.0.0.1/talk",
        "postgresql://sotong:hunter2@[127.0.0.1/talk",
        "postgresql://sotong:hunter2@127.0.0.1/talk?hunter2",
        "host=127.0.0.1 password=hunter2",
        "postgresql://sotong:hunter2@127.0.0.1:5432/",
        "postgresql://sotong:hunter2@127.0.0.1",
    ],
)
def test_address_that_is_none_is_told_by_its_form(url):
    english, _ = refused(url, OptionError)
    assert "postgresql://user:password@host:port/name" in english


def test_server_that_can_be_used_tells_its_version_and_clock():
    seen = look_at(os.environ["DATABASE_URL"])
    assert int(seen.version.partition(".")[0]) >= 14
    assert seen.skew < 5.0
