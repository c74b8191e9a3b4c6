"""Files that others made are exactly those of the manifest."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DESIGN = Path("sotong/design")


def check(root):
    """Run ``script/vendor check`` of a copy of the project."""
    return subprocess.run(
        [sys.executable, str(root / "script" / "vendor"), "check"], capture_output=True, text=True, check=False
    )


@pytest.fixture
def copy(tmp_path):
    """The parts of the project that the script reads."""
    (tmp_path / "script").mkdir()
    shutil.copy(ROOT / "script" / "vendor", tmp_path / "script" / "vendor")
    shutil.copytree(ROOT / DESIGN / "static" / "design" / "vendor", tmp_path / DESIGN / "static" / "design" / "vendor")
    shutil.copy(ROOT / DESIGN / "vendor.toml", tmp_path / DESIGN / "vendor.toml")
    return tmp_path


def test_the_vendored_files_are_those_of_the_manifest():
    done = check(ROOT)
    assert done.returncode == 0, done.stderr


def test_a_changed_file_is_noticed(copy):
    path = copy / DESIGN / "static" / "design" / "vendor" / "htmx.min.js"
    path.write_bytes(path.read_bytes() + b"//")
    done = check(copy)
    assert done.returncode == 1
    assert "htmx.min.js has sha256" in done.stderr


def test_a_missing_and_a_stray_file_are_noticed(copy):
    folder = copy / DESIGN / "static" / "design" / "vendor"
    (folder / "icons.svg").unlink()
    (folder / "more.js").write_text("1", encoding="utf-8")
    done = check(copy)
    assert done.returncode == 1
    assert "icons.svg of lucide-static is missing" in done.stderr
    assert "more.js is in no package" in done.stderr


def test_every_package_ships_its_licence():
    licences = {path.name for path in (ROOT / DESIGN / "static" / "design" / "vendor" / "LICENSES").iterdir()}
    assert licences == {"htmx.txt", "pretendard.txt", "lucide.txt"}
