"""The network itself: its truth file, what that adds up to, and the one place that changes it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sotong_practice.faults import FaultPlan
from sotong_practice.rules import read_time
from sotong_practice.state.applying import APPLIED
from sotong_practice.state.schema import open_tables
from sotong_practice.truth import Record, Truth

WORLD_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(kw_only=True)
class Settings:
    """What the administrator can change while it runs. Windows are in seconds."""

    idempotency: bool = True
    writes_per_window: int = 300
    reads_per_window: int = 3000
    window_seconds: int = 300


class Network:
    """Opened once for a data folder. All methods belong to the event loop's thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.truth = Truth(folder)
        self.media_folder = folder / "media"
        self.media_folder.mkdir(mode=0o700, exist_ok=True)
        self.tables = open_tables()
        self.settings = Settings()
        self.faults = FaultPlan()
        self.counts: dict[str, int] = {}
        self.world = ""
        self.effects = 0
        """Number of the latest record that changed something to be seen."""
        self.admin_secret = _admin_secret(folder / "admin-secret")
        self._changed = asyncio.Event()
        self._waiting: dict[str, datetime] = {}
        self._rebuild()

    def _rebuild(self) -> None:
        self.tables.execute("BEGIN")
        for record in self.truth.replay():
            self._take_in(record)
        self.tables.execute("COMMIT")
        torn = self.truth.close_torn_line()
        world = self.world or "".join(secrets.choice(WORLD_LETTERS) for _ in range(6))
        self.record("start", world=world, torn=torn or None)

    def record(self, kind: str, *, at: datetime | None = None, named: bool = False, **content: Any) -> Record:
        """Writes a record and applies it. ``named``: give it the id made from its number.

        A failure after the write would leave the tables behind the file, so it ends the process: the next start
        builds them anew.
        """
        if named:
            content["id"] = self.name_of(self.truth.sequence + 1)
        record = self.truth.append(kind, at=at, **content)
        try:
            self.tables.execute("BEGIN")
            self._take_in(record)
            self.tables.execute("COMMIT")
        except Exception:  # noqa: BLE001  whatever it was, the process must not go on
            os.write(2, f"sotong_practice: record {record['seq']} ({kind}) cannot be applied\n".encode())
            os._exit(70)
        self._changed.set()
        self._changed = asyncio.Event()
        return record

    def _take_in(self, record: Record) -> None:
        kind = record["kind"]
        self.counts[kind] = self.counts.get(kind, 0) + 1
        apply = APPLIED.get(kind)
        if apply is not None:
            apply(self.tables, record)
            self.effects = record["seq"]
        elif kind == "start":
            self.world = record["world"]
        elif kind == "setting":
            for name, value in record["values"].items():
                setattr(self.settings, name, value)
        elif kind in {"fault", "fault_set"}:
            self.faults.apply(record)
        if record.get("hidden"):
            self._waiting[record["id"]] = read_time(record["shows_at"])
        elif kind == "appear":
            self._waiting.pop(record["id"], None)

    def name_of(self, sequence: int) -> str:
        return f"{self.world}-{sequence}"

    async def next_change(self, seconds: float) -> bool:
        """Waits until something is recorded; False when nothing was within that time."""
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def hide_for(self, seconds: float) -> dict[str, Any]:
        """What a record needs so that its thing shows only later."""
        return {"hidden": True, "shows_at": (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()}

    def reveal_due(self) -> None:
        """Lets late-visible things appear whose time has come, in the order of that time."""
        now = datetime.now(UTC)
        for thing in sorted(
            (thing for thing, due in self._waiting.items() if due <= now), key=self._waiting.__getitem__
        ):
            self.record("appear", id=thing)

    def seal(self, words: str) -> str:
        """A proof that this network said ``words``: nobody else can make it, and it outlives a restart."""
        return hmac.new(self.admin_secret.encode(), words.encode(), hashlib.sha256).hexdigest()

    def media_key(self, name: str, exchange: str) -> str:
        """What opens the image for whoever has its address, while a message of that exchange shows it."""
        return self.seal(f"media {exchange} {name}")

    def is_admin(self, secret: str) -> bool:
        return hmac.compare_digest(secret.encode(), self.admin_secret.encode())

    def close(self) -> None:
        self.truth.close()
        self.tables.close()


def hash_of(secret: str) -> str:
    """What is kept of a token or a browser session: never the thing itself."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _admin_secret(path: Path) -> str:
    if path.exists():
        return path.read_text().strip()
    secret = "admin_" + secrets.token_urlsafe(32)
    fresh = path.with_name(f"{path.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
    return secret
