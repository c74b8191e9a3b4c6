"""The two server applications.

``web``   pages: Django's WSGI application on a pool of threads (its views are synchronous, and a thread keeps its
          database connection), which begin when the body is there; requests below /live/ are passed on to a live
          process over its Unix socket.
``live``  server-sent events: one asyncio process holds every open screen. Both let in only so many of them.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from a2wsgi import WSGIMiddleware
from asgiref.sync import ThreadSensitiveContext

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sotong.settings.site")

import django
from django.core.handlers.asgi import ASGIHandler
from django.core.wsgi import get_wsgi_application

from sotong.access.admission import Admission, Message, Receive, Scope, Send, refuse
from sotong.access.bodies import WholeBodies
from sotong.access.declaring import require_declared
from sotong.settings.options import options

FORWARDED = frozenset(
    {b"cookie", b"host", b"accept-language", b"last-event-id", b"user-agent", b"origin", b"sec-fetch-dest"}
)
"""What the live process is told of a request: all that its middleware and its view ask for."""
ANSWERS_WITHIN = 15.0
"""Seconds after which a live process that has not begun to answer is given up."""


class LiveHandler(ASGIHandler):
    """Django's ASGI application, but all requests share one thread, and so one database connection.

    Django's own gives each request a thread for as long as its answer stays open, and each of those keeps a connection:
    many open screens used the database up.
    """

    def __init__(self) -> None:
        super().__init__()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="opening")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        async with ThreadSensitiveContext(executor=self._thread):
            await self.handle(scope, receive, send)  # type: ignore[arg-type]


django.setup(set_prefix=False)
require_declared()

from sotong.inbox.actions.images import UPLOAD_MAX  # noqa: E402 - its models need Django set up

BODY_MOST = UPLOAD_MAX * 3 // 2
"""Bytes of a request's body: an image and its form, with room so that one a little too large gets its own answer."""
live = Admission(LiveHandler())
_threads = WSGIMiddleware(get_wsgi_application(), workers=options().web_threads)  # type: ignore[arg-type]


async def _in_threads(scope: Scope, receive: Receive, send: Send) -> None:
    await _threads(scope, receive, send)  # type: ignore[arg-type]


_pages = WholeBodies(_in_threads, most=BODY_MOST)


def live_socket() -> Path:
    """Where the live process listens."""
    return Path(os.environ.get("SOTONG_LIVE_SOCKET") or options().run / "live.sock")


async def web(scope: Scope, receive: Receive, send: Send) -> None:
    """Pages, and the way through to the live process."""
    if scope["type"] == "http" and scope["path"].startswith("/live/"):
        await _relay(scope, receive, send)
    elif scope["type"] == "http":
        await _pages(scope, receive, send)


async def _pass_on(scope: Scope, receive: Receive, send: Send) -> None:
    """Relay a GET until either side has gone."""
    if scope["method"] != "GET":
        await refuse(send, 405)
        return
    try:
        reader, writer = await asyncio.open_unix_connection(str(live_socket()))
    except OSError:
        await refuse(send, 503, again_seconds=1)
        return
    writer.write(_request(scope))
    gone = asyncio.create_task(_disconnected(receive))
    try:
        head = await _next(reader.readuntil(b"\r\n\r\n"), gone, within=ANSWERS_WITHIN)
        if head is None:
            await refuse(send, 503)
            return
        await send({"type": "http.response.start", **_answer(head)})
        while chunk := await _next(reader.read(65536), gone):
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        # Where the live process ended, the screen reconnects by itself and replays what it missed.
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        writer.close()


_relay = Admission(_pass_on)


def _request(scope: Scope) -> bytes:
    """Asked with HTTP/1.0, the live process answers without chunks, so its bytes pass as they are."""
    path = scope["raw_path"].decode("ascii", "replace").replace("\r", "").replace("\n", "")
    query = f"?{scope['query_string'].decode('ascii', 'replace')}" if scope["query_string"] else ""
    lines = [f"GET {path}{query} HTTP/1.0".encode()]
    lines += [name + b": " + value for name, value in scope["headers"] if name in FORWARDED]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _answer(head: bytes) -> Message:
    """Status and headers of an answer that begins with ``head``."""
    lines = head.split(b"\r\n")
    headers = [tuple(part.strip() for part in line.split(b":", 1)) for line in lines[1:] if b":" in line]
    kept = [(name.lower(), value) for name, value in headers if name.lower() not in {b"connection", b"content-length"}]
    return {"status": int(lines[0].split()[1]), "headers": kept}


async def _next(
    reading: Coroutine[Any, Any, bytes], gone: asyncio.Task[None], within: float | None = None
) -> bytes | None:
    """What the live process says next; empty at its end, None where it broke off, is late or nobody listens now."""
    said = asyncio.ensure_future(reading)
    await asyncio.wait({said, gone}, timeout=within, return_when=asyncio.FIRST_COMPLETED)
    if not said.done():
        said.cancel()
        return None
    try:
        return said.result()
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return None


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
