"""Documentation is tested against the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from django.apps import apps

from sotong.settings.options import OPTIONS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]


def words() -> set[str]:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    return {match.lower() for match in re.findall(r"^\| \*\*(.+?)\*\*", text, re.M)}


def spoken(name: str) -> str:
    """DeliveryMedia → delivery media."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def test_the_glossary_has_every_noun() -> None:
    known = words()
    missing = sorted(
        {
            spoken(model.__name__)
            for model in apps.get_models()
            if model._meta.app_config.name.startswith("sotong.")
            and not model._meta.auto_created
            and not hasattr(model, "pgh_tracked_model")
        }
        - known
    )
    assert not missing, f"define these in docs/glossary.md: {missing}"


def test_every_script_that_is_named_exists() -> None:
    missing = {
        f"{document.name}: script/{name}"
        for document in DOCUMENTS
        for name in re.findall(r"script/([a-z_]+)", document.read_text(encoding="utf-8"))
        if not (ROOT / "script" / name).exists()
    }
    assert not missing


def test_every_command_that_is_named_exists() -> None:
    from sotong.cli.commands import COMMANDS

    known = {command.name for command in COMMANDS}

    missing = {
        f"{document.name}: sotong {name}"
        for document in DOCUMENTS
        if document.name not in {"roadmap.md", "CHANGELOG.md", "ARCHITECTURE.md"}
        for name in re.findall(r"`sotong ([a-z][a-z-]+)", document.read_text(encoding="utf-8"))
        if name not in known
    }
    assert not missing


def test_every_folder_on_the_map_exists() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in re.findall(r"^\| `([a-z_/]+)/` \|", text, re.M) if not (ROOT / name).is_dir()]
    assert not missing


def layout() -> list[str]:
    """The lines of the layout in ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return text.partition("## 2. Layout")[2].split("```")[1].strip().splitlines()


def folders(place: Path) -> set[str]:
    return {path.name for path in place.iterdir() if path.is_dir() and not path.name.startswith(("_", "."))}


def test_the_layout_names_what_is_there_and_what_is_to_come() -> None:
    top = [line for line in layout() if not line.startswith(" ")]
    named = {
        name
        for line in top
        for name in re.findall(r"(?:^| )([\w./-]+(?:/|\.md|\.toml|\.py)|LICENSE|NOTICE)(?= |$)", line)
    }
    assert {"LICENSE", "tests/house/", "pyproject.toml"} <= named
    assert not {name for name in named if not (ROOT / name).exists()}
    areas: set[str] = set()
    to_come: set[str] = set()
    for line in (line for line in layout() if re.match(r"  \S", line)):
        names = re.match(r"[a-z_./ ]+", line.strip().partition("   ")[0])
        assert names is not None
        kept = to_come if "   to come" in line else areas
        kept |= {name.rstrip("/") for name in names[0].split()}
    assert {name for name in areas if not (ROOT / "sotong" / name).exists()} == set()
    assert {name for name in to_come if (ROOT / "sotong" / name).exists()} == set(), "these have come"
    assert folders(ROOT / "sotong") - areas == set()
    assert folders(ROOT / "tests") == {name.split("/")[1] for name in named if name.startswith("tests/")}


def test_the_layout_names_every_script() -> None:
    said = "\n".join(layout()).partition("script/")[2].partition("docs/")[0]
    missing = {path.name for path in (ROOT / "script").iterdir() if not re.search(rf"\b{path.name}\b", said)}
    assert not missing


def test_every_setting_is_documented_once_and_as_it_is() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    for option in OPTIONS:
        row = f"| `{option.name}` | `{option.env}` | {option.default or '—'} | {option.meaning} |"
        assert text.count(row) == 1, row


def test_the_lock_has_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {re.split(r"[\[><=; ]", item)[0].lower() for item in project["project"]["dependencies"]}
    tests = {re.split(r"[\[><=; ]", item)[0].lower() for item in project["dependency-groups"]["test"]}
    for names, lock in ((wanted, "run"), (wanted | tests, "test")):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        locked = {match.lower() for match in re.findall(r"^([A-Za-z0-9_.-]+)==", text, re.M)}
        assert not names - locked, "run script/lock"
        assert "--hash=sha256:" in text
