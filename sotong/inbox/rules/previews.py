"""First words, safe to show in a list, and what stands there where a message has no words."""

from __future__ import annotations

import re
from dataclasses import dataclass

PICTURE = "\ufffc"
"""Stored before a picture's description where it stands for words (Unicode: an object takes this place)."""
GONE = "\x7f"
"""Stored where nothing stands any more: whatever was said is deleted."""
OURS = "\x06"
"""Stored in front of our own last word."""
SPACE = re.compile(rf"[\s{PICTURE}{GONE}{OURS}]+")
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


@dataclass(frozen=True, slots=True)
class Preview:
    """What a stored preview says; the words for a picture and for what is gone are the screen's."""

    text: str = ""
    """The first words, or of a picture its description."""
    is_picture: bool = False
    is_gone: bool = False
    is_ours: bool = False


def preview_of(text: str, length: int, *, picture_alt: str | None = None, is_ours: bool = False) -> str:
    """What is stored of a message for lists, in no language of ours. ``picture_alt`` None: it shows no picture."""
    words, mark = first_words(text, length), OURS if is_ours else ""
    if words or picture_alt is None:
        return mark + words
    return mark + PICTURE + first_words(picture_alt, length)


def read_preview(stored: str) -> Preview:
    """What ``preview_of`` or ``GONE`` stands for."""
    if stored == GONE:
        return Preview(is_gone=True)
    said = stored.removeprefix(OURS)
    return Preview(said.removeprefix(PICTURE), is_picture=said.startswith(PICTURE), is_ours=stored.startswith(OURS))
