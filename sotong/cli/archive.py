"""A backup on disk: a folder with ``database.dump``, what the data folder keeps beside it, and a list of both.

``backup.json`` is written last and names every file with its checksum, so a folder without it is no backup.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from sotong.cli.words import Refusal

DATABASE = "database.dump"
LIST = "backup.json"
REBUILT = frozenset({"postgres", "run", "log", "static", "restoring"})
"""What of a data folder is not kept: the database is dumped instead, the rest is made anew at each start."""
WISHES = ("run/practice.wanted",)
"""What is kept all the same: what a person once decided."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """What ``backup.json`` says. ``made``: ISO 8601, UTC. ``migrations``: "area.name" of all that were applied."""

    version: str
    made: str
    migrations: list[str]
    files: dict[str, str]


def kept_files(data: Path, *, has_keys: bool) -> list[Path]:
    """The files of a data folder that a backup copies, relative to it."""
    dropped = REBUILT if has_keys else REBUILT | {"keys"}
    tops = [entry for entry in sorted(data.iterdir()) if entry.name not in dropped]
    found = [file for top in tops for file in (top.rglob("*") if top.is_dir() else [top])]
    found += [data / wish for wish in WISHES]
    return [file.relative_to(data) for file in found if file.is_file() and not file.is_symlink()]


def copy(files: list[Path], source: Path, target: Path) -> None:
    """Copy, for the owner's eyes alone, and see it safely on the disk."""
    for file in files:
        fresh = target / file
        fresh.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source / file, fresh)
        fresh.chmod(0o600)
    os.sync()


def checksum(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write(folder: Path, *, version: str, made: str, migrations: list[str]) -> Archive:
    """List what stands in ``folder``."""
    files = {str(file.relative_to(folder)): checksum(file) for file in sorted(folder.rglob("*")) if file.is_file()}
    archive = Archive(version=version, made=made, migrations=migrations, files=files)
    (folder / LIST).write_text(json.dumps(asdict(archive), ensure_ascii=False, indent=1), encoding="utf-8")
    return archive


def read(folder: Path) -> Archive:
    """Read the list and compare every file with it. Raises ``Refusal`` where something is missing or damaged."""
    try:
        archive = Archive(**json.loads((folder / LIST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        raise Refusal(
            f"{folder}은(는) 소통의 백업이 아니에요. {LIST}이(가) 든 폴더를 정해 주세요.",
            f"{folder} is not a backup of Sotong; name the folder that holds {LIST}.",
        ) from None
    for name, wanted in archive.files.items():
        file = folder / name
        if ".." in file.parts or not file.is_relative_to(folder) or not file.is_file() or checksum(file) != wanted:
            raise Refusal(
                f"백업이 상했어요: {name}이(가) 없거나 달라졌어요. 다른 백업을 써 주세요.",
                f"The backup is damaged: {name} is missing or has changed. Use another backup.",
            )
    return archive
