"""Open screens without a browser: many at once, each reading its stream of events."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from bench.house import ROOT, House
from sotong.bus.actions import CHANNEL
from sotong.postgres.server import attach

PATIENCE = 60.0
"""Seconds in which the house must have answered everybody of a flood."""
LIVE = ("live", "sotong-listener")
"""What the connections of the live process call themselves."""


class Screen:
    """One request for the stream: its ``status``, its ``headers``, and what it said so far in ``text``."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie
        self.status, self.headers, self.text = 0, "", ""
        self.has_ended = False
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> Screen:
        """Ask for the stream as the page's script does, and wait for the answer."""
        reader, self._writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", self.port), PATIENCE)
        cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
        asked = f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Dest: empty\r\n{cookie}\r\n"
        self._writer.write(asked.encode())
        self.headers = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)).decode().lower()
        self.status = int(self.headers.split()[1])
        self._reading = asyncio.create_task(self._read(reader))
        return self

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            if line == b"0\r\n":
                break
            self.text += line.decode()
        self.has_ended = True

    async def hears(self, words: str, seconds: float) -> bool:
        """Whether the stream says ``words`` within that time."""
        return await self._within(lambda: words in self.text, seconds)

    async def ends(self, seconds: float) -> bool:
        """Whether the stream ends within that time."""
        return await self._within(lambda: self.has_ended, seconds)

    async def _within(self, is_so: Callable[[], bool], seconds: float) -> bool:
        ends = asyncio.get_running_loop().time() + seconds
        while not is_so() and asyncio.get_running_loop().time() < ends:
            await asyncio.sleep(0.02)
        return is_so()

    def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
        self._writer.close()


async def open_all(port: int, cookies: list[str]) -> list[Screen]:
    """A screen for each cookie, all asked for at the same moment."""
    return list(await asyncio.gather(*(Screen(port, cookie).open() for cookie in cookies)))


def sessions(house: House, *mails: str) -> list[str]:
    """The cookie of a new session for each mail; who is named twice has two."""
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {"SOTONG_DATA": str(house.data), "SOTONG_PORT": str(house.port)}
    command = [sys.executable, "-m", "tests.journeys.sessions", *mails]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


class Database:
    """The house's database, seen from beside it."""

    def __init__(self, link: psycopg.Connection) -> None:
        self._link = link

    def held_by_live(self) -> int:
        """Connections of the live process at this moment."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE application_name = ANY(%s)"
        row = self._link.execute(query, [list(LIVE)]).fetchone()
        assert row is not None
        return int(row[0])

    def change(self, conversation: int) -> str:
        """A conversation changes; answers what an open screen is told then."""
        with self._link.transaction():
            self._link.execute(
                "INSERT INTO event_log (name, permission, ids) VALUES ('conversation', 'inbox.read', %s)",
                [f'{{"conversation": {conversation}}}'],
            )
            self._link.execute("SELECT pg_notify(%s, '')", [CHANNEL])
        return f'"conversation":{conversation},'


@contextmanager
def database_of(house: House) -> Iterator[Database]:
    url = attach(house.data)
    assert url
    with psycopg.connect(url, autocommit=True) as link:
        yield Database(link)
