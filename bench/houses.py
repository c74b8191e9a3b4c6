"""Houses on the corpus, with the bench's floors and somebody signed in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psycopg

from bench.house import House, cache, person_with_session, running_house

SECRET = "bench-sessions-of-all-houses"  # a session made in this process is good at every house
VIEWER = "agent1@bench.invalid"


@contextmanager
def at_houses(urls: list[str], slow: str = "") -> Iterator[list[tuple[House, str]]]:
    """A house on each database, whole as ``sotong up`` runs it, each with the cookie header of agent 1.

    Sets Django up in this process on the first database. ``slow``: see ``floor.SlowList``.
    """
    for url in urls:
        _clear(url)
    environment = {
        "DJANGO_SETTINGS_MODULE": "bench.floor_settings",
        "SOTONG_SECRET_KEY": SECRET,
        "SOTONG_BENCH_SLOW": slow,
    }
    with ExitStack() as leaving:
        starting = [
            running_house(cache() / f"house-{number}", DATABASE_URL=url, **environment)
            for number, url in enumerate(urls)
        ]
        with ThreadPoolExecutor(len(urls)) as pool:
            entered = [pool.submit(house.__enter__) for house in starting]
        for house, started in zip(starting, entered, strict=True):
            if not started.exception():
                leaving.push(house.__exit__)
        houses = [started.result() for started in entered]
        key = _sign_in(urls, houses[0])
        yield [(house, f"sotong_session_{house.port}={key}") for house in houses]


def _clear(url: str) -> None:
    """Take away what an earlier run left, and let the channels look checked."""
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("DELETE FROM inbox_readmark WHERE person_id = 1")
        link.execute("DELETE FROM people_session")
        link.execute("UPDATE channels_channel SET checked_at = now(), healthy_at = now()")


def _sign_in(urls: list[str], house: House) -> str:
    """The key of a session that every database knows."""
    os.environ |= {
        "DATABASE_URL": urls[0],
        "SOTONG_DATA": str(house.data),
        "SOTONG_SECRET_KEY": SECRET,
        "SOTONG_LANGUAGE_SOCKET": str(house.data / "run" / "language.sock"),
        "DJANGO_SETTINGS_MODULE": "sotong.settings.site",
    }
    import django

    django.setup()
    key = person_with_session(VIEWER, ["agent", "lead"])[1].partition("=")[2]
    with psycopg.connect(urls[0]) as link:
        row = link.execute("SELECT session_data, expire_date, person_id FROM people_session").fetchone() or ()
    for url in urls[1:]:
        with psycopg.connect(url, autocommit=True) as other:
            other.execute(
                "INSERT INTO people_session (session_key, session_data, expire_date, person_id, device)"
                " VALUES (%s, %s, %s, %s, '')",
                [key, *row],
            )
    return key
