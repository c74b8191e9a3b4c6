"""The house rules that a file's name and length can break."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 300
DRAWERS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "service",
    "services",
    "handler",
    "handlers",
    "common",
    "core",
    "base",
    "lib",
    "kit",
    "misc",
    "tools",
    "stuff",
}
CODE = {".py", ".js", ".css", ".html", ".sh", ".mjs"}


def tracked() -> list[Path]:
    """Every file that git tracks and that still exists."""
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [Path(name) for name in names if (ROOT / name).is_file()]


def ours(path: Path) -> bool:
    return path.suffix in CODE and not {"migrations", "vendor", "node_modules"} & set(path.parts)


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    long = {
        str(path): count
        for path in tracked()
        if ours(path) and (count := len((ROOT / path).read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert not long, f"split by noun into a folder of the same name: {long}"


def test_no_drawer_is_named_after_nothing() -> None:
    found = [
        str(path)
        for path in tracked()
        if "vendor" not in path.parts
        and not ({path.stem.lower(), *(part.lower() for part in path.parts[:-1])} - {"base"}).isdisjoint(DRAWERS)
    ]
    assert not found, f"name these after what they hold: {found}"


@pytest.mark.parametrize(
    "area", sorted(p.parent for p in (ROOT / "sotong").glob("*/__init__.py")), ids=lambda p: p.name
)
def test_every_area_says_what_it_is_for_and_names_its_words(area: Path) -> None:
    text = (area / "__init__.py").read_text(encoding="utf-8")
    if area.name == "settings":
        return
    assert text.startswith('"""'), f"{area.name}: begin with what the area is for"
    docstring = text.split('"""')[1]
    assert "Words:" in docstring, f"{area.name}: name its words"


def test_no_path_of_one_machine_is_committed() -> None:
    pattern = re.compile(r"/(?:home|root|farm|work)/[a-z]")
    found = [
        f"{path}:{number}"
        for path in tracked()
        if path.suffix in CODE | {".md", ".toml", ".json", ".txt", ""} and "vendor" not in path.parts
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found


def test_no_error_is_swallowed() -> None:
    pattern = re.compile(r"except(?: Exception| BaseException)?:\s*\n\s*(?:pass|\.\.\.)\s*$", re.M)
    found = [
        str(path)
        for path in tracked()
        if path.suffix == ".py" and pattern.search((ROOT / path).read_text(encoding="utf-8"))
    ]
    assert not found
