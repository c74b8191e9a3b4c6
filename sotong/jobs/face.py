"""The small face over procrastinate: declare a job, enqueue it, run it regularly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

Work = TypeVar("Work", bound=Callable[..., None])

RETRY = RetryStrategy(max_attempts=8, exponential_wait=3)
"""For jobs that fail by surprise; what can be expected to fail is a state of its row instead."""


def job(name: str, *, queue: str = "default", retry: RetryStrategy | bool = RETRY) -> Callable[[Work], Work]:
    """Declare a job. ``name`` is stable ("channels.send_due"): renaming it loses what is waiting."""

    def decorate(work: Work) -> Work:
        app.task(name=name, queue=queue, retry=retry)(work)
        return work

    return decorate


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


def enqueue(name: str, *, at: Any = None, once: str | None = None, **arguments: Any) -> None:
    """Plan a job in the caller's transaction. ``at``: not before (aware datetime). ``once``: while a job of that key
    waits, another is not added.
    """
    deferrer = app.configure_task(name, schedule_at=at, queueing_lock=once, allow_unknown=True)
    if once is None:
        deferrer.defer(**arguments)
        return
    from django.db import transaction

    try:
        with transaction.atomic():
            deferrer.defer(**arguments)
    except AlreadyEnqueued:
        return
