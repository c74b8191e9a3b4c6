"""A worker answers for as long as its own loop looks for jobs, however long a job takes."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest
from django.db import connection
from procrastinate import App
from procrastinate.testing import InMemoryConnector
from psycopg.conninfo import make_conninfo

from sotong.cli.questions import over_socket
from sotong.jobs.turns import TURN_WITHIN, TurningJobs, Turns, answering
from sotong.postgres.given import is_working

ASKED_WITHIN = 0.5


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_loop_that_no_longer_looks_for_jobs_hangs_unless_all_slots_are_taken():
    async def story() -> None:
        clock = Clock()
        turns = Turns(1, clock=clock)
        assert turns.go_on()
        clock.now += TURN_WITHIN + 1
        assert not turns.go_on()
        turns.turn()
        assert turns.go_on()
        done = asyncio.Event()
        job = asyncio.create_task(turns.around(done.wait, None, None))
        await asyncio.sleep(0)
        clock.now += 3600
        assert turns.go_on(), "a long job is no hanging loop"
        done.set()
        await job
        assert turns.go_on(), "the loop has had no time yet"
        clock.now += TURN_WITHIN + 1
        assert not turns.go_on()

    asyncio.run(story())


def test_a_worker_turns_while_it_works_and_a_loop_that_is_held_up_answers_nobody(tmp_path: Path):
    socket, begun, goes_on, stops = tmp_path / "worker.sock", Event(), Event(), Event()
    clock = Clock()
    turns = Turns(1, clock=clock)

    async def story() -> None:
        app = App(connector=InMemoryConnector())
        app.job_manager = TurningJobs(app.connector, turns)

        @app.task(name="long")
        def work() -> None:
            begun.set()
            goes_on.wait(20)

        async with app.open_async(), answering(turns, socket):
            await work.defer_async()
            working = asyncio.create_task(
                app.run_worker_async(
                    worker_middleware=[turns.around], install_signal_handlers=False, fetch_job_polling_interval=0.05
                )
            )
            await asyncio.to_thread(stops.wait, 20)
            time.sleep(3 * ASKED_WITHIN)  # in the loop: what must not be
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

    running = Thread(target=asyncio.run, args=(story(),), daemon=True)
    running.start()
    works = over_socket(socket)
    assert begun.wait(20)
    clock.now += 10 * TURN_WITHIN
    assert works(ASKED_WITHIN), "its one slot is taken by a long job"
    goes_on.set()
    for _ in range(3):
        clock.now += TURN_WITHIN - 1
        time.sleep(0.3)
        assert works(ASKED_WITHIN), "it looks for jobs again"
    stops.set()
    time.sleep(0.2)
    assert not works(ASKED_WITHIN)
    running.join(20)


@pytest.mark.django_db(transaction=True)
def test_nobody_is_blamed_for_a_database_in_which_jobs_stand_still() -> None:
    connection.ensure_connection()
    info = connection.connection.info
    url = make_conninfo(host=info.host, port=info.port, user=info.user, password=info.password, dbname=info.dbname)
    assert is_working(url)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE procrastinate_jobs IN SHARE MODE")
        assert not is_working(url)
    assert is_working(url)
