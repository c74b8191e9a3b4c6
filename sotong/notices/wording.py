"""What notices say. The area that raises a kind hands in its sentence at start-up: notices know no other area."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Wording:
    """``title`` says what is so, ``text`` what to do about it, ``go`` names the page where that is done."""

    title: str
    text: str = ""
    go: str = ""
    icon: str = "bell"


Speaker = Callable[[Mapping[str, Any]], Wording]
_speakers: dict[str, Speaker] = {}


def word(kind: str, speaker: Speaker) -> None:
    """``speaker`` makes the wording of ``kind`` from a notice's detail, in the active language."""
    _speakers[kind] = speaker


def wording_of(kind: str, detail: Mapping[str, Any]) -> Wording:
    """The words of a notice; its kind itself when nobody speaks for it any more."""
    speaker = _speakers.get(kind)
    return speaker(detail) if speaker else Wording(title=kind)
