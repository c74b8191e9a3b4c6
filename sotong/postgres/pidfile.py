"""Reading who runs a cluster: postmaster.pid, and the processes themselves."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sotong.postgres.folders import Layout

PROCESSES = Path("/proc")


@dataclass(frozen=True)
class Postmaster:
    """What a running (or dead) server wrote about itself."""

    pid: int
    socket: Path | None
    is_ready: bool


def written(layout: Layout) -> Postmaster | None:
    """What postmaster.pid says, true or stale; None where there is none."""
    try:
        lines = (layout.cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    lines += [""] * (8 - len(lines))
    socket = lines[4].strip()
    return Postmaster(pid=pid, socket=Path(socket) if socket else None, is_ready=lines[7].strip() == "ready")


def living(layout: Layout) -> list[int]:
    """Every process of a server on this cluster, the postmaster or what it left behind: each stands in its folder.

    A number alone proves nothing: after a restart of the machine or the container it may be somebody else's.
    """
    if not PROCESSES.joinpath("self").exists():
        found = written(layout)
        return [found.pid] if found and exists(found.pid) else []
    try:
        cluster = layout.cluster.stat()
    except OSError:
        return []
    pids = []
    for entry in PROCESSES.iterdir():
        if not entry.name.isdigit():
            continue
        try:
            here = entry.joinpath("cwd").stat()
            name = entry.joinpath("comm").read_text(encoding="utf-8").strip()
        except OSError:
            continue
        if name == "postgres" and (here.st_dev, here.st_ino) == (cluster.st_dev, cluster.st_ino):
            pids.append(int(entry.name))
    return sorted(pids)


def exists(pid: int) -> bool:
    """Whether a process of that number exists, whoever's it is."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def parent_of(pid: int) -> int | None:
    """The parent's process id; None where it cannot be known."""
    try:
        fields = PROCESSES.joinpath(str(pid), "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2]
        return int(fields.split()[1])
    except (OSError, ValueError, IndexError):
        return None


def is_kept(layout: Layout, postmaster: int) -> bool:
    """Whether the process that started this server still stands behind it; without it the server is going down."""
    try:
        starter = int(layout.starter.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False
    parent = parent_of(postmaster)
    return parent == starter if parent is not None else exists(starter)
