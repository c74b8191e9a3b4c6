"""script/bench push: how long until a change of one conversation has reached 20 open desks.

Measured from before the change's transaction until each desk has read the event over HTTP, through the web
port. Floor in the same run: the same transaction with a bare NOTIFY, until each of 20 bare listeners has it. Both are
read by the same process on the same event loop.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import sys
import time
from typing import Any

from bench.house import House, cache, person_with_session, running_house, use_database
from bench.verdict import Verdict, arguments, quantile

DESKS = 20
BAR = 3.0
"""p99 of ours over p99 of bare NOTIFY."""


async def _desk(house: House, cookie: str, seen: dict[int, list[float]], ready: asyncio.Event) -> None:
    """One open desk: reads events and notes when each arrived."""
    reader, writer = await asyncio.open_connection("127.0.0.1", house.port)
    writer.write(f"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n")[0]:
        raise RuntimeError(f"the stream answered {head[:80]!r}")
    while line := await reader.readline():
        if line.startswith(b": beat"):
            ready.set()
        elif line.startswith(b'data: {"conversation":'):
            number = int(line.split(b":")[2].split(b",")[0].rstrip(b"}\n "))
            seen.setdefault(number, []).append(time.perf_counter())


async def _listener(url: str, seen: dict[int, list[float]], ready: asyncio.Event) -> None:
    """One bare listener."""
    import psycopg

    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute("LISTEN bench_bare")
        ready.set()
        async for note in connection.notifies():
            seen.setdefault(int(note.payload), []).append(time.perf_counter())


async def _all_ready(signs: list[asyncio.Event], tasks: list[asyncio.Task[None]]) -> None:
    """Wait until every desk or listener is ready; the first that fails fails the run."""
    ready: asyncio.Future[Any] = asyncio.gather(*(sign.wait() for sign in signs))
    watched: list[asyncio.Future[Any]] = [ready, *tasks]
    done, _ = await asyncio.wait(watched, timeout=30, return_when=asyncio.FIRST_COMPLETED)
    if ready not in done:
        ready.cancel()
        for task in tasks:
            task.cancel()
        failed = [task.exception() for task in done if not task.cancelled() and task.exception()]
        raise RuntimeError(f"not ready: {failed[:1]}")


async def _measure(changes: int, pause: float, change: object, seen: dict[int, list[float]], base: int) -> list[float]:
    """Make changes one after the other; the delay of each at each desk in ms."""
    delays: list[float] = []
    for number in range(base, base + changes):
        began = time.perf_counter()
        await asyncio.to_thread(change, number)  # type: ignore[arg-type]
        deadline = time.perf_counter() + 5
        while len(seen.get(number, [])) < DESKS and time.perf_counter() < deadline:
            await asyncio.sleep(0.001)
        arrived = seen.get(number, [])
        if len(arrived) < DESKS:
            raise RuntimeError(f"change {number} reached {len(arrived)} of {DESKS}")
        delays += [(moment - began) * 1000 for moment in arrived]
        await asyncio.sleep(pause * random.random())
    return delays


async def _run(house: House, url: str, changes: int, cookies: list[str]) -> tuple[list[float], list[float], int]:
    import psycopg

    from sotong.bus.actions import CHANNEL

    plain = psycopg.connect(url)

    def ours(number: int) -> None:
        with plain.transaction():
            plain.execute(
                "INSERT INTO event_log (name, permission, ids) VALUES ('conversation', 'inbox.read', %s)",
                [f'{{"conversation": {number}}}'],
            )
            plain.execute("SELECT pg_notify(%s, '')", [CHANNEL])

    def bare(number: int) -> None:
        with plain.transaction():
            plain.execute(
                "INSERT INTO event_log (name, permission, ids, person_id) VALUES ('bench', 'inbox.read', '{}', 0)"
            )
            plain.execute("SELECT pg_notify('bench_bare', %s)", [str(number)])

    seen: dict[int, list[float]] = {}
    signs = [asyncio.Event() for _ in range(DESKS)]
    desks = [asyncio.create_task(_desk(house, cookie, seen, sign)) for cookie, sign in zip(cookies, signs, strict=True)]
    await _all_ready(signs, desks)
    floor_seen: dict[int, list[float]] = {}
    floor_signs = [asyncio.Event() for _ in range(DESKS)]
    listeners = [asyncio.create_task(_listener(url, floor_seen, sign)) for sign in floor_signs]
    await _all_ready(floor_signs, listeners)
    await _measure(20, 0.01, ours, seen, 0)
    await _measure(20, 0.01, bare, floor_seen, 0)
    mine: list[float] = []
    floor: list[float] = []
    rounds = 10
    for part in range(rounds):  # interleaved, so that a slow moment of the machine strikes both
        mine += await _measure(changes // rounds, 0.01, ours, seen, 1000 + part * changes)
        floor += await _measure(changes // rounds, 0.01, bare, floor_seen, 1000 + part * changes)
    doubled = sum(len(times) - DESKS for times in seen.values())
    for task in (*desks, *listeners):
        task.cancel()
    plain.close()
    return mine, floor, doubled


def main() -> int:
    asked = arguments("push", __doc__ or "")
    random.seed(asked.seed)
    # The hundredth slowest of fewer is a matter of chance.
    changes = 500 if asked.small else 1000
    verdict = Verdict(
        "push", {"desks": DESKS, "changes": changes, "seed": asked.seed, "floor": "bare NOTIFY → listener"}
    )
    data = cache() / "push"
    shutil.rmtree(data, ignore_errors=True)
    with running_house(data) as house:
        url = use_database(house)
        cookies = [person_with_session(f"desk{n}@bench.invalid", ["agent"])[1] for n in range(DESKS)]
        mine, floor, doubled = asyncio.run(_run(house, url, changes, cookies))
    for name, values in (("ours", mine), ("bare NOTIFY", floor)):
        for share in (0.5, 0.99):
            verdict.tell(f"{name} p{share * 100:.0f}", quantile(values, share), "ms")
    verdict.hold("p99 ours / bare", quantile(mine, 0.99) / quantile(floor, 0.99), "×", BAR)
    verdict.hold("delivered twice", float(doubled), "", 0)
    return verdict.finish(as_json=asked.json)


if __name__ == "__main__":
    sys.exit(main())
