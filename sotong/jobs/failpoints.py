"""Failpoints: named places on both sides of each effect where a fault run can make the process die.

Dead unless named in ``SOTONG_FAILPOINTS`` ("channels.publish.before", or "channels.publish.after:3" for the third
time that this process gets there). A name that is not listed here is refused, so that a misspelt one cannot pass.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from functools import cache

from sotong.settings.options import options

FLOW: tuple[str, ...] = (
    "channels.arrivals.before",
    "channels.arrivals.inside",
    "channels.arrivals.after",
    "channels.settle_arrivals.inside",
    "channels.settle_arrivals.after",
    "channels.attempt.before",
    "channels.attempt.inside",
    "channels.publish.before",
    "channels.publish.after",
    "channels.settle.inside",
    "channels.settle.after",
    "channels.look.before",
    "channels.look.after",
)
"""Those that everything reaches, in the order of the flow: in, then out."""
NAMES: tuple[str, ...] = (*FLOW, "channels.remove.before", "channels.remove.after")
"""Every failpoint."""
EXIT = 137
"""The exit code of a process killed by SIGKILL."""

_reached: Counter[str] = Counter()
_lock = threading.Lock()


def read(text: str) -> dict[str, int]:
    """The failpoints that ``text`` switches on, with the time (1st, 2nd …) at which each strikes.

    Raises ``ValueError`` for a name that does not exist.
    """
    found: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, times = part.partition(":")
        if name not in NAMES:
            raise ValueError(f"no such failpoint: {name}")
        found[name] = int(times or 1)
    return found


@cache
def _switched_on() -> dict[str, int]:
    return read(options().failpoints)


def reach(name: str) -> None:
    """Die here, as if killed, when this failpoint is switched on; else nothing. Raises ``KeyError`` if not listed."""
    if name not in NAMES:
        raise KeyError(name)
    strikes_at = _switched_on().get(name)
    if strikes_at is None:
        return
    with _lock:
        _reached[name] += 1
        is_time = _reached[name] == strikes_at
    if is_time:
        os._exit(EXIT)
