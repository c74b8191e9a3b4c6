"""A job is planned with the change that asks for it, once where once is asked for; a dead worker's is taken up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob

from sotong.bus.models import Signal
from sotong.jobs.face import enqueue, wake_up
from sotong.jobs.jobs import retry_stalled, trim_event_log

NAME = "tests.work"


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """Work that is really committed. Procrastinate's tables are not Django's to empty."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def waiting() -> list[dict[str, object]]:
    return [job.args for job in ProcrastinateJob.objects.filter(task_name=NAME, status="todo").order_by("id")]


@pytest.mark.django_db
def test_job_of_a_change_that_is_rolled_back_is_never_planned() -> None:
    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        enqueue(NAME, number=1)
        raise Undone
    assert waiting() == []
    enqueue(NAME, number=2)
    assert waiting() == [{"number": 2}]


@pytest.mark.usefixtures("committed")
def test_job_that_waits_already_is_not_added_and_the_change_goes_on() -> None:
    with transaction.atomic():
        enqueue(NAME, once="key", number=1)
        enqueue(NAME, once="key", number=2)
        enqueue(NAME, once="other", number=3)
    assert waiting() == [{"number": 1}, {"number": 3}]
    ProcrastinateJob.objects.filter(task_name=NAME).update(status="doing")
    enqueue(NAME, once="key", number=4)
    assert waiting() == [{"number": 4}]


@pytest.mark.usefixtures("committed")
def test_wake_up_comes_when_the_change_is_there_and_two_changes_do_not_wait_for_each_other() -> None:
    def other() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            enqueue(NAME, once="key", number=2)
        finally:
            connection.close()

    with transaction.atomic():
        enqueue(NAME, once="key", number=1)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(other).result(timeout=10)
        assert waiting() == [{"number": 2}]
    assert waiting() == [{"number": 2}]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue(NAME, once="undone", number=3)
        raise ZeroDivisionError
    assert waiting() == [{"number": 2}]


@pytest.mark.django_db(transaction=True)
def test_a_running_worker_plans_on_the_connection_of_the_change(committed: None) -> None:
    """Where procrastinate has connections of its own, as in every worker."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    def work() -> None:
        try:
            with transaction.atomic():
                enqueue(NAME, number=1)
                assert others() == []
                raise ZeroDivisionError
        finally:
            connection.close()

    def others() -> list[dict[str, object]]:
        def look() -> list[dict[str, object]]:
            try:
                return waiting()
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            return pool.submit(look).result(timeout=10)

    async def as_worker() -> None:
        with app.replace_connector(DjangoConnector().get_worker_connector()) as working:
            async with working.open_async():
                await asyncio.get_running_loop().run_in_executor(None, work)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(as_worker())
    assert waiting() == []


@pytest.mark.usefixtures("committed")
def test_a_wake_up_that_failed_keeps_no_other_from_coming() -> None:
    """Run by a real worker: its failed run neither waits for a next try nor stays "doing"."""
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    @wake_up(NAME)
    def work(number: int) -> None:
        if number == 1:
            # What came meanwhile waits already, under the same key.
            enqueue(NAME, once="key", number=2)
        connection.close()
        raise ZeroDivisionError

    async def run() -> None:
        with app.replace_connector(DjangoConnector().get_worker_connector()) as working:
            async with working.open_async():
                await working.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    try:
        enqueue(NAME, once="key", number=1)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, run()).result(timeout=30)
    finally:
        app.tasks.pop(NAME)
    states = ProcrastinateJob.objects.filter(task_name=NAME).order_by("id").values_list("args__number", "status")
    assert list(states) == [(1, "failed"), (2, "failed")]


def test_a_job_that_is_tried_again_by_itself_is_no_wake_up() -> None:
    with pytest.raises(ValueError, match="no wake-up"):
        enqueue("inbox.acknowledge", once="key", conversation_ids=[])


def sweep() -> None:
    """The sweep in a thread of its own, as a worker runs it: a browser test leaves an event loop in this one."""

    def work() -> None:
        try:
            retry_stalled()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def worker(seconds_ago: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [seconds_ago],
        )
        row = cursor.fetchone()
    assert row
    return int(row[0])


@pytest.mark.usefixtures("committed")
def test_job_of_a_dead_worker_is_taken_up_and_that_of_a_living_one_is_left() -> None:
    for number, heard in ((1, 120), (2, 1)):
        enqueue(NAME, number=number)
        ProcrastinateJob.objects.filter(task_name=NAME, status="todo").update(status="doing", worker_id=worker(heard))
    sweep()
    assert waiting() == [{"number": 1}]


@pytest.mark.usefixtures("committed")
def test_job_of_a_dead_worker_gives_way_to_one_of_its_key_that_waits() -> None:
    enqueue(NAME, once="key", number=1)
    ProcrastinateJob.objects.filter(task_name=NAME).update(status="doing", worker_id=worker(120))
    enqueue(NAME, once="key", number=2)
    sweep()
    assert waiting() == [{"number": 2}]
    assert not ProcrastinateJob.objects.filter(task_name=NAME, status="doing").exists()


@pytest.mark.django_db
def test_event_log_keeps_a_day() -> None:
    old = Signal.objects.create(name="conversation", permission="inbox.read", ids={})
    young = Signal.objects.create(name="conversation", permission="inbox.read", ids={})
    Signal.objects.filter(pk=old.pk).update(at=Now() - timedelta(hours=25))
    trim_event_log()
    assert list(Signal.objects.values_list("pk", flat=True)) == [young.pk]
