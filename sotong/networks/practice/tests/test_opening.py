"""What answers at the practice network's address may be another program; that is told apart from "not started"."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sotong.networks import errors
from sotong.networks.practice.opening import SECRET_FILE, AnotherProgram, make_company_account, wait_until_open


class Stranger(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_error(404)

    def do_POST(self) -> None:
        self.send_error(401)

    def log_message(self, *_words: object) -> None:
        """Says nothing."""


@pytest.fixture
def stranger() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Stranger)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_another_program_at_the_port_is_told_at_once(stranger: str, tmp_path: Path) -> None:
    with pytest.raises(AnotherProgram):
        wait_until_open(stranger, tmp_path, seconds=30, pause=lambda _seconds: None)


def test_practice_network_that_does_not_know_our_secret_is_another_one(stranger: str, tmp_path: Path) -> None:
    (tmp_path / SECRET_FILE).write_text("secret")
    with pytest.raises(AnotherProgram):
        make_company_account(stranger, tmp_path, "company", "Company")


def test_port_where_nobody_answers_is_no_other_program(tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:1"
    with pytest.raises(errors.Temporary) as caught:
        wait_until_open(nowhere, tmp_path, seconds=0, pause=lambda _seconds: None)
    assert not isinstance(caught.value, AnotherProgram)
