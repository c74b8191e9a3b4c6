"""The small face over procrastinate: declare a job, enqueue it, run it regularly."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import JobDeferrer, Status
from procrastinate.manager import JobManager

Work = TypeVar("Work", bound=Callable[..., None])

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)
"""For jobs that fail by surprise; what can be expected to fail is a state of its row instead."""


def job(name: str, *, queue: str = "default", retry: RetryStrategy | bool = RETRY) -> Callable[[Work], Work]:
    """Declare a job. ``name`` is stable ("channels.send_due"): renaming it loses what is waiting."""

    def decorate(work: Work) -> Work:
        app.task(name=name, queue=queue, retry=retry)(work)
        return work

    return decorate


def wake_up(name: str, *, queue: str = "default") -> Callable[[Work], Work]:
    """Declare a job that is planned with ``once``. It is never tried again by itself: its sweep plans it anew, and a
    run that waited for its next try would keep that sweep, and everything new, from waking anybody.
    """
    return job(name, queue=queue, retry=False)


def periodic(name: str, *, cron: str, queue: str = "default") -> Callable[[Work], Work]:
    """Declare a job that runs by ``cron`` (five fields, or six with seconds last). It takes no arguments.

    A run that is still waiting is not queued twice.
    """

    def decorate(work: Work) -> Work:
        def run(timestamp: int) -> None:
            work()

        task = app.task(name=name, queue=queue, queueing_lock=name, retry=False)(run)
        app.periodic(cron=cron)(task)
        return work

    return decorate


def enqueue(name: str, *, once: str | None = None, **arguments: Any) -> None:
    """Plan a job in the caller's transaction: it is there if the change is, and never starts before it.

    ``once``: while a job of that key waits, another is not added. It is then a wake-up, planned when the transaction
    has committed: two transactions that plan the same key would wait for each other. A process that dies in between
    owes it, so such a job needs a sweep that finds what it was for. Raises ``ValueError`` for a job with ``once`` that
    is not declared as a ``wake_up``.
    """
    from django.db import transaction

    known = app.tasks.get(name)
    if once is not None and known is not None and known.retry_strategy is not None:
        raise ValueError(f"{name} is no wake-up: it is tried again by itself")
    planned = app.configure_task(name, queueing_lock=once, allow_unknown=True)
    # A worker's own connector has connections of its own; the change is on Django's.
    planned.job_manager = JobManager(DjangoConnector())
    if once is None:
        planned.defer(**arguments)
    else:
        transaction.on_commit(partial(_wake, planned, once, arguments), robust=True)


def _wake(planned: JobDeferrer, key: str, arguments: dict[str, Any]) -> None:
    from django.db import transaction
    from procrastinate.contrib.django.models import ProcrastinateJob

    if ProcrastinateJob.objects.filter(queueing_lock=key, status=Status.TODO.value).exists():
        # It starts after this look, so after the change, and sees it. Asked first, because the database writes each
        # refused insert into its log.
        return
    try:
        with transaction.atomic():
            planned.defer(**arguments)
    except AlreadyEnqueued:
        return
