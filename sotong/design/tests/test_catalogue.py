"""Every Korean sentence of this area has its English, with the same places to fill."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

AREA = Path(__file__).parents[1]
SLOTS = re.compile(r"\{\w+\}|%\(\w+\)[sd]")


def sources():
    """Every msgid that our templates and modules use."""
    found = set()
    for path in AREA.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'\{%\s*translate\s+"([^"]+)"', text))
        for block in re.findall(r"\{%\s*blocktranslate[^%]*%\}(.*?)\{%\s*endblocktranslate", text, re.DOTALL):
            found.add(re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", block))
    for path in AREA.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "gettext_lazy"}:
                found.add(ast.literal_eval(node.args[0]))
    return found


@pytest.fixture(scope="module")
def english():
    with (AREA / "locale" / "en" / "LC_MESSAGES" / "django.po").open("rb") as stream:
        return {message.id: message.string for message in read_po(stream, locale="en") if message.id}


def test_every_source_string_has_its_english(english):
    assert sources() - set(english) == set()
    assert all(english.values())


def test_no_translation_is_left_over(english):
    assert set(english) - sources() == set()


def test_a_translation_fills_no_place_that_its_source_lacks(english):
    # Dates also offer {name}, the name of the month, which only English uses.
    for korean, words in english.items():
        offered = set(SLOTS.findall(korean)) | ({"{name}"} if "{month}" in korean else set())
        assert set(SLOTS.findall(words)) <= offered, korean
