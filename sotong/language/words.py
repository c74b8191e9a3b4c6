"""From text to words: one spelling of each character, then handles, links, numbers and words cut apart.

Everything here is bounded: ten times the text takes about ten times as long, whatever the text is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

TEXT_MAX = 20_000
"""Characters of a text that are read; what stands behind them is not searched."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))

_TOKEN = re.compile(
    r"(?P<url>(?:https?://|www\.)[!-~]{1,2000})"
    r"|(?P<email>[a-z0-9_.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})"
    r"|(?P<handle>@[a-z0-9_][a-z0-9_.-]{0,252}(?:@[a-z0-9.-]{1,253})?)"
    r"|(?P<tag>\#\w{1,200})"
    r"|(?P<domain>[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,8}\.[a-z]{2,24}(?![a-z0-9]))"
    r"|(?P<number>\d{1,20}(?:[-.,:/]\d{1,20}){1,8})"
    r"|(?P<word>[^\W_]+)"
)
_ELSEWHERE = re.compile(
    r"https?://[!-~]+|www\.[!-~]+|[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,253}|@[A-Za-z0-9_.@-]{1,253}"
)
_NOISE = re.compile(r"[#_\x00-\x1f\x7f]+")
_REPEATED = re.compile(r"(.)\1{4,}", re.DOTALL)


@dataclass(frozen=True)
class Word:
    """One word of a text. ``surface`` is the whole of it, ``parts`` the smaller words that it also answers to."""

    surface: str
    kind: str
    parts: tuple[str, ...] = ()


def normalised(text: str) -> str:
    """``text`` in one spelling: NFC, case folded, full-width forms narrowed, invisible characters dropped."""
    kept = text[:TEXT_MAX].encode("utf-8", "ignore").decode("utf-8").translate(_INVISIBLE)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", kept).translate(_FULL_WIDTH).casefold())


def prose(text: str) -> str:
    """What Kiwi should read of ``text``: no links, addresses and handles, a tag as plain words, long repeats cut."""
    kept = text[:TEXT_MAX].encode("utf-8", "ignore").decode("utf-8").translate(_INVISIBLE)
    kept = unicodedata.normalize("NFC", kept).translate(_FULL_WIDTH)
    kept = _REPEATED.sub(r"\1\1\1", _NOISE.sub(" ", _ELSEWHERE.sub(" ", kept)))
    return re.sub(r" {2,}", " ", kept).strip()


def is_syllabic(character: str) -> bool:
    """Whether the character belongs to a script whose words are searched by pairs: Hangul, Han, Kana."""
    code = ord(character)
    return (
        0xAC00 <= code <= 0xD7A3
        or 0x3131 <= code <= 0x318E
        or 0x1100 <= code <= 0x11FF
        or 0x3040 <= code <= 0x30FF
        or 0x3400 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
    )


def runs(word: str) -> list[str]:
    """``word`` cut where the script changes: ``lte가`` is ``lte`` and ``가``."""
    return ["".join(group) for _, group in groupby(word, is_syllabic)]


def words(text: str) -> Iterator[Word]:
    """The words of ``text`` in their order, normalised. None holds a colon: the index marks its own lexemes with it.

    A link loses its scheme and its query; a number keeps its groups and is also one string of digits; a handle keeps
    its ``@`` and a tag its ``#``, and both also answer without.
    """
    for match in _TOKEN.finditer(normalised(text)):
        kind = match.lastgroup or "word"
        found = match.group()
        if kind == "word":
            parts = runs(found)
            yield Word(found, kind, tuple(parts) if len(parts) > 1 else ())
        else:
            yield from _special(kind, found)


def _special(kind: str, found: str) -> Iterator[Word]:
    if kind == "url":
        address = re.sub(r"^https?://", "", found).removeprefix("www.")
        address = re.split(r"[?#]", address, maxsplit=1)[0].rstrip("/.,;:!?)]}'\"").replace(":", "/")
        host = address.split("/", 1)[0]
        if host:
            yield Word(address, kind, (host, *_plain(address)))
    elif kind == "number":
        groups = tuple(re.findall(r"\d+", found))
        joined = "".join(groups)
        yield Word(joined, kind, groups)
    elif kind in {"email", "domain"}:
        cleaned = found.strip(".-")
        local, _, host = cleaned.rpartition("@")
        yield Word(cleaned, kind, (*((local, host) if local else ()), *_plain(cleaned)))
    elif kind == "handle":
        name = found[1:].strip(".-")
        if name:
            yield Word("@" + name, kind, (name, *_plain(name)))
    else:
        inner = found[1:].strip("_")
        pieces = _plain(inner)
        if pieces:
            yield Word("#" + inner, kind, (inner, *pieces))


def _plain(text: str) -> list[str]:
    return [run for piece in re.findall(r"[^\W_]+", text) for run in runs(piece)]


BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800"
"""Letters that show nothing: fillers of Hangul, the empty Braille cell."""
UNSEEN = {"Cc", "Cn", "Co", "Cs", "Zl", "Zp", "Zs"}
"""Control, unassigned and private characters, and spaces of every kind."""


def tidy(name: str) -> str:
    """A name in one form, without what cannot be seen: it must not pass for another's, nor turn a line round."""
    letters = [c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c) != "Cf"]
    seen = (" " if c in BLANK_LETTERS or unicodedata.category(c) in UNSEEN else c for c in letters)
    return " ".join("".join(seen).split())
