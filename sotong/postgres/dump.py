"""A database in one file, and back. Works on the embedded server and on one that ``DATABASE_URL`` names."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import psycopg

from sotong.postgres.errors import PostgresError, disk_full
from sotong.postgres.launch import launch
from sotong.postgres.programs import INSTALL, wheel_folder
from sotong.settings.address import parts_of

NAMES = {"dbname": "PGDATABASE", "application_name": "PGAPPNAME", "connect_timeout": "PGCONNECT_TIMEOUT"}
"""Parts of an address whose variable is not simply PG and their name without underscores."""
HEAD_ENDS = b"SET client_encoding"
"""A line that every dump has before the first table."""
NEWER: dict[bytes, int] = {b"SET transaction_timeout = 0;": 170_000}
"""Lines of that head which an older server refuses, and the version that knows them. Each only says the default."""
SAID_AT_MOST = 100_000


def dump(url: str, file: Path, *, without_rows_of: Iterable[str] = ()) -> None:
    """Write the database as it stands at one moment; who works on it is not disturbed. Raises ``PostgresError``.

    Of the tables ``without_rows_of`` only the shape is written.
    """
    left_out = [f"--exclude-table-data=public.{table}" for table in without_rows_of]
    words = _program("pg_dump", "--format=custom", f"--file={file}", *left_out)
    with tempfile.TemporaryFile() as told:
        process = launch(words, environment=_own(url), output=told)
        process.wait()
        _check(process, "pg_dump", told, file.parent)


def restore(url: str, file: Path) -> None:
    """Fill an empty database from a dump, whole or not at all. Raises ``PostgresError``.

    The COMMIT is sent when all of the dump has been: whatever ends before that, with or without us, leaves nothing.
    """
    with psycopg.connect(url, connect_timeout=10) as link:
        version = link.info.server_version
    with tempfile.TemporaryFile() as told_reading, tempfile.TemporaryFile() as told_filling:
        reading = launch(
            _program("pg_restore", "--no-owner", "--no-acl", "--file=-", str(file)),
            environment=_own(url),
            errors=told_reading,
        )
        filling = launch(
            _program("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"),
            environment=_own(url),
            given=subprocess.PIPE,
            output=subprocess.DEVNULL,
            errors=told_filling,
        )
        assert reading.stdout is not None and filling.stdin is not None  # noqa: S101 - both are pipes
        # A broken pipe: psql has met an error and ended; what it said is read below.
        with suppress(BrokenPipeError), filling.stdin:
            filling.stdin.write(b"BEGIN;\n")
            filling.stdin.writelines(readable_head(reading.stdout, version))
            shutil.copyfileobj(reading.stdout, filling.stdin)
            if reading.wait() == 0:
                filling.stdin.write(b"COMMIT;\n")
        reading.stdout.close()
        for process in (filling, reading):
            process.wait()
        _check(filling, "psql", told_filling, file.parent)
        _check(reading, "pg_restore", told_reading, file.parent)


def readable_head(script: IO[bytes], version: int) -> Iterator[bytes]:
    """The lines of a dump up to its first table, without what a server of ``version`` (180004: 18.4) does not know."""
    for line in script:
        if NEWER.get(line.strip(), 0) <= version:
            yield line
        if line.startswith(HEAD_ENDS):
            return


def is_empty(url: str) -> bool:
    """Whether the database has no table of anybody's yet."""
    with psycopg.connect(url, connect_timeout=10) as link:
        return not link.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone()


def _program(name: str, *words: str) -> list[str | Path]:
    return [wheel_folder() / INSTALL / "bin" / name, *words]


def _own(url: str) -> dict[str, str]:
    """The address as variables, where other users of the machine cannot read the password."""
    given = {name: value for name, value in os.environ.items() if name.startswith("PG")}
    address = {NAMES.get(name) or f"PG{name.replace('_', '').upper()}": value for name, value in parts_of(url).items()}
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", **given, **address}


def _check(process: subprocess.Popen[bytes], program: str, told: IO[bytes], folder: Path) -> None:
    if process.returncode == 0:
        return
    told.seek(0)
    text = told.read(SAID_AT_MOST).decode("utf-8", errors="replace")
    if "No space left on device" in text:
        raise disk_full(folder)
    said = next((line for line in text.splitlines() if "error:" in line.lower()), "no output").strip()
    raise PostgresError(f"{program} failed; it said: {said}", korean=f"{program}이(가) 실패했어요: {said}")
