"""Starting, attaching to and stopping the server of a data folder.

``start`` runs it as our child; ``attach`` finds one that a living process keeps; ``running_server`` does whichever
fits. A server whose starter was killed shuts down by itself: ``start`` waits for that, and its successor recovers.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from sotong.postgres import tuning
from sotong.postgres.account import Account, server_account
from sotong.postgres.cluster import (
    DATABASE,
    ROLE,
    bare_environment,
    check_version,
    make_cluster,
    make_database,
    write_admission,
)
from sotong.postgres.errors import PostgresError, explained, from_os, taken
from sotong.postgres.folders import (
    Layout,
    clear_socket_folder,
    make_data_folder,
    make_server_folder,
    make_socket_folder,
)
from sotong.postgres.launch import launch
from sotong.postgres.pidfile import exists, is_kept, living, written
from sotong.postgres.programs import programs_for

Sink = Callable[[str], None]
"""Gets each line that the server logs. Called from a thread of its own."""

PATIENCE = 600.0
"""Seconds that a start may take: recovery after a crash reads the whole log since the last checkpoint."""
DEPARTURE = 30.0
"""Seconds that a server may take to leave after its starter was killed."""


def url_of(socket: Path) -> str:
    """The address under which the product reaches a server with its socket in that folder. It holds no secret."""
    return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(socket), safe='')}"


@dataclass
class Server:
    """A server that this process runs."""

    layout: Layout
    account: Account
    process: subprocess.Popen[bytes]
    socket: Path
    recent: deque[str] = field(default_factory=lambda: deque(maxlen=40))

    @property
    def url(self) -> str:
        return url_of(self.socket)

    def stop(self, patience: float = 20.0) -> None:
        """Stop it, sessions and all. After ``patience`` seconds it stops without its last checkpoint: the next start
        recovers from the log, nothing committed is lost.
        """
        for number, seconds in ((signal.SIGINT, patience), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0)):
            if self.process.poll() is None:
                self.process.send_signal(number)
            try:
                self.process.wait(seconds)
                break
            except subprocess.TimeoutExpired:
                continue
        clear_socket_folder(self.socket, self.account)


def start(
    data: Path,
    *,
    sink: Sink | None = None,
    socket: Path | None = None,
    connections: int = 0,
    durable: bool = True,
    may_create: bool = False,
) -> Server:
    """Start the server of ``data`` as our child and wait until it answers. Call it from the main thread.

    ``socket``: the folder of a server of ours that died, so that the next one has the same address.
    ``connections``: how many it must have room for; there is always enough for an errand.
    ``durable=False`` and ``may_create=True`` are for throw-away servers. Raises ``PostgresError``: one clear sentence.
    """
    make_data_folder(data)
    layout = Layout(data)
    account = server_account(layout.folder)
    make_server_folder(layout, account)
    with _alone(layout):
        programs = programs_for(account, layout)
        _await_departure(layout, account, kept_socket=socket)
        make_cluster(layout, programs, account, durable=durable)
        check_version(layout)
        write_admission(layout, account)
        if socket is None or not socket.is_dir():
            socket = make_socket_folder(layout, account)
        settings = tuning.settings_for(
            layout, socket, memory=tuning.memory_bytes(), durable=durable, connections=connections
        )
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        process = launch(
            [programs / "postgres", "-D", layout.cluster, *options],
            account=account,
            death_signal=signal.SIGINT,
            environment=bare_environment(),
            folder=layout.folder,
        )
        server = Server(layout, account, process, socket)
        reader = threading.Thread(target=_read, args=(server, sink), daemon=True, name="postgres-log")
        reader.start()
        try:
            _await_ready(server, reader)
            make_database(socket, may_create=may_create)
        except BaseException:
            server.stop(patience=5.0)
            raise
    return server


def attach(data: Path) -> str | None:
    """The address of a server that somebody alive runs on ``data`` and that answers; None where there is none."""
    layout = Layout(data)
    found = written(layout)
    if not found or not found.is_ready or not found.socket:
        return None
    if found.pid not in living(layout) or not is_kept(layout, found.pid):
        return None
    url = url_of(found.socket)
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return None
    return url


@contextmanager
def running_server(data: Path, *, sink: Sink | None = None) -> Iterator[str]:
    """The address of a running server on ``data``: the one that runs, else one of our own that stops at the end."""
    url = attach(data)
    if url:
        yield url
        return
    server = start(data, sink=sink)
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def _alone(layout: Layout) -> Iterator[None]:
    """One start at a time on a folder; a second waits, then finds the first one's server."""
    try:
        handle = os.open(layout.folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as problem:
        raise from_os(problem, layout.folder) from problem
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _await_departure(layout: Layout, account: Account, *, kept_socket: Path | None) -> None:
    """Wait until no process of an earlier server is left; then clear away what a killed one leaves behind.

    Raises ``PostgresError`` where somebody alive runs it.
    """
    before = written(layout)
    began = time.monotonic()
    while pids := living(layout):
        postmaster = before.pid if before and before.pid in pids else None
        if postmaster and is_kept(layout, postmaster):
            raise taken(layout.folder, postmaster)
        waited = time.monotonic() - began
        if waited > DEPARTURE + 10.0:
            raise taken(layout.folder, pids[0])
        if postmaster:
            # Where the kernel could not tell it that its starter died, we do; a second telling changes nothing.
            _signal(postmaster, signal.SIGINT if waited < DEPARTURE else signal.SIGQUIT)
        time.sleep(0.1)
    if not before:
        return
    if before.socket and before.socket != kept_socket:
        clear_socket_folder(before.socket, account)
    if exists(before.pid):
        # The number is somebody else's by now, which PostgreSQL cannot tell: no process stands in the cluster.
        (layout.cluster / "postmaster.pid").unlink(missing_ok=True)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _await_ready(server: Server, reader: threading.Thread) -> None:
    began = time.monotonic()
    while server.process.poll() is None:
        found = written(server.layout)
        if found and found.pid == server.process.pid and found.is_ready:
            return
        if time.monotonic() - began > PATIENCE:
            raise PostgresError(
                f"PostgreSQL did not become ready within {PATIENCE:.0f} s.",
                korean=f"PostgreSQL이 {PATIENCE:.0f}초 안에 준비되지 못했어요.",
            )
        time.sleep(0.02)
    reader.join(2.0)
    raise explained(server.recent, server.layout.folder)


def _read(server: Server, sink: Sink | None) -> None:
    stream = server.process.stdout
    assert stream is not None  # noqa: S101 - launched with a pipe
    for raw in iter(lambda: stream.readline(65536), b""):
        line = raw.decode("utf-8", errors="replace").rstrip()
        server.recent.append(line)
        if sink:
            sink(line)
    stream.close()
