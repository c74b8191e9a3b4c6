"""Child processes of the tests: started with the parent's death tied to theirs, ended by their own id."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1


class MissingServer(RuntimeError):
    """A program that the real servers need is not installed; the message names its Debian package."""


def die_with_parent(parent: int, signal_number: int) -> Callable[[], None]:
    """For ``preexec_fn``: the process gets that signal when the thread that started it has died."""
    libc = ctypes.CDLL(None, use_errno=True)

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal_number)
        if os.getppid() != parent:
            os._exit(1)

    return tie


@contextlib.contextmanager
def running(
    command: Sequence[str],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    stop_signal: int = signal.SIGTERM,
    stdin: int = subprocess.DEVNULL,
    stdout: int | IO[bytes] | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program beside the tests until the block ends. Start it from the main thread: it dies with that thread."""
    with log.open("ab") as log_file:
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=log_file if stdout is None else stdout,
            stderr=log_file,
            env=None if env is None else dict(env),
            cwd=cwd,
            user=user,
            group=user,
            extra_groups=[] if user else None,
            # Runs after the change of user, which clears the death signal.
            preexec_fn=die_with_parent(os.getpid(), stop_signal),  # noqa: PLW1509
        )
    try:
        yield process
    finally:
        if process.stdin:
            process.stdin.close()
        process.send_signal(stop_signal)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


class Ports:
    """Hands out free ports of 127.0.0.1 from one block, below the machine's ephemeral ports."""

    def __init__(self, block: str) -> None:
        first, last = (int(number) for number in block.split("-"))
        self._numbers = iter(range(first, last + 1))
        self.last = last
        self.block = block

    def take(self) -> int:
        for number in self._numbers:
            with socket.socket() as probe:
                # As servers do: a port whose old connections only linger is free.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", number))
                except OSError:
                    continue
                return number
        raise RuntimeError(f"no free port left in {self.block}")
