"""Who is let in where answers stay open, without a database."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from django.conf import settings

from sotong.access.admission import Admission, Message

NAME = settings.SESSION_COOKIE_NAME


class Room:
    """An application whose answers stay open until the test lets them go."""

    def __init__(self) -> None:
        self.leave = asyncio.Event()
        self.came = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.came += 1
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await self.leave.wait()
        if scope.get("breaks"):
            raise RuntimeError("the stream broke")


async def ask(door: Admission, *cookies: str, **scope: Any) -> tuple[dict[bytes, bytes], int, asyncio.Task[None]]:
    """Knock; answers headers, status, and the visit, which may still go on."""
    told: list[Message] = []

    async def send(message: Message) -> None:
        told.append(message)

    async def receive() -> Message:
        raise AssertionError("nothing is read before somebody is let in")

    headers = [(b"cookie", cookie.encode()) for cookie in cookies]
    visit = asyncio.ensure_future(door({"headers": headers, **scope}, receive, send))
    await asyncio.sleep(0)
    return dict(told[0]["headers"]), told[0]["status"], visit


@pytest.mark.parametrize("cookies", [(), ("other=1",), (f"{NAME}=",), (f"x{NAME}=1",)])
def test_without_a_session_nobody_is_let_in(cookies: tuple[str, ...]) -> None:
    async def story() -> None:
        room = Room()
        headers, status, visit = await ask(Admission(room), *cookies)
        assert status == 401
        assert b"retry-after" not in headers
        assert visit.done()
        assert room.came == 0

    asyncio.run(story())


def test_one_session_takes_its_share_and_no_more() -> None:
    async def story() -> None:
        room = Room()
        door = Admission(room, total=10, each=2)
        statuses = [(await ask(door, f"{NAME}=a"))[1] for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert (await ask(door, f"{NAME}=b"))[1] == 200
        headers, status, _ = await ask(door, f'x=1; {NAME}="a"')
        assert status == 429
        assert int(headers[b"retry-after"]) > 0

    asyncio.run(story())


def test_all_together_take_no_more_than_all_may() -> None:
    async def story() -> None:
        door = Admission(Room(), total=3, each=2)
        statuses = [(await ask(door, f"{NAME}={who}"))[1] for who in "abcd"]
        assert statuses == [200, 200, 200, 503]

    asyncio.run(story())


@pytest.mark.parametrize("breaks", [False, True])
def test_who_leaves_gives_the_place_back(breaks: bool) -> None:
    async def story() -> None:
        room = Room()
        door = Admission(room, total=1, each=1)
        _, _, visit = await ask(door, f"{NAME}=a", breaks=breaks)
        assert (await ask(door, f"{NAME}=a"))[1] == 429
        room.leave.set()
        await asyncio.wait({visit})
        assert (visit.exception() is not None) is breaks
        assert (await ask(door, f"{NAME}=a"))[1] == 200

    asyncio.run(story())


def test_one_session_cannot_pass_for_many_by_repeating_the_header() -> None:
    """Django joins repeated headers with a comma, so that both of these are session a there."""

    async def story() -> None:
        door = Admission(Room(), total=10, each=1)
        assert (await ask(door, f"{NAME}=a; x=1", f"{NAME}=b"))[1] == 200
        assert (await ask(door, f"{NAME}=a; x=1", f"{NAME}=c"))[1] == 429

    asyncio.run(story())
