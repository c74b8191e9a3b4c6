"""``sotong worker``: works through jobs."""

from __future__ import annotations

import argparse

from django.core.management import call_command

from sotong.cli.site import set_up

STOP_SECONDS = 2
"""How long running jobs may go on after a signal to stop. One that is cut off is found and done again."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--queues", default="", help="only these queues, separated by commas (default: all)")
    parser.add_argument("--concurrency", type=int, default=4, help="jobs worked on at the same time (default 4)")


def run(arguments: argparse.Namespace) -> int:
    set_up()
    words = ["--concurrency", str(arguments.concurrency), "--shutdown-graceful-timeout", str(STOP_SECONDS)]
    if arguments.queues:
        words += ["--queues", arguments.queues]
    call_command("procrastinate", "worker", *words)
    return 0
