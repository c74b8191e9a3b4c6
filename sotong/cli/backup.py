"""``sotong backup``: everything that this installation keeps, as it stands now, in a folder of its own."""

from __future__ import annotations

import argparse
import os
import shutil
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

import psycopg

from sotong import __version__
from sotong.cli import archive
from sotong.cli.lock import alone_in
from sotong.cli.site import database
from sotong.cli.words import Refusal, say
from sotong.postgres.dump import dump
from sotong.postgres.errors import from_os
from sotong.settings.options import load, options

UNFINISHED = ".unfinished"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="the backup becomes a new folder in this one")
    parser.add_argument(
        "--without-keys", action="store_true", help="leave keys and secrets out; copy keys/ and sotong.toml yourself"
    )


def run(arguments: argparse.Namespace) -> int:
    """Make a backup while the house runs or stands still. Raises ``Refusal`` or ``PostgresError``."""
    data = options().data
    if not (data / "postgres").exists() and not load().database_url:
        raise Refusal(f"{data}에는 아직 아무것도 없어요.", f"There is nothing in {data} yet.")
    with database():
        target = make(options().database_url, data, arguments.folder, has_keys=not arguments.without_keys)
    say(f"백업했어요: {target}", f"Backed up: {target}")
    if arguments.without_keys:
        say(
            "열쇠와 비밀은 없지만 고객의 말은 모두 들어 있어요. 그 말을 봐도 되는 사람만 읽을 수 있는 곳에 두세요.",
            "It holds no keys and no secrets, but all that customers wrote; keep it where only who may read that can.",
        )
    else:
        say(
            "이 폴더에는 로그인과 그 열쇠가 함께 있어요. 아무나 읽을 수 없는 곳에 두세요.",
            "That folder holds credentials together with their keys; keep it where nobody else can read it.",
        )
    return 0


def make(url: str, data: Path, folder: Path, *, has_keys: bool) -> Path:
    """Make the backup below ``folder`` and return its place, when the disk holds it.

    One that was cut short keeps its unfinished name until the next. One at a time: the next would clear away this one.
    """
    place = folder.expanduser().resolve()
    another = Refusal(
        f"{place}에 다른 백업을 만드는 중이에요. 끝난 뒤에 다시 해 주세요.",
        f"Another backup is being made in {place}; wait until it is done, then run this again.",
    )
    try:
        place.mkdir(parents=True, exist_ok=True)
        with alone_in(place, another):
            for old in place.glob(f"sotong-*{UNFINISHED}"):
                shutil.rmtree(old)  # nobody's any more: whoever made it was cut short
            now = datetime.now(UTC)
            target = _free_name(place / f"sotong-{now:%Y%m%dT%H%M%SZ}")
            fresh = target.with_name(target.name + UNFINISHED)
            fresh.mkdir(mode=0o700)
            _fill(fresh, url, data, has_keys=has_keys)
            archive.write(fresh, version=__version__, made=now.isoformat(), migrations=_migrations(url))
            fresh.rename(target)
            archive.settle(place)
    except OSError as problem:
        raise from_os(problem, folder, is_data=False) from problem
    return target


def _free_name(wanted: Path) -> Path:
    """``wanted``, or with -2, -3 behind it where another backup of the same second has that name."""
    names = chain([wanted], (wanted.with_name(f"{wanted.name}-{n}") for n in count(2)))
    return next(name for name in names if not os.path.lexists(name))


def _fill(fresh: Path, url: str, data: Path, *, has_keys: bool) -> None:
    # The database comes first: a file that it names is then surely copied; one too many does no harm.
    keys = _keys(data)
    dump(url, fresh / archive.DATABASE, without_rows_of=archive.PASSING)
    archive.copy(archive.kept_files(data, has_keys=has_keys), data, fresh)
    settings = data / archive.SETTINGS
    if not has_keys and settings.exists():
        told = archive.harmless(settings.read_text(encoding="utf-8"))
        (fresh / archive.SETTINGS).write_text(told, encoding="utf-8")
    if _keys(data) != keys:
        raise Refusal(
            "백업하는 동안 열쇠가 바뀌었어요. 다시 해 주세요.",
            "The keys changed during the backup; run it again.",
        )


def _keys(data: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (data / "keys").glob("*") if file.is_file()}


def _migrations(url: str) -> list[str]:
    with psycopg.connect(url, connect_timeout=10) as link:
        rows = link.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return [name for (name,) in rows]
