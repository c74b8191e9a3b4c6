"""The layers hold, and an import that climbs breaks the check."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def check(place: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([program, "--no-cache"], cwd=place, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product's modules, to be broken."""
    place = tmp_path_factory.mktemp("layers")
    shutil.copy(ROOT / "pyproject.toml", place)
    leave = shutil.ignore_patterns("static", "templates", "locale", "__pycache__", "fixtures")
    for package in ("sotong", "sotong_practice"):
        shutil.copytree(ROOT / package, place / package, ignore=leave)
    return place


def test_no_area_imports_upward(copy: Path) -> None:
    checked = check(copy)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("file", "line", "said"),
    [
        (
            "sotong/channels/words.py",
            "import sotong.inbox.models",
            "sotong.channels is not allowed to import sotong.inbox",
        ),
        ("sotong/networks/errors.py", "import django", "sotong.networks is not allowed to import django"),
        ("sotong_practice/rules.py", "import sotong.language", "sotong_practice is not allowed to import sotong"),
        ("sotong/inbox/words.py", "import sotong.networks", "sotong.inbox is not allowed to import sotong.networks"),
        ("sotong/utils.py", "", "utils"),
    ],
)
def test_an_import_that_climbs_is_named(copy: Path, file: str, line: str, said: str) -> None:
    target = copy / file
    before = target.read_text(encoding="utf-8") if target.exists() else None
    target.write_text(f"{before or ''}\n{line}\n", encoding="utf-8")
    try:
        checked = check(copy)
    finally:
        target.unlink() if before is None else target.write_text(before, encoding="utf-8")
    assert checked.returncode == 1, checked.stdout
    assert said in checked.stdout
