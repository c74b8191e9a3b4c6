"""A throw-away server for tests: fast, and careless of its data."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sotong.postgres.pidfile import exists
from sotong.postgres.server import start

PREFIX = "sotong-server-"


@contextmanager
def temporary_server() -> Iterator[str]:
    """The address of a fresh server that vanishes at the end, data and all. Its role may make databases."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_place()))
    try:
        # As root the server becomes another user, who must pass through; only the folder inside is closed.
        folder.chmod(0o711)
        server = start(folder, durable=False, may_create=True)
        try:
            yield server.url
        finally:
            server.stop(patience=5.0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _place() -> str:
    # Another user may be unable to enter a private TMPDIR; /tmp is everybody's.
    return "/tmp" if os.geteuid() == 0 and Path("/tmp").is_dir() else tempfile.gettempdir()  # noqa: S108


def _sweep() -> None:
    """Remove what a killed test run left behind. A folder names the process that made it."""
    for old in Path(_place()).glob(f"{PREFIX}*-*"):
        pid = old.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not exists(int(pid)) and old.stat().st_uid == os.geteuid():
            shutil.rmtree(old, ignore_errors=True)
