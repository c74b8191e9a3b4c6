"""What a check reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from sotong.cli.words import speak

Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """``what`` names the thing, ``text`` says what was seen, ``mend`` what to do (empty when nothing)."""

    what: str
    level: Level
    text: str
    mend: str = ""


def ok(what: str, korean: str, english: str) -> Finding:
    return Finding(what=what, level="ok", text=speak(korean, english))


def warn(what: str, text: tuple[str, str], mend: tuple[str, str]) -> Finding:
    """``text`` and ``mend`` are Korean and English."""
    return Finding(what=what, level="warn", text=speak(*text), mend=speak(*mend))


def fail(what: str, text: tuple[str, str], mend: tuple[str, str]) -> Finding:
    """``text`` and ``mend`` are Korean and English."""
    return Finding(what=what, level="fail", text=speak(*text), mend=speak(*mend))


def guarded(what: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """The findings of ``look``; one more where it breaks itself, so that one sick part never hides the others."""
    try:
        yield from look()
    except Exception as problem:  # noqa: BLE001 - a doctor reports whatever it meets
        said = f"{type(problem).__name__}: {problem}".splitlines()[0]
        yield fail(
            what,
            (f"확인하지 못했어요: {said}", f"could not be checked: {said}"),
            ("위의 오류를 먼저 고쳐 주세요.", "Mend that error first."),
        )


def age(seconds: float) -> tuple[str, str]:
    """A span of time in Korean and English, in the largest fitting unit."""
    seconds = max(0.0, seconds)
    if seconds < 90:
        return f"{seconds:.0f}초", f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f}분", f"{seconds / 60:.0f} min"
    if seconds < 129_600:
        return f"{seconds / 3600:.0f}시간", f"{seconds / 3600:.0f} h"
    return f"{seconds / 86_400:.0f}일", f"{seconds / 86_400:.0f} days"
