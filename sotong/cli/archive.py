"""A backup on disk: a folder with ``database.dump``, what the data folder keeps beside it, and a list of both.

``backup.json`` is written last and names every file with its checksum, so a folder without it is no backup.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from sotong.cli.words import Refusal
from sotong.settings.options import OPTIONS

DATABASE = "database.dump"
LIST = "backup.json"
SETTINGS = "sotong.toml"
KEPT = frozenset({"keys", "practice", SETTINGS})
"""What of a data folder is kept beside the database; nothing else is ever restored."""
REBUILT = frozenset({"postgres", "run", "log", "static", "restoring"})
"""What of a data folder no backup holds: the database is dumped instead, the rest is made anew at each start."""
WISHES = ("run/practice.wanted",)
"""What is kept all the same: what a person once decided."""
SECRET = ("keys/", "practice/admin-secret")
"""How the names of files begin that are nothing but secrets. The practice network makes a new one when it starts."""
PASSING = ("people_session", "people_ratelimit", "axes_*")
"""Tables whose rows no backup holds: who is signed in just now, which a reader of the backup would be as well, and who
just tried to."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """What ``backup.json`` says. ``made``: ISO 8601, UTC. ``migrations``: "area.name" of all that were applied."""

    version: str
    made: str
    migrations: list[str]
    files: dict[str, str]


def kept_files(data: Path, *, has_keys: bool) -> list[Path]:
    """The files of a data folder that a backup copies as they are, relative to it.

    Without keys: no file of secrets, and no settings, of which ``harmless`` says what may be told.
    """
    found = _files(data / name for name in sorted(KEPT))
    files = [file.relative_to(data) for file in [*found, *_files(data / wish for wish in WISHES)]]
    return [file for file in files if has_keys or not str(file).startswith((*SECRET, SETTINGS))]


def harmless(settings: str) -> str:
    """The text of ``sotong.toml`` without secrets. Its comments go too: people note down old passwords there."""
    written = tomllib.loads(settings)
    secret = [option.name for option in OPTIONS if option.is_secret and option.name in written]
    told = f"Secrets left out: {', '.join(secret)}" if secret else "There was no secret in it"
    others = {name: value if isinstance(value, int) else str(value) for name, value in written.items()}
    kept = [f"{name} = {json.dumps(others[name], ensure_ascii=False)}" for name in others if name not in secret]
    return "\n".join([f"# Written by sotong backup --without-keys. {told}.", *kept, ""])


def found_files(data: Path) -> list[Path]:
    """The files of a data folder, whosever they are, but for what is made anew; relative to it."""
    return [
        file.relative_to(data)
        for file in _files(entry for entry in sorted(data.iterdir()) if entry.name not in REBUILT)
    ]


def _files(tops: Iterable[Path]) -> list[Path]:
    found = [file for top in tops for file in (top.rglob("*") if top.is_dir() else [top])]
    return [file for file in found if file.is_file() and not file.is_symlink()]


def is_kept(name: str) -> bool:
    """Whether a file listed as ``name`` is one of those that a backup copies from a data folder."""
    parts = PurePosixPath(name).parts
    return name in {SETTINGS, *WISHES} or (len(parts) > 1 and parts[0] in KEPT - {SETTINGS})


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
    """List what stands in ``folder``; all of it is then for the owner's eyes alone, and safely on the disk.

    Raises ``Refusal`` where the database does not stand there: somebody has taken it away.
    """
    files = {str(file.relative_to(folder)): checksum(file) for file in sorted(folder.rglob("*")) if file.is_file()}
    if DATABASE not in files:
        raise Refusal(
            f"백업하는 동안 누군가 {folder}을(를) 지웠어요. 백업되지 않았으니 다시 해 주세요.",
            f"Somebody removed {folder} during the backup. Nothing is backed up; run it again.",
        )
    archive = Archive(version=version, made=made, migrations=migrations, files=files)
    (folder / LIST).write_text(json.dumps(asdict(archive), ensure_ascii=False, indent=1), encoding="utf-8")
    for place in [*folder.rglob("*"), folder]:
        place.chmod(0o700 if place.is_dir() else 0o600)
        settle(place)
    return archive


def settle(place: Path) -> None:
    """See a file, or the names in a folder, safely on the disk. Raises ``OSError`` where the disk did not take it."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as problem:
        if not (place.is_dir() and problem.errno in {errno.EBADF, errno.EINVAL}):  # some know no such call for a folder
            raise
    finally:
        os.close(handle)


def read(folder: Path) -> Archive:
    """Read the list and compare every file with it.

    Raises ``Refusal`` where it is none, where something is missing or damaged, and where it lists what no backup holds.
    """
    archive = _listed(folder)
    for name, wanted in archive.files.items():
        path = PurePosixPath(name)
        if "\0" in name or path.is_absolute() or not path.parts or ".." in path.parts or _is_made_anew(name):
            raise Refusal(
                f"소통이 만든 백업이 아니에요. 백업에 들 수 없는 것이 있어요: {name!r}. 다른 백업을 써 주세요.",
                f"Sotong did not make this backup: it lists {name!r}, which no backup holds. Use another backup.",
            )
        if not _is_whole(folder / name, wanted):
            raise Refusal(
                f"백업이 상했어요: {name!r}이(가) 없거나 달라졌어요. 다른 백업을 써 주세요.",
                f"The backup is damaged: {name!r} is missing or has changed. Use another backup.",
            )
    return archive


def _is_whole(file: Path, wanted: str) -> bool:
    """Whether the file stands there itself, not behind a link, with the sum ``wanted``."""
    try:
        return file.resolve() == file and file.is_file() and checksum(file) == wanted
    except (OSError, ValueError):  # no such name can be, or it cannot be read
        return False


def _is_made_anew(name: str) -> bool:
    return name not in WISHES and PurePosixPath(name).parts[0] in REBUILT


def _listed(folder: Path) -> Archive:
    """What the list says, of the kinds that it should be, and with a sum of the database."""
    try:
        archive = Archive(**json.loads((folder / LIST).read_text(encoding="utf-8")))
        datetime.fromisoformat(archive.made).astimezone()
    except (OSError, ValueError, TypeError, OverflowError, RecursionError):
        raise Refusal(
            f"{folder}은(는) 소통의 백업이 아니에요. {LIST}이(가) 든 폴더를 정해 주세요.",
            f"{folder} is not a backup of Sotong; name the folder that holds {LIST}.",
        ) from None
    files, migrations = archive.files, archive.migrations
    is_whole = isinstance(files, dict) and isinstance(migrations, list) and DATABASE in files
    if not is_whole or not all(isinstance(one, str) for one in [archive.version, *migrations, *files.values()]):
        raise Refusal(
            f"백업의 목록({LIST})이 상했어요: {DATABASE}과 모든 파일의 체크섬이 있어야 해요. 다른 백업을 써 주세요.",
            f"The backup's list ({LIST}) is damaged: it must name {DATABASE} and every file with its checksum. "
            "Use another backup.",
        )
    return archive
