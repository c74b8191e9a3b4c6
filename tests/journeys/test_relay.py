"""The way from the web process to a live process: what is handed on, and when it is given up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from sotong import asgi

Answering = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
COOKIE = f"{settings.SESSION_COOKIE_NAME}=a".encode()


class Browser:
    """One request below /live/, as granian hands it on."""

    def __init__(self, *headers: tuple[bytes, bytes], method: str = "GET") -> None:
        self.scope = {
            "type": "http",
            "method": method,
            "path": "/live/events",
            "raw_path": b"/live/events",
            "query_string": b"after=1-2",
            "headers": [(b"host", b"127.0.0.1"), (b"cookie", COOKIE), *headers],
        }
        self.told: list[Any] = []
        self.leaves = asyncio.Event()

    async def visit(self) -> int:
        """Its status."""
        await asyncio.wait_for(asgi.web(self.scope, self._receive, self._send), 10)
        return int(self.told[0]["status"])

    async def _receive(self) -> dict[str, str]:
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.told.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.told)


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Answering], Any]:
    """Starts a live process of the test's own on the socket that the relay uses."""
    socket = tmp_path / "live.sock"
    monkeypatch.setenv("SOTONG_LIVE_SOCKET", str(socket))
    return lambda answering: asyncio.start_unix_server(answering, str(socket))


def test_what_access_asks_for_is_handed_on_and_nothing_else(live: Any) -> None:
    asked: list[bytes] = []

    async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: beat\n\n")
        writer.close()

    async def story() -> None:
        async with await live(answering):
            browser = Browser((b"sec-fetch-dest", b"empty"), (b"last-event-id", b"1-2"), (b"x-forwarded-for", b"::1"))
            assert await browser.visit() == 200
            assert browser.told[0]["headers"] == [(b"content-type", b"text/event-stream")]
            assert browser.body == b": beat\n\n"

    asyncio.run(story())
    lines = asked[0].split(b"\r\n")
    assert lines[0] == b"GET /live/events?after=1-2 HTTP/1.0"
    assert {b"sec-fetch-dest: empty", b"last-event-id: 1-2", b"cookie: " + COOKIE} < set(lines)
    assert b"forwarded" not in asked[0]


def test_live_process_that_says_nothing_is_given_up(live: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async def story() -> None:
        async with await live(answering):
            assert await Browser().visit() == 503

    monkeypatch.setattr(asgi, "ANSWERS_WITHIN", 0.2)
    asyncio.run(story())


def test_who_leaves_before_the_answer_frees_the_relay_at_once(live: Any) -> None:
    left = asyncio.Event()

    async def answering(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        browser.leaves.set()
        await reader.read()
        left.set()
        writer.close()

    async def story() -> None:
        async with await live(answering):
            await browser.visit()
            await asyncio.wait_for(left.wait(), 5)

    browser = Browser()
    asyncio.run(story())


def test_live_process_that_dies_before_or_within_its_answer_is_said(live: Any) -> None:
    async def dying(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if len(visits) == 1:
            writer.write(b"HTTP/1.0 200 OK\r\n\r\n: beat\n\n")
        writer.close()

    async def story() -> None:
        assert await Browser().visit() == 503
        async with await live(dying):
            visits.append(await Browser().visit())
            visits.append(await Browser().visit())

    visits: list[int] = []
    asyncio.run(story())
    assert visits == [503, 200]


def test_no_session_reaches_no_live_process(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        browser = Browser()
        browser.scope["headers"] = [(b"host", b"127.0.0.1")]
        assert await browser.visit() == 401
        assert await Browser(method="POST").visit() == 405

    monkeypatch.setenv("SOTONG_LIVE_SOCKET", "/nowhere")
    asyncio.run(story())
