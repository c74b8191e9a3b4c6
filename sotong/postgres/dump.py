"""A database in one file, and back. Works on the embedded server and on one that ``DATABASE_URL`` names."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg

from sotong.postgres.errors import PostgresError, disk_full
from sotong.postgres.launch import launch
from sotong.postgres.programs import INSTALL, wheel_folder
from sotong.settings.address import parts_of

NAMES = {"dbname": "PGDATABASE", "application_name": "PGAPPNAME"}
"""Parts of an address whose variable is not simply PG and their name."""


def dump(url: str, file: Path) -> None:
    """Write the database as it stands at one moment; who works on it is not disturbed. Raises ``PostgresError``."""
    _run("pg_dump", ["--format=custom", f"--file={file}"], url, file.parent)


def restore(url: str, file: Path) -> None:
    """Fill an empty database from a dump, whole or not at all. Raises ``PostgresError``."""
    words = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-acl"]
    _run("pg_restore", [*words, f"--dbname={parts_of(url)['dbname']}", str(file)], url, file.parent)


def is_empty(url: str) -> bool:
    """Whether the database has no table of anybody's yet."""
    with psycopg.connect(url, connect_timeout=10) as link:
        return not link.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()


def _run(program: str, words: list[str], url: str, folder: Path) -> None:
    # In the environment, where other users of the machine cannot read the password.
    address = {NAMES.get(name, f"PG{name.upper()}"): value for name, value in parts_of(url).items()}
    process = launch(
        [wheel_folder() / INSTALL / "bin" / program, *words],
        environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", **address},
    )
    told = process.communicate()[0].decode("utf-8", errors="replace")
    if process.returncode == 0:
        return
    if "No space left on device" in told:
        raise disk_full(folder)
    said = next((line for line in told.splitlines() if "error:" in line), "no output").strip()
    raise PostgresError(f"{program} failed; it said: {said}", korean=f"{program}이(가) 실패했어요: {said}")
