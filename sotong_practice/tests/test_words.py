"""Every word of the pages exists in both languages, and none is left over."""

from __future__ import annotations

import re
from pathlib import Path

from sotong_practice.faults import KINDS
from sotong_practice.pages.markup import PIECES, TEMPLATES, template
from sotong_practice.pages.words import ENGLISH
from sotong_practice.refusals import MESSAGES

PAGES = Path(__file__).parents[1] / "pages"
SAID = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)*)"')
HANGUL = re.compile("[가-힣]")
HOLES = re.compile(r"\{\w+\}")


def _used() -> set[str]:
    used = {words for path in PAGES.glob("*.py") for words in SAID.findall(path.read_text())}
    for path in TEMPLATES.iterdir():
        used |= {found.group(1) for found in PIECES.finditer(template(path.stem)) if found.group(1) is not None}
    return used


def test_every_korean_word_of_the_pages_has_its_english() -> None:
    used = _used()
    assert len(used) > 80
    assert used - ENGLISH.keys() == set()
    assert ENGLISH.keys() - used == set()


def test_translations_fill_in_the_same_values_and_are_english() -> None:
    for korean, english in ENGLISH.items():
        assert sorted(HOLES.findall(korean)) == sorted(HOLES.findall(english)), korean
        assert not HANGUL.search(english)
        assert HANGUL.search(korean)


def test_templates_hold_no_words_outside_of_translation() -> None:
    for path in TEMPLATES.iterdir():
        assert not HANGUL.search(PIECES.sub("", template(path.stem))), path.name


def test_refusals_and_faults_speak_both_languages() -> None:
    for korean, english in [*MESSAGES.values(), *(kind.title for kind in KINDS.values())]:
        assert HANGUL.search(korean)
        assert not HANGUL.search(english)


def test_every_refusal_code_in_the_code_has_words() -> None:
    root = PAGES.parent
    codes = set()
    for path in root.rglob("*.py"):
        if "tests" not in path.parts:
            codes |= set(re.findall(r'Refusal\(\s*\d+,\s*"(\w+)"', path.read_text()))
            codes |= set(re.findall(r'code="(\w+)"', path.read_text()))
    assert codes - MESSAGES.keys() == set()


def test_every_documented_error_exists_and_every_error_is_documented() -> None:
    document = (PAGES.parent / "API.md").read_text()
    from_pages_only = {"form_stale", "origin_refused", "secret_wrong", "session_needed"}
    for code in MESSAGES.keys() - from_pages_only:
        assert code in document, code
