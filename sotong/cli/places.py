"""Where the running house keeps its locks, sockets, wishes and logs, and what its children see of that."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sotong.postgres.errors import from_os
from sotong.postgres.folders import SOCKET_PATH_LIMIT
from sotong.postgres.pidfile import exists
from sotong.settings.options import Options

SOURCES = Path(__file__).resolve().parents[2]
"""What holds the ``sotong`` and ``sotong_practice`` packages."""
SHORT_PREFIX = "sotong-run-"


@dataclass(frozen=True)
class Places:
    """``sockets`` is ``<data>/run``, or a short private folder where that path is too long for a socket."""

    options: Options
    sockets: Path

    @property
    def run(self) -> Path:
        return self.options.run

    @property
    def log(self) -> Path:
        return self.options.data / "log"

    @property
    def lock(self) -> Path:
        return self.run / "up.lock"

    @property
    def state(self) -> Path:
        return self.run / "state.json"

    @property
    def practice_wish(self) -> Path:
        """Exists while the practice network is wanted; the product's pages make and remove it."""
        return self.run / "practice.wanted"

    @property
    def live_socket(self) -> Path:
        return self.sockets / "live.sock"

    @property
    def language_socket(self) -> Path:
        return self.sockets / "language.sock"

    @property
    def worker_socket(self) -> Path:
        return self.sockets / "worker.sock"

    def environment(self, database_url: str) -> dict[str, str]:
        """What every child sees."""
        paths = [str(SOURCES), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)),
            "PYTHONUNBUFFERED": "1",
            "SOTONG_DATA": str(self.options.data),
            "DATABASE_URL": database_url,
            "SOTONG_LIVE_SOCKET": str(self.live_socket),
            "SOTONG_LANGUAGE_SOCKET": str(self.language_socket),
            "SOTONG_WORKER_SOCKET": str(self.worker_socket),
        }


def make_places(options: Options) -> Places:
    """Make the folders. Raises ``PostgresError`` where they cannot be written."""
    for folder in (options.run, options.data / "log"):
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"\0")
        except OSError as problem:
            raise from_os(problem, folder) from problem
    _sweep()
    longest = options.run / "language.sock"
    if len(os.fsencode(longest)) <= SOCKET_PATH_LIMIT:
        return Places(options, options.run)
    return Places(options, Path(tempfile.mkdtemp(prefix=f"{SHORT_PREFIX}{os.getpid()}-")))


def places_of(options: Options, environ: Mapping[str, str] = os.environ) -> Places:
    """The places of a house that may run already; nothing is made."""
    live = environ.get("SOTONG_LIVE_SOCKET")
    return Places(options, Path(live).parent if live else options.run)


def clear_places(places: Places) -> None:
    """Remove the short folder, if there is one."""
    if places.sockets != places.run:
        shutil.rmtree(places.sockets, ignore_errors=True)


def _sweep() -> None:
    """Remove short folders of houses that were killed. A folder names the process that made it."""
    for old in Path(tempfile.gettempdir()).glob(f"{SHORT_PREFIX}*-*"):
        pid = old.name.removeprefix(SHORT_PREFIX).partition("-")[0]
        if pid.isdigit() and not exists(int(pid)) and old.stat().st_uid == os.geteuid():
            shutil.rmtree(old, ignore_errors=True)
