"""What the living page shows of the system itself: the colours as written in tokens.css, and the icons."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sotong.design.icons import icon_names
from sotong.design.rules import contrast

STATIC = Path(__file__).parent / "static" / "design"

PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "bg", 4.5), ("text-2", "bg", 4.5), ("text-3", "bg", 4.5),
    ("text", "bg-sunken", 4.5), ("text-2", "bg-sunken", 4.5), ("text-3", "bg-sunken", 4.5),
    ("text-2", "bg-raised", 4.5), ("text-3", "bg-raised", 4.5),
    ("text", "bg-selected", 4.5), ("text-2", "bg-selected", 4.5), ("text-3", "bg-selected", 4.5),
    ("text", "bg-own", 4.5), ("on-ink", "ink", 4.5), ("on-ink", "ink-hover", 4.5), ("text-2", "ink-soft", 4.5),
    ("rail-text", "rail", 4.5), ("rail-on", "rail", 4.5), ("rail-on", "rail-active", 4.5), ("rail-quiet", "rail", 4.5),
    ("on-accent", "accent", 4.5), ("accent-text", "bg", 4.5), ("accent-text", "accent-soft", 4.5),
    ("ok", "bg", 4.5), ("ok", "ok-soft", 4.5), ("ok", "bg-selected", 4.5),
    ("warn", "bg", 4.5), ("warn", "warn-soft", 4.5), ("warn", "bg-selected", 4.5), ("text", "warn-soft", 4.5),
    ("danger", "bg", 4.5), ("danger", "danger-soft", 4.5), ("danger", "bg-raised", 4.5),
    ("info", "bg", 4.5), ("info", "info-soft", 4.5),
    *((f"av-{number}-t", f"av-{number}-b", 4.5) for number in range(6)),
    ("accent", "bg", 3.0), ("accent", "rail", 3.0), ("line-control", "bg", 3.0), ("line-control", "bg-raised", 3.0),
    ("line-control", "bg-sunken", 3.0), ("focus", "bg", 3.0), ("focus", "bg-selected", 3.0),
    ("ink", "bg-selected", 3.0),
)  # fmt: skip
"""Text or graphic, what it stands on, and the ratio that WCAG 2.2 AA asks for."""


@dataclass(frozen=True)
class Colour:
    """One token with its day and night value, ``#RRGGBB``."""

    name: str
    day: str
    night: str


@dataclass(frozen=True)
class Pair:
    """A pair of tokens with its contrast by day and by night, and the ratio needed."""

    front: str
    back: str
    day: float
    night: float
    needed: float


@cache
def colours() -> dict[str, Colour]:
    """Every colour of tokens.css by name, without the dashes."""
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    found = re.findall(r"--([\w-]+):\s*light-dark\((#\w+),\s*(#\w+)\)", text)
    return {name: Colour(name, day, night) for name, day, night in found}


def colour_roles() -> list[Colour]:
    """The colours that have a role, as the living page lists them."""
    return [colour for name, colour in colours().items() if not name.startswith(("av-", "shade-"))]


@cache
def contrast_pairs() -> tuple[Pair, ...]:
    """Each pair in use with its computed contrast."""
    known = colours()
    return tuple(
        Pair(
            front,
            back,
            contrast(known[front].day, known[back].day),
            contrast(known[front].night, known[back].night),
            needed,
        )
        for front, back, needed in PAIRS
    )


def icons() -> list[str]:
    """The names of all icons."""
    return sorted(icon_names() - {"mark"})
