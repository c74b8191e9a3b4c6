"""What the running house writes about itself, for the doctor and for pages: ``<data>/run/state.json``."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class ProcessState:
    """``state``: running, waiting (for its next try) or off. ``since``: seconds of the epoch."""

    name: str
    state: str
    pid: int | None
    since: float
    restarts: int
    last_exit: int | None


@dataclass(frozen=True, kw_only=True)
class HouseState:
    """``written`` is renewed every few seconds, so an old one means that the house is gone or stuck."""

    pid: int
    address: str
    sockets: str
    """The folder of the live and language sockets."""
    started: float
    written: float
    processes: tuple[ProcessState, ...]


def write_state(file: Path, *, address: str, sockets: Path, started: float, processes: Sequence[ProcessState]) -> bool:
    """Replace the file in one step. Returns False where the disk refuses; the house goes on without."""
    state = HouseState(
        pid=os.getpid(),
        address=address,
        sockets=str(sockets),
        started=started,
        written=time.time(),
        processes=tuple(processes),
    )
    fresh = file.with_suffix(".new")
    try:
        fresh.write_text(json.dumps(asdict(state)), encoding="utf-8")
        fresh.replace(file)
    except OSError:
        return False
    return True


def read_state(file: Path) -> HouseState | None:
    """What the house wrote last; None where there is nothing to read."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        processes = tuple(ProcessState(**entry) for entry in found.pop("processes"))
        return HouseState(**found, processes=processes)
    except (OSError, ValueError, TypeError, KeyError):
        return None
