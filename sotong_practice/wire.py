"""HTTP/1.1 on asyncio, with h11 as the grammar. Small limits, so that one visitor cannot hold the others up."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from http import HTTPStatus

import h11

from sotong_practice.exchange import Answer, Request, error_answer, read_target
from sotong_practice.refusals import Refusal

HEADERS_MAX = 16 * 1024
CONNECTIONS_MAX = 512
READ_SECONDS = 20.0
"""For one request to arrive whole."""
LINGER_SECONDS = 2.0
IDLE_SECONDS = 60.0
"""For the next request on a kept connection."""

Respond = Callable[[Request], Awaitable[Answer]]
BODY_FREE = 64 * 1024
"""Bytes of each request's body that take no room: small ones are read however full it is."""
BODIES_MAX = 100 * 1024 * 1024
"""Bytes of the bodies that are in hand at one time, beyond what is free: three forms with four images each."""

BodyLimit = Callable[[str], tuple[int, str]]
"""Path → the longest body in bytes, and the code to refuse a longer one with."""
log = logging.getLogger("sotong_practice")


class Room:
    """How many bytes of bodies may still be taken in hand."""

    def __init__(self, free: int) -> None:
        self._free = free

    def take(self, size: int) -> None:
        """Raises ``Refusal`` (``too_busy``) where there is no room for so much."""
        if size > self._free:
            raise Refusal(503, "too_busy", retry_after=5)
        self._free -= size

    def give_back(self, size: int) -> None:
        self._free += size


class Wire:
    """Serves connections with one ``respond``. ``open``: the connections being served."""

    def __init__(self, respond: Respond, body_limit: BodyLimit) -> None:
        self._respond = respond
        self._body_limit = body_limit
        self._room = Room(BODIES_MAX)
        self.open: set[asyncio.Task[None]] = set()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self.open.add(task)
        try:
            is_full = len(self.open) > CONNECTIONS_MAX
            await Connection(reader, writer, self._respond, self._body_limit, self._room, is_full=is_full).serve()
        except (ConnectionError, TimeoutError, asyncio.CancelledError):
            writer.transport.abort()  # the other side left, slept, or we are closing
        finally:
            writer.close()
            if task is not None:
                self.open.discard(task)


class Connection:
    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        respond: Respond,
        body_limit: BodyLimit,
        room: Room,
        *,
        is_full: bool,
    ) -> None:
        self._reader, self._writer, self._is_full = reader, writer, is_full
        self._room = room
        self._body = bytearray()
        """What has come of the request's body; ``_taken`` bytes of room go with it until the answer is made."""
        self._taken = 0
        self._respond, self._body_limit = respond, body_limit
        self._grammar = h11.Connection(h11.SERVER, max_incomplete_event_size=HEADERS_MAX)

    async def serve(self) -> None:
        try:
            await self._serve()
        finally:
            self._put_down()

    def _make_room(self) -> None:
        """For the body as long as it is so far. Raises ``Refusal`` (``too_busy``)."""
        more = max(0, len(self._body) - BODY_FREE) - self._taken
        self._room.take(more)
        self._taken += more

    def _put_down(self) -> None:
        self._body.clear()
        self._room.give_back(self._taken)
        self._taken = 0

    async def _serve(self) -> None:
        wait = READ_SECONDS
        while True:
            try:
                if not await self._has_bytes(wait):
                    return
                async with asyncio.timeout(READ_SECONDS):
                    request = await self._read()
            except h11.RemoteProtocolError as error:
                await self._turn_away(_refusal_of(error))
                return
            except Refusal as refusal:
                self._put_down()
                await self._turn_away(refusal)
                return
            if request is None:
                return
            is_head = request.method == "HEAD"
            answer = await self._answer(request)
            del request
            self._put_down()
            if answer.drop:
                self._writer.transport.abort()
                return
            await self._send(answer, is_head=is_head)
            if self._grammar.our_state is not h11.DONE or self._grammar.their_state is not h11.DONE:
                return
            self._grammar.start_next_cycle()
            wait = IDLE_SECONDS

    async def _turn_away(self, refusal: Refusal) -> None:
        """Answers a request that was not read whole, then swallows the rest for a moment so that the answer arrives."""
        await self._send(error_answer(refusal, "ko"), is_head=False)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_SECONDS):
                while await self._reader.read(65536):
                    pass

    async def _answer(self, request: Request) -> Answer:
        if self._is_full:
            return error_answer(Refusal(503, "too_busy", retry_after=1), request.language)
        try:
            return await self._respond(request)
        except Exception:
            log.exception("%s %s broke", request.method, request.path)
            return error_answer(Refusal(500, "internal"), request.language)

    async def _has_bytes(self, seconds: float) -> bool:
        """Waits for the beginning of a request; False when the other side is done."""
        if self._grammar.trailing_data[0]:
            return True
        async with asyncio.timeout(seconds):
            data = await self._reader.read(65536)
        self._grammar.receive_data(data)
        return bool(data)

    async def _event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        while True:
            event = self._grammar.next_event()
            if event is not h11.NEED_DATA:
                return event
            if self._grammar.they_are_waiting_for_100_continue:
                self._writer.write(self._grammar.send(h11.InformationalResponse(status_code=100, headers=[])) or b"")
            self._grammar.receive_data(await self._reader.read(65536))

    async def _read(self) -> Request | None:
        event = await self._event()
        if not isinstance(event, h11.Request):
            return None
        names = [name.decode("latin-1").lower() for name, _ in event.headers]
        headers = {name: value.decode("latin-1").strip() for name, (_, value) in zip(names, event.headers, strict=True)}
        if sum(len(name) + len(value) for name, value in event.headers) > HEADERS_MAX:
            raise Refusal(431, "headers_too_large")
        if names.count("host") != 1 or names.count("authorization") > 1:
            raise Refusal(421, "host_refused")
        path, query = read_target(event.target.decode("latin-1"))
        limit, code = self._body_limit(path)
        announced = headers.get("content-length", "0")
        if announced.isdigit() and int(announced) > limit:
            raise Refusal(413, code, limit=limit)
        while isinstance(part := await self._event(), h11.Data):
            self._body += part.data
            if len(self._body) > limit:
                raise Refusal(413, code, limit=limit)
            self._make_room()
        if not isinstance(part, h11.EndOfMessage):
            return None
        body = bytes(self._body)
        self._body.clear()
        return Request(method=event.method.decode("latin-1"), path=path, query=query, headers=headers, body=body)

    async def _send(self, answer: Answer, *, is_head: bool) -> None:
        headers = {**answer.headers, "Date": formatdate(usegmt=True), "Content-Length": str(len(answer.body))}
        if answer.status == 204:
            del headers["Content-Length"]
        if answer.send_only is not None or self._grammar.their_state is not h11.DONE:
            headers["Connection"] = "close"
        lines = [(name.encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
        lines += [(b"Set-Cookie", cookie.encode()) for cookie in answer.cookies]
        reason = HTTPStatus(answer.status).phrase.encode()
        output = self._grammar.send(h11.Response(status_code=answer.status, headers=lines, reason=reason)) or b""
        body = b"" if is_head else answer.body
        if answer.send_only is not None:
            self._writer.write(output + body[: answer.send_only])
            await self._writer.drain()
            return
        output += self._grammar.send(h11.Data(data=body)) or b""
        output += self._grammar.send(h11.EndOfMessage()) or b""
        self._writer.write(output)
        async with asyncio.timeout(READ_SECONDS):
            await self._writer.drain()


def _refusal_of(error: h11.RemoteProtocolError) -> Refusal:
    if error.error_status_hint == 431:
        return Refusal(431, "headers_too_large")
    return Refusal(400, "request_bad")
