"""``sotong worker``: works through jobs."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from sotong.cli.site import set_up

if TYPE_CHECKING:
    from procrastinate.app import WorkerOptions

STOP_SECONDS = 2
"""How long running jobs may go on after a signal to stop. One that is cut off is found and done again."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--queues", default="", help="only these queues, separated by commas (default: all)")
    parser.add_argument("--concurrency", type=int, default=4, help="jobs worked on at the same time (default 4)")


def run(arguments: argparse.Namespace) -> int:
    set_up()
    named = os.environ.get("SOTONG_WORKER_SOCKET")
    options: WorkerOptions = {"concurrency": arguments.concurrency, "shutdown_graceful_timeout": STOP_SECONDS}
    if queues := [name.strip() for name in arguments.queues.split(",") if name.strip()]:
        options["queues"] = queues
    asyncio.run(_work(options, Path(named) if named else None))
    return 0


async def _work(options: WorkerOptions, socket: Path | None) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    from sotong.jobs.turns import TurningJobs, Turns, answering

    turns = Turns(options["concurrency"])
    options["worker_middleware"] = [turns.around]
    with app.replace_connector(DjangoConnector().get_worker_connector()):
        app.job_manager = TurningJobs(app.connector, turns)
        async with app.open_async(), answering(turns, socket):
            await app.run_worker_async(**options)
