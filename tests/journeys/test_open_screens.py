"""Whatever comes to /live/: the database is not used up, and who is there goes on getting what changes."""

from __future__ import annotations

import asyncio
import http.client
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bench.house import House
from tests.journeys.conftest import Home
from tests.journeys.open_screens import Database, Screen, database_of, open_all, sessions

BOUND = 4
"""Connections that the live process may hold, whatever comes."""
EACH = 40
"""Streams that one session may have open."""
SOON = 5.0
"""Seconds in which an open screen must be told; the rights of a quiet one are read again only after 15."""


async def _most(database: Database, done: asyncio.Event) -> int:
    """The most connections that the live process held at once until ``done``."""
    most = 0
    while not done.is_set():
        most = max(most, await asyncio.to_thread(database.held_by_live))
        await asyncio.sleep(0.02)
    return most


def test_a_flood_leaves_the_database_and_whoever_is_there_alone(home: Home) -> None:
    cookies = sessions(home.house, *(f"agent{number}@hansori.example" for number in range(21)))
    name = cookies[0].partition("=")[0]
    forged = [f"{name}={number:032d}" for number in range(200)]

    async def flood(database: Database) -> None:
        here = await Screen(home.house.port, cookies[0]).open()
        assert await here.hears(": beat", SOON)
        done = asyncio.Event()
        watch = asyncio.create_task(_most(database, done))
        anonymous, signed_in = await asyncio.gather(
            open_all(home.house.port, [*forged, *[""] * 200]), open_all(home.house.port, cookies[1:] * 5)
        )
        told = await asyncio.to_thread(database.change, 7001)
        assert await here.hears(told, SOON), here.text
        heard = await asyncio.gather(*(screen.hears(told, SOON) for screen in signed_in))
        done.set()
        assert await watch <= BOUND
        assert {screen.status for screen in anonymous} == {401}
        assert {screen.status for screen in signed_in} == {200}
        assert all(heard)
        for screen in (here, *anonymous, *signed_in):
            screen.close()

    with database_of(home.house) as database:
        asyncio.run(flood(database))


def test_one_session_opens_no_more_than_its_share_and_gets_a_place_back(home: Home) -> None:
    mine, other = sessions(home.house, "tabs@hansori.example", "other@hansori.example")

    async def crowd() -> None:
        screens = await open_all(home.house.port, [mine] * (EACH + 5))
        assert sorted(screen.status for screen in screens) == [200] * EACH + [429] * 5
        assert "retry-after: " in next(screen.headers for screen in screens if screen.status == 429)
        another = await Screen(home.house.port, other).open()
        assert another.status == 200
        for screen in screens:
            screen.close()
        for _ in range(100):
            again = await Screen(home.house.port, mine).open()
            again.close()
            if again.status == 200:
                break
            await asyncio.sleep(0.05)
        assert again.status == 200
        another.close()

    asyncio.run(crowd())


def sign_out(house: House, cookie: str) -> int:
    """Press the button of the page that asks whether to sign out; answers the status."""
    link = http.client.HTTPConnection("127.0.0.1", house.port, timeout=20)
    link.request("GET", "/accounts/logout/", headers={"Cookie": cookie})
    page = link.getresponse()
    page.read()
    given = SimpleCookie(page.headers["Set-Cookie"])
    name, token = next((key, morsel.value) for key, morsel in given.items() if "csrf" in key)
    headers = {"Cookie": f"{cookie}; {name}={token}", "Content-Type": "application/x-www-form-urlencoded"}
    link.request("POST", "/accounts/logout/", urlencode({"csrfmiddlewaretoken": token}), headers)
    answer = link.getresponse()
    link.close()
    return answer.status


def test_signing_out_closes_the_streams_of_that_session_at_once_and_no_others(home: Home) -> None:
    here, there = sessions(home.house, "hana@hansori.example", "hana@hansori.example")

    async def leave(database: Database) -> None:
        leaving, staying = await open_all(home.house.port, [here, there])
        assert await leaving.hears(": beat", SOON)
        assert await staying.hears(": beat", SOON)
        assert await asyncio.to_thread(sign_out, home.house, here) == 302
        assert await leaving.ends(SOON), leaving.text
        assert "event: reload" in leaving.text
        assert await staying.hears(await asyncio.to_thread(database.change, 7002), SOON)
        assert "event: reload" not in staying.text
        staying.close()

    with database_of(home.house) as database:
        asyncio.run(leave(database))
