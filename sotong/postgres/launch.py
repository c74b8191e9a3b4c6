"""Starting a child that cannot outlive us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from sotong.postgres import drop
from sotong.postgres.account import Account


def launch(
    command: Sequence[str | Path],
    *,
    account: Account | None = None,
    death_signal: int = signal.SIGKILL,
    environment: Mapping[str, str] | None = None,
    given: int = subprocess.DEVNULL,
    output: int | IO[bytes] = subprocess.PIPE,
    errors: int | IO[bytes] = subprocess.STDOUT,
    folder: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in a session of its own; the kernel sends it ``death_signal`` when this thread's process dies.

    ``account``: the user to become (only as root). Call it from the main thread: the kernel means the *thread* that
    started the child. ``command[0]`` is an absolute path.
    """
    uid, gid = (account.uid, account.gid) if account and os.geteuid() == 0 else (-1, -1)
    before = [sys.executable, "-I", "-S", drop.__file__, str(os.getpid()), str(int(death_signal)), str(uid), str(gid)]
    return subprocess.Popen(
        [*before, *map(str, command)],
        stdin=given,
        stdout=output,
        stderr=errors,
        env=None if environment is None else dict(environment),
        cwd=folder,
        start_new_session=True,
    )
