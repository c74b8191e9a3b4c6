"""The append-only record of everything that happened: ``truth.jsonl``. Run as a program, it prints the counts.

A line is written, then flushed to the disk, before its answer leaves. Nothing is ever rewritten: a line torn by a
crash was never answered, so it is closed with a line end and the next ``start`` line says ``"torn": true``.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sotong_practice.refusals import Refusal
from sotong_practice.rules import show_time

Record = dict[str, Any]

FILE_NAME = "truth.jsonl"
TAIL_BYTES = 1 << 20
"""No record is longer than this."""


class Damaged(Exception):
    """The file holds a line that no crash can explain; the words say which."""


class InUse(Exception):
    """Another process works with this data folder."""


def read_truth(path: Path) -> Iterator[Record]:
    """All records, in order. Raises ``Damaged`` for an unreadable line that is not a torn one."""
    awaited = 1
    torn_at = 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            record = _decode(line)
            if record is None:
                if torn_at:
                    raise Damaged(f"{path}: line {torn_at} is not readable")
                torn_at = number
                continue
            if torn_at and not (record["kind"] == "start" and record.get("torn")):
                raise Damaged(f"{path}: line {torn_at} is not readable")
            torn_at = 0
            if record["seq"] != awaited:
                raise Damaged(f"{path}: line {number} has number {record['seq']} where {awaited} was due")
            awaited += 1
            yield record


def _decode(line: bytes) -> Record | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and "seq" in record and "kind" in record else None


class Truth:
    """The open file. One process at a time; ``append`` and ``durable`` belong to the event loop's thread."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / FILE_NAME
        self.sequence = 0
        self._flushed = 0
        self._flushing: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="truth")
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._file)
            raise InUse(str(folder)) from error
        _sync_folder(folder)

    def replay(self) -> Iterator[Record]:
        """All records so far; afterwards ``sequence`` is the last number."""
        for record in read_truth(self.path):
            self.sequence = record["seq"]
            yield record
        self._flushed = self.sequence

    def close_torn_line(self) -> bool:
        """Gives a last line its end where a crash cut it off. True when the last line is no whole record."""
        size = os.fstat(self._file).st_size
        if size == 0:
            return False
        tail = os.pread(self._file, TAIL_BYTES, max(0, size - TAIL_BYTES))
        if not tail.endswith(b"\n"):
            os.write(self._file, b"\n")
            return True
        return _decode(tail.rstrip(b"\n").rsplit(b"\n", 1)[-1]) is None

    def append(self, kind: str, *, at: datetime | None = None, **content: Any) -> Record:
        """Writes one record and returns it. Raises ``Refusal`` (``storage_full``) when nothing could be written."""
        now = datetime.now(UTC)
        record: Record = {"seq": self.sequence + 1, "kind": kind, "at": show_time(at or now), "written": show_time(now)}
        record.update({name: value for name, value in content.items() if value is not None})
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        before = os.fstat(self._file).st_size
        try:
            written = os.write(self._file, line)
            if written != len(line):
                raise OSError(f"{written} of {len(line)} bytes written")
        except OSError as error:
            os.ftruncate(self._file, before)  # these bytes were part of no record and of no answer
            raise Refusal(503, "storage_full") from error
        self.sequence += 1
        return record

    async def durable(self, sequence: int) -> None:
        """Returns once the record of that number is on the disk. Several callers share one flush."""
        while self._flushed < sequence:
            if self._flushing is None:
                self._flushing = asyncio.create_task(self._flush())
            await asyncio.shield(self._flushing)

    async def _flush(self) -> None:
        target = self.sequence
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, os.fdatasync, self._file)
            self._flushed = target
        finally:
            self._flushing = None

    def close(self) -> None:
        self._thread.shutdown()
        os.fdatasync(self._file)
        os.close(self._file)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


if __name__ == "__main__":
    from sotong_practice.counting import main

    raise SystemExit(main())
