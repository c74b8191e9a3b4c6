"""The language process: the one place of a machine where Kiwi is loaded (3 to 7 s, 500 MB).

It listens on a Unix socket that only its own user may open, and only once Kiwi is ready: until then, and when it is
gone, whoever asks is turned away at once and does without. Kiwi holds Python's lock while it reads, so one thread
serves all: it reads in slices of a few milliseconds and lets short questions, which a page waits for, go before
batches. By hand: ``python -m sotong.language.process SOCKET [--alone | --parent PID]``.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import fcntl
import os
import signal
import socket
import sys
from pathlib import Path

from sotong.language.analysing import Analyser
from sotong.language.serving import Server
from sotong.language.wire import address

_PR_SET_PDEATHSIG = 1
_PARENT_EVERY = 1.0


class AlreadyServing(RuntimeError):
    """Another language process serves this socket."""


def serve(socket_path: Path, *, die_with_parent: bool = True, parent_pid: int | None = None) -> None:
    """Load Kiwi and answer on ``socket_path`` until SIGTERM or SIGINT (or until the parent is gone).

    ``parent_pid``: the process with which this one dies, where the caller knows it better than ``os.getppid()`` does
    (it may have died while this one started). Raises ``AlreadyServing`` when the socket is taken, ``OSError`` when the
    folder cannot be used. A socket left behind by a killed process is replaced.
    """
    # While Kiwi loads, Python cannot run a handler for seconds: the system ends the process itself.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = parent_pid or os.getppid()
    if die_with_parent:
        _die_with(parent)
    socket_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(socket_path.with_name(socket_path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as taken:
        os.close(lock)
        raise AlreadyServing(f"{socket_path}: another language process serves this socket") from taken
    try:
        socket_path.unlink(missing_ok=True)
        analyser = Analyser()
        asyncio.run(_serve(socket_path, Server(analyser), parent if die_with_parent else None))
    finally:
        socket_path.unlink(missing_ok=True)
        os.close(lock)


async def _serve(socket_path: Path, server: Server, parent: int | None) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    listening = await asyncio.start_unix_server(server.converse, sock=_bound(socket_path), backlog=128)
    work = asyncio.create_task(server.work())
    stopping = asyncio.create_task(stop.wait())
    try:
        while parent is None or os.getppid() == parent:
            done, _ = await asyncio.wait({stopping, work}, timeout=_PARENT_EVERY, return_when=asyncio.FIRST_COMPLETED)
            if done:
                break
        if work.done():
            work.result()
    finally:
        work.cancel()
        stopping.cancel()
        listening.close()


def _bound(socket_path: Path) -> socket.socket:
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        with address(socket_path) as name:
            line.bind(name)
    finally:
        os.umask(before)
    return line


def _die_with(parent: int) -> None:
    """Have the system kill this process when the parent ends; a parent that is gone already ends it here."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)


def main(arguments: list[str] | None = None) -> None:
    """``serve`` from the command line; what goes wrong is one sentence on standard error and status 1."""
    parser = argparse.ArgumentParser(description="Take Korean texts apart for the other processes of this machine.")
    parser.add_argument("socket", type=Path, help="the Unix socket to answer on")
    parser.add_argument("--alone", action="store_true", help="go on when the parent process ends")
    parser.add_argument("--parent", type=int, help="pid of the process to end with (default: whoever started this)")
    chosen = parser.parse_args(arguments)
    try:
        serve(chosen.socket, die_with_parent=not chosen.alone, parent_pid=chosen.parent)
    except (AlreadyServing, OSError) as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
