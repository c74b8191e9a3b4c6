"""Writing HTML: everything that is put into a pattern is escaped, except what already is ``Safe``.

A template is a file of ``templates/``. Its lines are joined without the white space between them.
``{name}`` is filled in, ``{{한국어}}`` are words in the reader's language, which may hold ``{name}`` too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from html import escape
from pathlib import Path
from typing import LiteralString

TEMPLATES = Path(__file__).parent / "templates"
PIECES = re.compile(r"\{\{((?:[^{}]|\{\w+\})*)\}\}|\{(\w+)\}")

Say = Callable[..., str]
"""Korean words and the values in them → words in the reader's language, plain."""


class Safe(str):
    """Text that is HTML already."""

    __slots__ = ()


NOTHING = Safe("")


def escaped(value: object) -> str:
    """A value as HTML. Lists of ``Safe`` are joined; None leaves nothing."""
    if value is None:
        return ""
    if isinstance(value, Safe):
        return value
    if isinstance(value, list):
        return "".join(escaped(part) for part in value)
    return escape(str(value), quote=True)


def html(pattern: LiteralString, /, **values: object) -> Safe:
    """A short pattern with its ``{names}`` filled in."""
    return Safe(PIECES.sub(lambda piece: escaped(values[piece.group(2)]), pattern))


@cache
def template(name: str) -> str:
    """The text of a template. Raises ``FileNotFoundError`` for a name that has none."""
    lines = (TEMPLATES / f"{name}.html").read_text("utf-8").splitlines()
    return "".join(line.strip() for line in lines)


def fill(name: str, say: Say, values: dict[str, object]) -> Safe:
    """A template filled in. Raises ``KeyError`` for a value that is not given."""

    def piece(found: re.Match[str]) -> str:
        words: str | None = found.group(1)
        if words is None:
            return escaped(values[found.group(2)])
        return escape(say(words, **{one: values[one] for one in re.findall(r"\{(\w+)\}", words)}), quote=True)

    return Safe(PIECES.sub(piece, template(name)))


def joined(parts: Iterable[Safe]) -> Safe:
    return Safe("".join(parts))
