"""The server has room for every connection that the product may hold, and says how much room there is."""

from __future__ import annotations

import psycopg
import pytest

from sotong.postgres.given import look_at
from sotong.postgres.server import start
from sotong.postgres.testing import temporary_server
from sotong.settings.connections import needed, worker


@pytest.mark.parametrize(("asked", "room"), [(0, 97), (150, 150)])
def test_server_has_the_room_that_it_was_asked_for(data, asked, room):
    server = start(data, connections=asked)
    try:
        assert look_at(server.url).connections == room
    finally:
        server.stop()


def test_tightest_limit_is_the_one_that_counts():
    with temporary_server() as url:
        with psycopg.connect(url, autocommit=True) as link:
            link.execute("ALTER DATABASE sotong CONNECTION LIMIT 20")
        assert look_at(url).connections == 20


def test_more_web_threads_need_more_connections_and_the_usual_ones_fit_anywhere():
    assert needed(web_threads=108) == needed(web_threads=8) + 100
    assert worker(cpus=1) < worker(cpus=200) == worker(cpus=400)
    assert needed(web_threads=8) <= 97
