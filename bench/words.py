"""What the bench's customers say: sentences and names with their lexemes, made by the product's own function."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

from sotong.language.analysing import Analyser
from sotong.language.particles import with_particle
from sotong.language.tokens import index_terms

FILE = Path(__file__).with_name("words.toml")
WORDS: dict[str, list[str]] = tomllib.loads(FILE.read_text(encoding="utf-8"))


def fragments() -> Iterator[tuple[int, str, int, str, list[str]]]:
    """(id, language, rank in the language, text, lexemes); the commonest first. Takes about 10 s."""
    analyser = Analyser()
    number = 0
    korean = [f"{with_particle(thing, '이')} {said}" for said in WORDS["said"] for thing in WORDS["things"]]
    english = [f"The {thing} {said}." for said in WORDS["english_said"] for thing in WORDS["english_things"]]
    for language, texts in (("ko", korean), ("en", english)):
        for rank, text in enumerate(texts):
            reading = analyser.readings(text, 1)[0] if language == "ko" else None
            yield number, language, rank, text, index_terms(text, reading)
            number += 1


def names() -> Iterator[tuple[int, str, str, list[str]]]:
    """(id, Korean name, beginning of a handle, lexemes)."""
    for number, name in enumerate(family + given for family in WORDS["family"] for given in WORDS["given"]):
        yield number, name, WORDS["latin"][number % len(WORDS["latin"])], index_terms(name)
