"""Logs on disk: one JSON object a line, one file a process, rotated by size."""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from sotong.settings.logs import blanked, without_links

LIMIT = 8 * 1024 * 1024
KEPT = 3
"""Older files kept beside the current one: name.log.1 is the youngest."""
LINE_LIMIT = 16_384


class Journal:
    """The log of one process. Writing never raises: a full disk costs log lines, not the house."""

    def __init__(self, folder: Path, name: str, *, limit: int = LIMIT) -> None:
        self.name = name
        self.file = folder / f"{name}.log"
        self.lost = 0
        """Lines that could not be written."""
        self.last = ""
        """The last message, for the terminal when the process ends by surprise."""
        self._limit = limit
        self._lock = threading.Lock()

    def take(self, line: str, level: str = "info") -> None:
        """Keep one line of the process's output: as it is where it is JSON already, else in our form."""
        line = without_links(line[:LINE_LIMIT].rstrip())
        if not line:
            return
        entry = _parsed(line)
        if entry is None:
            entry = {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "level": level,
                "process": self.name,
                "message": blanked(line),
            }
        with self._lock:
            self.last = str(entry.get("message", ""))
            try:
                self._write(json.dumps(entry, ensure_ascii=False) + "\n")
            except OSError:
                self.lost += 1

    def _write(self, text: str) -> None:
        data = text.encode("utf-8", errors="replace")
        if self.file.exists() and self.file.stat().st_size + len(data) > self._limit:
            self._rotate()
        handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, data)
        finally:
            os.close(handle)

    def _rotate(self) -> None:
        for number in range(KEPT, 0, -1):
            older = self.file if number == 1 else self.file.with_name(f"{self.file.name}.{number - 1}")
            if older.exists():
                older.replace(self.file.with_name(f"{self.file.name}.{number}"))


def _parsed(line: str) -> dict[str, object] | None:
    if not line.startswith("{"):
        return None
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
