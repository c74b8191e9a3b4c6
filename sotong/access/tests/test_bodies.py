"""Bodies are handed on whole, or refused, without a database."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.conf import settings

from sotong.access import bodies
from sotong.access.admission import Message
from sotong.access.bodies import STRANGERS_MOST, WholeBodies

SESSION = (b"cookie", f"{settings.SESSION_COOKIE_NAME}=a".encode())
CHUNKED = (b"transfer-encoding", b"chunked")


class Inside:
    """An application that keeps what it is given."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.lengths: list[bytes | None] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.lengths.append(dict(scope["headers"]).get(b"content-length"))
        body, has_more = b"", True
        while has_more:
            message = await receive()
            body += message["body"]
            has_more = message["more_body"]
        self.got.append(body)
        await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})


class Sender:
    """A request whose body comes in ``pieces``; after the last one it is whole, silent or gone."""

    def __init__(self, *headers: tuple[bytes, bytes], pieces: tuple[bytes, ...] = (), then: str = "whole") -> None:
        self.scope = {"type": "http", "http_version": "1.1", "headers": list(headers)}
        self.pieces = list(pieces)
        self.then = then
        self.read = 0
        self.told: list[Message] = []

    async def visit(self, door: WholeBodies) -> int:
        """Its status; 0 for none."""
        await asyncio.wait_for(door(self.scope, self._receive, self._send), 5)
        return int(self.told[0]["status"]) if self.told else 0

    async def _receive(self) -> Message:
        await asyncio.sleep(0)
        if self.pieces:
            self.read += 1
            piece = self.pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.pieces) or self.then != "whole"}
        if self.then == "gone":
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError

    async def _send(self, message: Message) -> None:
        self.told.append(message)


def length(size: int) -> tuple[bytes, bytes]:
    return (b"content-length", str(size).encode())


@pytest.mark.parametrize("size", [1, 5, bodies.IN_MEMORY, 3_000_001])
def test_a_body_is_handed_on_as_it_came(size: int) -> None:
    async def story() -> None:
        sent = bytes(n % 251 for n in range(size))
        inside = Inside()
        sender = Sender(SESSION, length(size), pieces=(sent[: size // 2], sent[size // 2 :]))
        assert await sender.visit(WholeBodies(inside, most=size)) == 200
        assert inside.got == [sent]

    asyncio.run(story())


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (b"application/x-www-form-urlencoded", 200),
        (b"application/x-www-form-urlencoded; charset=UTF-8", 200),
        (b"multipart/form-data; boundary=a", 200),
        (b"application/x-www-form-urlencoded; charset=utf-16", 400),
        (b"application/x-www-form-urlencoded; charset=utf8", 400),
        (b"multipart/form-data; boundary=a; charset=utf-7", 400),
        (b"\xff\xfe", 200),
        (b"\xff\xfe;;charset", 400),
    ],
)
def test_a_body_that_is_no_utf_8_is_refused_in_words(kind: bytes, status: int) -> None:
    """Django would raise where it can no longer answer: its page for bad requests reads the form, too."""

    async def story() -> None:
        inside = Inside()
        sender = Sender((b"content-type", kind), length(3), pieces=(b"a=1",))
        assert await sender.visit(WholeBodies(inside, most=10)) == status
        assert len(inside.got) == (status == 200)

    asyncio.run(story())


def test_a_request_without_a_body_waits_for_nothing() -> None:
    async def story() -> None:
        inside = Inside()
        sender = Sender(then="silent")
        assert await sender.visit(WholeBodies(inside, most=10)) == 200
        assert inside.got == [b""]

    asyncio.run(story())


def test_a_body_of_unknown_length_gets_one() -> None:
    async def story() -> None:
        inside = Inside()
        assert await Sender(CHUNKED, pieces=(b"a=", b"1")).visit(WholeBodies(inside, most=10)) == 200
        assert (inside.got, inside.lengths) == ([b"a=1"], [b"3"])

    asyncio.run(story())


def test_what_is_announced_too_large_is_not_read() -> None:
    async def story() -> None:
        inside = Inside()
        door = WholeBodies(inside, most=2 * STRANGERS_MOST)
        stranger = Sender(length(STRANGERS_MOST + 1), pieces=(b"a",))
        assert await stranger.visit(door) == 413
        assert stranger.read == 0
        assert await Sender(SESSION, length(2 * STRANGERS_MOST + 1), pieces=(b"a",)).visit(door) == 413
        assert await Sender(SESSION, length(STRANGERS_MOST + 1), pieces=(b"a",)).visit(door) == 200
        assert inside.got == [b"a"]

    asyncio.run(story())


def test_what_turns_out_too_large_is_read_no_further() -> None:
    async def story() -> None:
        inside = Inside()
        stranger = Sender(CHUNKED, pieces=(b"a" * STRANGERS_MOST, b"a", b"a", b"a"))
        assert await stranger.visit(WholeBodies(inside, most=10 * STRANGERS_MOST)) == 413
        assert (stranger.read, inside.got) == (2, [])
        assert "너무 커서" in stranger.told[1]["body"].decode()

    asyncio.run(story())


@pytest.mark.parametrize("limit", ["SILENCE", "WHOLE_WITHIN"])
def test_a_body_that_does_not_come_is_given_up(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        inside = Inside()
        assert await Sender(length(9), pieces=(b"a",), then="silent").visit(WholeBodies(inside, most=10)) == 408
        assert inside.got == []

    monkeypatch.setattr(bodies, limit, 0.05)
    asyncio.run(story())


def test_of_a_sender_that_left_nothing_is_done() -> None:
    async def story() -> None:
        inside = Inside()
        # Told all the same: a body that breaks off for being malformed looks alike.
        assert await Sender(length(9), pieces=(b"a",), then="gone").visit(WholeBodies(inside, most=10)) == 400
        assert inside.got == []

    asyncio.run(story())


def test_the_slowest_makes_room_for_the_next() -> None:
    async def story() -> None:
        inside = Inside()
        door = WholeBodies(inside, most=10, at_once=2)
        idle = [Sender(length(9), pieces=(b"a",), then="silent") for _ in range(2)]
        visits = []
        for sender in idle:
            visits.append(asyncio.ensure_future(sender.visit(door)))
            await asyncio.sleep(0.01)
        assert await Sender(length(1), pieces=(b"b",)).visit(door) == 200
        assert await visits[0] == 408
        assert not visits[1].done()
        visits[1].cancel()

    asyncio.run(story())


def test_where_all_are_being_answered_no_more_are_taken() -> None:
    async def story() -> None:
        inside = Inside()
        inside.may_answer.clear()
        door = WholeBodies(inside, most=10, at_once=1)
        first = asyncio.ensure_future(Sender(length(1), pieces=(b"a",)).visit(door))
        await asyncio.sleep(0.01)
        late = Sender(length(1), pieces=(b"b",))
        assert await late.visit(door) == 503
        assert (b"retry-after", b"5") in late.told[0]["headers"]
        inside.may_answer.set()
        assert await first == 200
        assert await Sender(length(1), pieces=(b"c",)).visit(door) == 200

    asyncio.run(story())


def test_of_disk_all_bodies_together_take_no_more_than_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "IN_MEMORY", 10)
    monkeypatch.setattr(bodies, "SPOOLED_MOST", 40)

    async def story() -> None:
        inside = Inside()
        door = WholeBodies(inside, most=1000)
        idle = Sender(SESSION, length(99), pieces=(b"a" * 30,), then="silent")
        waiting = asyncio.ensure_future(idle.visit(door))
        await asyncio.sleep(0.01)
        assert await Sender(SESSION, length(20), pieces=(b"b" * 20,)).visit(door) == 503
        assert await Sender(SESSION, length(10), pieces=(b"c" * 10,)).visit(door) == 200  # in memory
        waiting.cancel()
        await asyncio.sleep(0.01)
        assert await Sender(SESSION, length(20), pieces=(b"b" * 20,)).visit(door) == 200
        assert inside.got == [b"c" * 10, b"b" * 20]

    asyncio.run(story())
