"""Python, the environment, the data folder, the disk and the clock."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sotong.cli.checks.findings import Finding, fail, ok, warn
from sotong.settings.options import CHECKOUT

OLDEST_PYTHON = (3, 11)
SPARE = 1024**3
"""Bytes of free disk below which the doctor warns."""
SCARCE = 128 * 1024**2
"""Bytes below which a new database cannot be made."""
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*(.+?))?\s*\\?$")


def look(data: Path) -> Iterator[Finding]:
    yield look_at_python()
    yield look_at_packages(CHECKOUT / "requirements" / "run.txt")
    yield look_at_folder(data)
    yield look_at_space(data)
    yield look_at_clock(time.time())


def look_at_python(version: tuple[int, int, int] = sys.version_info[:3]) -> Finding:
    told = ".".join(map(str, version))
    if version[:2] < OLDEST_PYTHON:
        return fail(
            "python",
            (f"Python {told}은(는) 너무 오래됐어요", f"Python {told} is too old"),
            (
                "Python 3.11 이상을 설치하고 .venv를 지운 뒤 script/run을 다시 실행해 주세요.",
                "Install Python 3.11 or newer, remove .venv and run script/run again.",
            ),
        )
    return ok("python", f"Python {told}", f"Python {told}")


def look_at_packages(lock: Path) -> Finding:
    """Whether what is installed is what the lock says; without a lock (from a wheel) what the wheel asks for."""
    wrong = _astray(lock) if lock.exists() else _missing()
    if wrong:
        some = ", ".join(wrong[:5]) + (" …" if len(wrong) > 5 else "")
        return fail(
            "packages",
            (f"환경이 잠금 파일과 달라요: {some}", f"the environment is not what the lock says: {some}"),
            (
                "script/run을 다시 실행해 주세요. 그래도 다르면 .venv를 지우고 다시 실행해 주세요.",
                "Run script/run again; if that does not help, remove .venv first.",
            ),
        )
    return ok("packages", "빠짐없이 있어요", "complete")


def pinned(lock: Path) -> dict[str, str]:
    """Names and versions that a requirements file pins for this machine."""
    from packaging.markers import Marker

    found = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        match = PINNED.match(line)
        if match and (match[3] is None or Marker(match[3]).evaluate()):
            found[match[1]] = match[2]
    return found


def _astray(lock: Path) -> list[str]:
    wrong = []
    for name, version in pinned(lock).items():
        try:
            installed = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name} {version} missing")
            continue
        if installed != version:
            wrong.append(f"{name} {installed} for {version}")
    return wrong


def _missing() -> list[str]:
    from packaging.requirements import Requirement

    wrong = []
    for text in metadata.requires("sotong") or []:
        wanted = Requirement(text)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            installed = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{wanted.name} missing")
            continue
        if not wanted.specifier.contains(installed, prereleases=True):
            wrong.append(f"{wanted.name} {installed} for {wanted.specifier}")
    return wrong


def look_at_folder(data: Path) -> Finding:
    near = next(folder for folder in (data, *data.parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=near):
            pass
    except OSError as problem:
        return fail(
            "data",
            (f"{near}에 쓸 수 없어요: {problem.strerror}", f"{near} cannot be written: {problem.strerror}"),
            (
                f"{near}에 쓰기 권한을 주거나 SOTONG_DATA로 다른 폴더를 정해 주세요.",
                f"Make {near} writable for this user, or set SOTONG_DATA to another folder.",
            ),
        )
    if near != data:
        return ok("data", f"{data} (처음 시작할 때 만들어요)", f"{data} (made at the first start)")
    return ok("data", str(data), str(data))


def look_at_space(data: Path) -> Finding:
    near = next(folder for folder in (data, *data.parents) if folder.exists())
    usage = shutil.disk_usage(near)
    inodes = os.statvfs(near)
    told = f"{usage.free / 1024**3:.1f} GB"
    mend = ("공간을 비워 주세요. 로그와 백업부터 살펴보세요.", "Free some space; look at logs and backups first.")
    if usage.free < SCARCE or (inodes.f_files and inodes.f_favail < 1000):
        return fail("disk", (f"{told}밖에 남지 않았어요", f"only {told} left"), mend)
    if usage.free < SPARE:
        return warn("disk", (f"{told} 남았어요", f"{told} left"), mend)
    return ok("disk", f"{told} 남았어요", f"{told} free")


def look_at_clock(now: float) -> Finding:
    """Whether the clock can be right: not before this code was written, and able to tell Seoul's time."""
    written = Path(__file__).stat().st_mtime
    set_it = (
        "시계를 맞춰 주세요(NTP). 예약한 글이 제때 나가지 않아요.",
        "Set the clock (NTP); planned posts leave at the wrong time.",
    )
    if now < written - 86_400:
        told = time.strftime("%Y-%m-%d %H:%M", time.gmtime(now))
        return fail("clock", (f"시계가 {told} UTC를 가리켜요", f"the clock says {told} UTC"), set_it)
    try:
        ZoneInfo("Asia/Seoul")
    except ZoneInfoNotFoundError:
        return fail(
            "clock",
            ("시간대 자료가 없어요", "there is no time zone data"),
            ("tzdata 패키지를 설치해 주세요.", "Install the package tzdata."),
        )
    told = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now))
    return ok("clock", f"{told} UTC", f"{told} UTC")
