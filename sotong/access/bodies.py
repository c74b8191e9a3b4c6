"""What a request brings along, read whole before anything works on it: in time, and not more than its sender may send.

Django reads a body inside one of the few threads that serve pages, however slowly it comes; here slow bodies wait where
waiting costs nothing.
"""

from __future__ import annotations

import asyncio
import email.message
from tempfile import SpooledTemporaryFile

from sotong.access.admission import AGAIN_SECONDS, Application, Message, Receive, Scope, Send, session_named

IN_MEMORY = 1_000_000
"""Bytes of a body that are kept in memory; a longer one is spooled to a temporary file."""
STRANGERS_MOST = 1_000_000
"""Bytes of a body that comes without a session's cookie: a form, never a file."""
SILENCE = 15.0
"""Seconds without a byte after which a body is given up."""
WHOLE_WITHIN = 60.0
"""Seconds within which a body must have come whole."""
IN_HAND = 256
"""Bodies of one process at once: those that are coming, and those that are being answered."""
SPOOLED_MOST = 512_000_000
"""Bytes of all bodies together that are in temporary files: a session's cookie is not looked at yet when they come."""
PIECE = 1 << 20
"""Bytes that are handed on at once."""

REFUSALS = {
    400: "보내는 내용이 중간에 끊기거나 깨져서 받지 못했어요. 다시 보내 주세요.\n"
    "It broke off or was malformed, and was not taken. Please send it again.\n",
    408: "보내는 내용이 제때 다 오지 않아서 받지 못했어요. 다시 보내 주세요.\n"
    "It did not arrive in time. Please send it again.\n",
    413: "보낸 내용이 너무 커서 받지 않았어요. 더 작게 줄여서 다시 보내 주세요.\n"
    "This is too large, and was not taken. Please send something smaller.\n",
    503: "지금은 받을 수 없어요. 잠시 뒤에 다시 보내 주세요.\n"
    "Too much is arriving right now. Please send it again shortly.\n",
}


class Refused(Exception):
    """A body that is not taken; ``status`` is a key of ``REFUSALS``."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Gone(Exception):
    """The sender left before its body was whole."""


class Body:
    """What has come so far. ``spooled``: bytes that are in a temporary file."""

    def __init__(self) -> None:
        self.file = SpooledTemporaryFile[bytes](max_size=IN_MEMORY)
        self.size = self.spooled = 0

    def take(self, piece: bytes) -> None:
        """One piece more."""
        self.size += len(piece)
        self.spooled = self.size if self.size > IN_MEMORY else 0
        self.file.write(piece)


class WholeBodies:
    """An ASGI application before another, which gets every body at once and whole.

    ``most``: bytes of a body that comes with a session's cookie. Refuses with 400 (not in UTF-8), 408 (too
    slow), 413 (too large) or 503 (too many at once). Where too many are at hand, the one that has been coming for
    longest makes room: it would take but a few hundred idle senders to keep everybody else out.
    """

    def __init__(self, inside: Application, *, most: int, at_once: int = IN_HAND) -> None:
        self._inside = inside
        self._most, self._at_once = most, at_once
        self._coming: dict[asyncio.Timeout, None] = {}
        self._answered = 0
        self._spooled = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _brings_one(scope):
            await self._inside(scope, _nothing, send)
            return
        if not _is_utf8(scope):
            await _refuse(send, 400)
            return
        body = Body()
        try:
            await self._read(scope, receive, body)
            self._answered += 1
            try:
                await self._inside(_with_length(scope, body.size), _handing(body.file, body.size), send)
            finally:
                self._answered -= 1
        except Refused as refusal:
            await _refuse(send, refusal.status)
        except Gone:
            # Where the body was broken, not its sender gone, somebody still reads this.
            await _refuse(send, 400)
        finally:
            body.file.close()
            self._spooled -= body.spooled

    async def _read(self, scope: Scope, receive: Receive, body: Body) -> None:
        """Fill ``body``. Raises ``Refused`` and ``Gone``."""
        most = self._most if session_named(scope["headers"]) else STRANGERS_MOST
        if _declared(scope) > most:
            raise Refused(413)
        self._make_room()
        try:
            async with asyncio.timeout(WHOLE_WITHIN) as whole:
                self._coming[whole] = None
                await self._fill(body, receive, most)
        except TimeoutError as late:
            raise Refused(408) from late
        finally:
            self._coming.pop(whole, None)

    async def _fill(self, body: Body, receive: Receive, most: int) -> None:
        while True:
            async with asyncio.timeout(SILENCE):
                message = await receive()
            if message["type"] == "http.disconnect":
                raise Gone
            before = body.spooled
            body.take(message.get("body", b""))
            self._spooled += body.spooled - before
            if body.size > most:
                raise Refused(413)
            if self._spooled > SPOOLED_MOST:
                raise Refused(503)
            if not message.get("more_body", False):
                body.file.seek(0)
                return

    def _make_room(self) -> None:
        """Raises ``Refused`` where all that is at hand is being answered already."""
        if len(self._coming) + self._answered < self._at_once:
            return
        oldest = next(iter(self._coming), None)
        if oldest is None:
            raise Refused(503)
        del self._coming[oldest]
        if not oldest.expired():
            oldest.reschedule(asyncio.get_running_loop().time())


def _handing(body: SpooledTemporaryFile[bytes], size: int) -> Receive:
    """A ``receive`` that hands the body on, and then nothing more."""
    left = size

    async def receive() -> Message:
        nonlocal left
        piece = body.read(PIECE)
        left -= len(piece)
        return {"type": "http.request", "body": piece, "more_body": left > 0}

    return receive


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _brings_one(scope: Scope) -> bool:
    """HTTP/1 announces a body; HTTP/2 need not."""
    names = {name for name, _ in scope["headers"]}
    return _declared(scope) > 0 or b"transfer-encoding" in names or not scope["http_version"].startswith("1")


def _declared(scope: Scope) -> int:
    """The length that the headers promise, in bytes; 0 where they promise none."""
    said = [value for name, value in scope["headers"] if name == b"content-length"]
    return int(said[0]) if said and said[0].isdigit() else 0


def _is_utf8(scope: Scope) -> bool:
    """Forms of pages are; Django refuses any other charset where it can no longer answer with a page of its own."""
    kind = email.message.Message()
    kind["content-type"] = dict(scope["headers"]).get(b"content-type", b"").decode("latin-1")
    return kind.get_content_charset("utf-8") == "utf-8"


def _with_length(scope: Scope, size: int) -> Scope:
    """Django takes a request without a length for one without a body; now the length is known."""
    headers = [each for each in scope["headers"] if each[0] not in {b"content-length", b"transfer-encoding"}]
    return {**scope, "headers": [*headers, (b"content-length", str(size).encode())]}


async def _refuse(send: Send, status: int) -> None:
    """Answer in words; what is still on its way is not read."""
    words = REFUSALS[status].encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(words)).encode()),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
        (b"retry-after", str(AGAIN_SECONDS).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})
