"""``sotong migrate``: bring the database up to this version."""

from __future__ import annotations

import argparse

from django.core.management import call_command
from django.db import connection

from sotong.cli.site import database, set_up


def run(arguments: argparse.Namespace) -> int:
    with database():
        set_up()
        migrate(verbosity=1)
    return 0


def migrate(*, verbosity: int) -> None:
    """Run what has not run yet; several machines that start together wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext('sotong.migrate'))")
    try:
        call_command("migrate", interactive=False, verbosity=verbosity)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('sotong.migrate'))")
