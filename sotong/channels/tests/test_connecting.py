"""Connecting for real: the job, the connector and a server that answers wrongly."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db.models.functions import Now

from sotong.audit.models import Entry
from sotong.channels.actions.connecting import TRIES, begin_connecting, start_connecting
from sotong.channels.actions.credentials import read_credentials
from sotong.channels.jobs.connecting import connect
from sotong.channels.models import Channel, Connecting
from sotong.egress.door import Egress
from sotong.networks import registry

SECRET = "abcd-planted-efgh"


@pytest.fixture
def server() -> Iterator[Callable[[int, dict[str, str], bytes], str]]:
    """Start a server that gives every request the same answer; its address."""
    running: list[ThreadingHTTPServer] = []

    def start(status: int, headers: dict[str, str], body: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("content-length") or 0))
                self.send_response(status)
                for name, value in {"content-length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *given: Any) -> None:
                """Quiet."""

        one = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=one.serve_forever, daemon=True).start()
        running.append(one)
        return f"http://127.0.0.1:{one.server_port}"

    yield start
    for one in running:
        one.shutdown()
        one.server_close()


def attempt(address: str) -> Connecting:
    start_connecting(
        manifest=registry.manifest("bluesky"),
        values={"handle": "brand.example", "app_password": SECRET, "base_url": address},
        by=None,
        at=datetime.now(UTC),
    )
    work = begin_connecting()
    assert work is not None
    connect(work)
    return Connecting.objects.get()


ANSWERS = {
    "a wrong password": (401, {}, json.dumps({"error": "AuthenticationRequired", "message": "no"}), "Unauthorized"),
    "too many tries": (429, {"retry-after": "30"}, json.dumps({"error": "RateLimitExceeded"}), "RateLimited"),
    "a web page": (200, {"content-type": "text/html"}, "<!doctype html><p>hello", "NotTheNetwork"),
    "an API of another kind": (404, {}, json.dumps({"error": "not_found"}), "NotUnderstood"),
    "a server that cannot": (501, {}, json.dumps({"error": "MethodNotImplemented"}), "NotTheNetwork"),
    "a redirect": (302, {"location": "https://elsewhere.example"}, "", "Temporary"),
}


@pytest.mark.django_db
def test_a_try_whose_workers_died_keeps_no_secret() -> None:
    values = {"handle": "brand.example", "app_password": SECRET}
    start_connecting(manifest=registry.manifest("bluesky"), values=values, by=None, at=datetime.now(UTC))
    for _ in range(TRIES):
        assert begin_connecting() is not None
        Connecting.objects.update(lease_until=Now())
    assert begin_connecting() is None
    row = Connecting.objects.get()
    assert (row.state, row.problem, bytes(row.credentials)) == ("failed", "Interrupted", b"")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ANSWERS)
def test_a_refusal_is_told_apart_and_keeps_all_but_the_secret(name: str, server: Any, caplog: Any) -> None:
    status, headers, body, problem = ANSWERS[name]
    row = attempt(server(status, headers, body.encode()))
    assert (row.state, row.problem) == ("failed", problem)
    assert read_credentials(row).keys() == {"handle", "base_url"}
    assert SECRET not in f"{caplog.text}{row.problem_detail}{list(Entry.objects.values())}"
    assert not Channel.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("http://127.0.0.1:9", "Unreachable"),
        ("https://169.254.169.254", "Blocked"),
        ("https://[fe80::1]", "Blocked"),
        ("https://0.0.0.0:80", "Blocked"),
        ("gopher://127.0.0.1", "Blocked"),
    ],
)
def test_an_address_that_cannot_be_reached_says_so(address: str, problem: str) -> None:
    assert attempt(address).problem == problem


@pytest.mark.django_db
def test_a_password_that_would_leave_in_clear_text_never_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: Any, **named: Any) -> None:
        raise AssertionError(f"a request went out: {given}")

    monkeypatch.setattr(Egress, "request", never)
    assert attempt("http://pds.example").problem == "Blocked"
