"""The server: which face answers, what every answer carries, and starting and stopping."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from sotong_practice.api.dispatch import Api
from sotong_practice.exchange import JSON_MAX, Answer, Request, error_answer
from sotong_practice.files import serve_media, serve_static
from sotong_practice.network import Network
from sotong_practice.pages.dispatch import Pages
from sotong_practice.refusals import Refusal
from sotong_practice.verbs.pictures import BYTES_MAX
from sotong_practice.wire import Wire

REVEAL_EVERY = 0.1
STOP_SECONDS = 1.5
FORM_MAX = 4 * BYTES_MAX + 2 * 1024 * 1024
"""A page's form: four images and its texts."""

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


@dataclass(frozen=True, kw_only=True)
class Options:
    host: str = "127.0.0.1"
    port: int = 8471
    folder: Path
    allowed_hosts: tuple[str, ...] = ()
    font: Path | None = None


class Site:
    """Answers requests for one network."""

    def __init__(self, network: Network, options: Options) -> None:
        self._network = network
        self._api = Api(network)
        self._pages = Pages(network, has_font=options.font is not None)
        self._font = options.font
        named = {"localhost", "127.0.0.1", "[::1]", options.host.lower(), *map(str.lower, options.allowed_hosts)}
        self._hosts = named - {"0.0.0.0", "::"}  # noqa: S104  a wildcard is no name

    async def respond(self, request: Request) -> Answer:
        answer = await self._respond(request)
        try:
            await self._network.truth.durable(self._network.truth.sequence)
        except OSError:
            sys.stderr.write("sotong_practice: the truth file cannot be flushed to the disk\n")
            signal.raise_signal(signal.SIGTERM)
            return Answer(drop=True)  # whether it lasts is not known, and that is what the client gets to know
        for name, value in EVERYWHERE.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Content-Security-Policy", CONTENT_POLICY)
        return answer

    async def _respond(self, request: Request) -> Answer:
        if not self._is_allowed(request.host):
            return error_answer(Refusal(421, "host_refused"), request.language)
        faces: tuple[tuple[str, Callable[[Request], Awaitable[Answer]]], ...] = (
            ("/api", self._api.respond),
            ("/media/", self._media),
            ("/static/", self._static),
        )
        for prefix, face in faces:
            if request.path == prefix or request.path.startswith(prefix if prefix[-1] == "/" else f"{prefix}/"):
                return await face(request)
        return await self._pages.respond(request)

    def _is_allowed(self, host: str) -> bool:
        name, _, port = host.lower().rpartition(":")
        if not name or not port.isdigit():
            name = host.lower()
        return name in self._hosts

    async def _media(self, request: Request) -> Answer:
        return await serve_media(self._network, request)

    async def _static(self, request: Request) -> Answer:
        return serve_static(request, self._font)

    def close(self) -> None:
        self._api.close()


def body_limit(path: str) -> tuple[int, str]:
    """The longest body of a path, in bytes, and the code for a longer one."""
    if path == "/api/media":
        return BYTES_MAX, "media_too_large"
    if path.startswith("/api/"):
        return JSON_MAX, "body_too_large"
    return FORM_MAX, "body_too_large"


async def serve(options: Options, *, announce: Callable[[str], object]) -> None:
    """Serves until SIGTERM or SIGINT. ``announce`` gets the address once it answers."""
    network = Network(options.folder)
    site = Site(network, options)
    wire = Wire(site.respond, body_limit)
    try:
        listening = await asyncio.start_server(wire.connected, options.host, options.port)
    except OSError:
        network.close()
        raise
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    host, port = listening.sockets[0].getsockname()[:2]
    announce(f"http://{f'[{host}]' if ':' in host else host}:{port}/")
    reveal = asyncio.create_task(_reveal(network))
    await stop.wait()
    reveal.cancel()
    listening.close()
    site.close()
    await _let_finish(wire)
    network.close()


async def _reveal(network: Network) -> None:
    while True:
        with contextlib.suppress(Refusal):  # no space: they appear when there is some
            network.reveal_due()
        await asyncio.sleep(REVEAL_EVERY)


async def _let_finish(wire: Wire) -> None:
    """Gives answers that are under way a moment, then cuts what is left."""
    if wire.open:
        await asyncio.wait(wire.open, timeout=STOP_SECONDS)
    left = list(wire.open)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
