"""First words, safe to show in a list."""

from __future__ import annotations

import re

SPACE = re.compile(r"\s+")
SUBJECT_LENGTH = 120
PREVIEW_LENGTH = 200
MENTIONS = re.compile(r"(?:@[\w.\-@:]+ )+(?=\S)")
"""Whom a post speaks to, at its beginning: on the desk that is us, in every line the same."""
READ = 2000
"""Characters of a text that are looked at; hostile ones are longer."""


def first_words(text: str, length: int) -> str:
    """The beginning of ``text`` on one line, at most ``length`` characters, cut at a word where there is one.

    Mentions in front of the first word are left out.
    """
    line = SPACE.sub(" ", text[:READ]).strip()
    if mentions := MENTIONS.match(line):
        line = line[mentions.end() :]
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    head, _, _ = cut.rpartition(" ")
    return (head if len(head) > length // 2 else cut).rstrip() + "…"
