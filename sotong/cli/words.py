"""What the command line says, in the language of the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping


class Refusal(Exception):
    """A command cannot do its work. One sentence in each language says why and what to do."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(english)
        self.korean = korean
        self.english = english


def is_korean(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal speaks Korean: the first of LC_ALL, LC_MESSAGES and LANG that is set decides."""
    chosen = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return chosen.lower().startswith("ko")


def speak(korean: str, english: str) -> str:
    """The one of the two that the terminal's user reads."""
    return korean if is_korean() else english


def say(korean: str, english: str) -> None:
    """A line on the terminal. A terminal that has gone away stops nothing."""
    _write(sys.stdout, speak(korean, english))


def complain(korean: str, english: str) -> None:
    """A line on the terminal's error stream."""
    _write(sys.stderr, speak(korean, english))


def _write(stream: object, line: str) -> None:
    try:
        print(line, file=stream, flush=True)  # type: ignore[call-overload]
    except (OSError, ValueError):
        return
