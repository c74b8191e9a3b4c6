"""Where the server keeps what it has, and who may pass.

``<data>/postgres`` belongs to the server's account and nobody else can enter it, so the socket inside it is closed to
the machine's other users too. The mode of a folder that we did not make is never changed.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sotong.postgres.account import Account, may_enter
from sotong.postgres.errors import disk_full, from_os, unreachable, unwritable

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107
"""Bytes that the kernel allows for a socket's path, without the closing zero."""
SHORT_PREFIX = "sotong-socket-"
FREE_AT_LEAST = 48 * 1024 * 1024
"""Bytes that must be free before the server starts: three segments of its log, so that it can at least recover."""
FREE_FOR_NEW = 128 * 1024 * 1024
"""Bytes that must be free before a new database is made."""


@dataclass(frozen=True)
class Layout:
    """The server's places below a data folder."""

    data: Path

    @property
    def folder(self) -> Path:
        return self.data / "postgres"

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.folder / "cluster"

    @property
    def unfinished(self) -> Path:
        """A cluster in the making; renamed when it is whole."""
        return self.folder / "cluster.new"

    @property
    def programs(self) -> Path:
        """A copy of the server's programs, where its account cannot reach the environment's."""
        return self.folder / "programs"

    @property
    def socket(self) -> Path:
        return self.folder / "socket"

    @property
    def starter(self) -> Path:
        """Holds the id of the process that runs the server."""
        return self.folder / "starter"


def fits_socket(folder: Path) -> bool:
    """Whether a socket in ``folder`` has a path that the kernel accepts."""
    return len(os.fsencode(folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT


def make_data_folder(data: Path) -> None:
    """Make the data folder and what is missing above it. Raises ``PostgresError`` where that is refused."""
    missing = [folder for folder in (data, *data.parents) if not folder.exists()]
    for folder in reversed(missing):
        try:
            folder.mkdir(exist_ok=True)
            if os.geteuid() == 0:
                # Ours, just made: others may pass through on their way to what is theirs, and may not look around.
                folder.chmod(0o711 if folder == data else 0o755)
            elif folder == data:
                folder.chmod(0o700)
        except OSError as problem:
            raise from_os(problem, folder) from problem
    _try_writing(data)


def _try_writing(data: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=data) as file:
            file.write(b"\0" * 4096)
    except OSError as problem:
        raise from_os(problem, data) from problem


def make_server_folder(layout: Layout, account: Account) -> None:
    """Make ``<data>/postgres`` for the account. Raises ``PostgresError``: out of reach, not writable, disk full."""
    if account.is_other and not may_enter(account, layout.data):
        raise unreachable(layout.data, account.name)
    try:
        _private(layout.folder, account)
        wanted = FREE_AT_LEAST if layout.cluster.exists() else FREE_FOR_NEW
        if shutil.disk_usage(layout.folder).free < wanted:
            raise disk_full(layout.folder)
        if layout.folder.stat().st_uid != account.uid:
            raise unwritable(layout.folder)
    except OSError as problem:
        raise from_os(problem, layout.folder) from problem


def make_socket_folder(layout: Layout, account: Account) -> Path:
    """A folder of the account's own for the socket: beside the cluster, or a short one where that path is too long."""
    if fits_socket(layout.socket):
        _private(layout.socket, account)
        return layout.socket
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108
        if not may_enter(account, Path(place)) or not os.access(place, os.W_OK):
            continue
        # A fresh name each time: a folder that somebody else laid out in advance is never used.
        short = Path(tempfile.mkdtemp(prefix=SHORT_PREFIX, dir=place))
        _private(short, account)
        return short
    raise unwritable(Path(tempfile.gettempdir()))


def clear_socket_folder(folder: Path, account: Account) -> None:
    """Remove a short socket folder that a server no longer uses; one beside the cluster stays."""
    if folder.name.startswith(SHORT_PREFIX) and folder.is_dir() and folder.stat().st_uid == account.uid:
        shutil.rmtree(folder, ignore_errors=True)


def _private(folder: Path, account: Account) -> None:
    if not folder.exists():
        folder.mkdir(mode=0o700)
    if account.is_other and folder.stat().st_uid == os.geteuid():
        os.chown(folder, account.uid, account.gid)
        folder.chmod(0o700)
