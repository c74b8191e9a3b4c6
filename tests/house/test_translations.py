"""Every Korean sentence of the interface has its English one."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
HANGUL = re.compile(r"[가-힣]")
TAG = re.compile(r"{%\s*(?:trans|translate)\s+(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')")
BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b([^%]*)%}(.*?){%\s*endblocktrans(?:late)?\s*%}", re.S)
PASSED = re.compile(r"\b_\((\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\)")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "gettext_noop"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
AREAS = sorted(path.parents[0] for path in (ROOT / "sotong").glob("*/apps.py"))


def in_templates(area: Path) -> set[str]:
    found: set[str] = set()
    for path in area.glob("templates/**/*"):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        found |= {ast.literal_eval(match) for match in TAG.findall(text) + PASSED.findall(text)}
        for options, body in BLOCK.findall(text):
            for part in re.split(r"{%\s*plural\s*%}", body):
                said = re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", part)
                found.add(re.sub(r"\s*\n\s*", " ", said.strip()) if "trimmed" in options else said)
    return found


def in_code(area: Path) -> set[str]:
    found: set[str] = set()
    for path in area.glob("**/*.py"):
        if {"migrations", "tests"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            said = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if name in CALLS:
                found |= set(said)
            elif name in IN_CONTEXT:
                found.add(": ".join(said))
    return found


@pytest.fixture(scope="module")
def english() -> set[str]:
    known: set[str] = set()
    for path in ROOT.glob("sotong/*/locale/en/LC_MESSAGES/django.po"):
        with path.open("rb") as stream:
            for message in read_po(stream, locale="en"):
                strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
                if message.id and all(strings) and not message.fuzzy:
                    ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
                    known |= {f"{message.context}: {text}" if message.context else text for text in ids}
    return known


@pytest.mark.parametrize("area", AREAS, ids=lambda path: path.name)
def test_every_korean_sentence_has_an_english_one(area: Path, english: set[str]) -> None:
    missing = {text for text in in_templates(area) | in_code(area) if HANGUL.search(text)} - english
    assert not missing, f"add to sotong/{area.name}/locale/en/LC_MESSAGES/django.po: {sorted(missing)}"


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext is not installed here")
@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("sotong/*/locale/*/LC_MESSAGES/*.po")), ids=lambda path: path.parts[-5]
)
def test_a_catalogue_passes_the_check_of_its_own_tool(file: Path) -> None:
    checked = subprocess.run(
        ["msgfmt", "--check", "-o", "/dev/null", file], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("area", AREAS, ids=lambda path: path.name)
def test_no_template_speaks_korean_past_the_catalogue(area: Path) -> None:
    bare = []
    for path in area.glob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", "", text, flags=re.S)
        text = BLOCK.sub("", text)
        text = re.sub(r"{%.*?%}|{{.*?}}", "", PASSED.sub("", text), flags=re.S)
        text = re.sub(r'\blang="ko"[^>]*>[^<]*', "", text)  # a language names itself
        bare += [f"{path.relative_to(ROOT)}: {line.strip()[:60]}" for line in text.splitlines() if HANGUL.search(line)]
    assert not bare
