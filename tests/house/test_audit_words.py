"""Whatever the code writes into the audit trail has words that a person understands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sotong.audit.words import title_of

ROOT = Path(__file__).resolve().parents[2] / "sotong"
RECORDED = re.compile(r"""\brecord\(\s*"([a-z_]+\.[a-z_]+)\"""")


def recorded() -> list[str]:
    """The names of all actions that are recorded with a literal name."""
    sources = (path for path in ROOT.rglob("*.py") if "tests" not in path.parts)
    return sorted({name for path in sources for name in RECORDED.findall(path.read_text(encoding="utf-8"))})


@pytest.mark.parametrize("action", recorded())
def test_an_action_has_words(action: str) -> None:
    assert title_of(action) != action
