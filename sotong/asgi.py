"""The two server applications.

``web``   pages: Django's WSGI application on a pool of threads (its views are synchronous, and a thread keeps its
          database connection); requests below /live/ are passed on to a live process over its Unix socket.
``live``  server-sent events: one asyncio process holds every open screen.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from a2wsgi import WSGIMiddleware

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sotong.settings.site")

from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

from sotong.access.declaring import require_declared
from sotong.settings.options import options

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

live = get_asgi_application()
require_declared()
_pages = WSGIMiddleware(get_wsgi_application(), workers=options().web_threads)  # type: ignore[arg-type]

FORWARDED = frozenset({b"cookie", b"host", b"accept-language", b"last-event-id", b"user-agent", b"origin"})


def live_socket() -> Path:
    """Where the live process listens."""
    return Path(os.environ.get("SOTONG_LIVE_SOCKET") or options().run / "live.sock")


async def web(scope: Scope, receive: Receive, send: Send) -> None:
    """Pages, and the way through to the live process."""
    if scope["type"] == "http" and scope["path"].startswith("/live/"):
        await _pass_on(scope, receive, send)
    elif scope["type"] == "http":

        async def taken() -> MutableMapping[str, Any]:
            # Granian's receive() gives an awaitable; a2wsgi needs a coroutine to run from its thread.
            return await receive()

        await _pages(scope, taken, send)  # type: ignore[arg-type]


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"retry-after", b"1")]})
    await send({"type": "http.response.body", "body": b""})


async def _pass_on(scope: Scope, receive: Receive, send: Send) -> None:
    """Relay a GET. Asked with HTTP/1.0, the live process answers without chunks, so its bytes pass as they are."""
    if scope["method"] != "GET":
        await _refuse(send, 405)
        return
    try:
        reader, writer = await asyncio.open_unix_connection(str(live_socket()))
    except OSError:
        await _refuse(send, 503)
        return
    path = scope["raw_path"].decode("ascii", "replace").replace("\r", "").replace("\n", "")
    query = f"?{scope['query_string'].decode('ascii', 'replace')}" if scope["query_string"] else ""
    lines = [f"GET {path}{query} HTTP/1.0".encode()]
    lines += [name + b": " + value for name, value in scope["headers"] if name in FORWARDED]
    writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
    gone = asyncio.create_task(_disconnected(receive))
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        headers = [tuple(part.strip() for part in line.split(b":", 1)) for line in head[1:] if b":" in line]
        kept = [
            (name.lower(), value) for name, value in headers if name.lower() not in {b"connection", b"content-length"}
        ]
        await send({"type": "http.response.start", "status": int(head[0].split()[1]), "headers": kept})
        while not gone.done():
            chunk = asyncio.ensure_future(reader.read(65536))
            await asyncio.wait({chunk, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not chunk.done():
                chunk.cancel()
                break
            if not chunk.result():
                break
            await send({"type": "http.response.body", "body": chunk.result(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError, IndexError):
        # The live process ended; the screen reconnects by itself and replays what it missed.
        await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        writer.close()


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
