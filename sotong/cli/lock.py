"""One house at a time on a data folder, one backup at a time into a folder.

The kernel releases a lock when its holder dies, however it dies.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sotong.cli.words import Refusal
from sotong.postgres.errors import from_os


class Lock:
    """Held from ``__init__`` until the process ends or ``release()``. Raises ``Refusal`` where another holds it."""

    def __init__(self, file: Path, address: str) -> None:
        self._file = file
        try:
            self._handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as problem:
            raise from_os(problem, file.parent) from problem
        if not _taken(self._handle):
            os.close(self._handle)
            pid, where = holder(file)
            raise Refusal(
                f"이 데이터로 소통이 이미 돌고 있어요: {where} (프로세스 {pid}). 그것을 쓰거나 먼저 멈춰 주세요.",
                f"Sotong already runs on this data: {where} (process {pid}). Use that one, or stop it first.",
            )
        try:
            os.ftruncate(self._handle, 0)
            os.pwrite(self._handle, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)
        except OSError as problem:
            os.close(self._handle)
            raise from_os(problem, file.parent) from problem

    def release(self) -> None:
        os.close(self._handle)


@contextmanager
def alone_in(folder: Path, refusal: Refusal) -> Iterator[None]:
    """Nobody else is ``alone_in`` the folder meanwhile, of this machine or of another that shares it.

    Raises ``refusal`` where somebody is, ``Refusal`` where a link stands in the lock's place: we would make, and lock,
    a file elsewhere; ``OSError`` where the folder takes no file.
    """
    file = folder / ".sotong.lock"
    while True:
        try:
            handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as problem:
            if problem.errno != errno.ELOOP:
                raise
            raise Refusal(
                f"{file} 자리에 다른 곳을 가리키는 링크가 있어요. 링크를 지우고 다시 해 주세요.",
                f"{file} is a link to another place; remove the link, then run this again.",
            ) from problem
        if not _taken(handle):
            os.close(handle)
            raise refusal
        if os.fstat(handle).st_nlink:
            break
        os.close(handle)  # its former holder has removed it since we opened it: that one keeps nobody away
    try:
        yield
    finally:
        file.unlink(missing_ok=True)
        os.close(handle)


def _taken(handle: int) -> bool:
    for _ in range(5):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.05)  # it may only be somebody who looks whether it is held
        else:
            return True
    return False


def holder(file: Path) -> tuple[int, str]:
    """Who wrote the lock last: process id and address; (0, "") where nobody has."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return int(found["pid"]), str(found["address"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""


def is_held(file: Path) -> bool:
    """Whether a living process holds the lock."""
    try:
        handle = os.open(file, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
