"""What notices say, and to whom. The area that raises a kind says so at start-up: notices know no other area."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from sotong.access.rules import Actor


@dataclass(frozen=True, kw_only=True)
class Wording:
    """``title`` says what is so, ``text`` what to do about it, ``go`` names the page where that is done."""

    title: str
    text: str = ""
    go: str = ""
    icon: str = "bell"


Speaker = Callable[[Mapping[str, Any]], Wording]
Seen = Callable[[Actor], Q]


@dataclass(frozen=True, kw_only=True)
class _Kind:
    speaker: Speaker
    seen: Seen | None
    may_close: bool


_kinds: dict[str, _Kind] = {}


def word(kind: str, speaker: Speaker, *, seen: Seen | None = None, may_close: bool = True) -> None:
    """``speaker`` makes the wording of ``kind`` from a notice's detail, in the active language.

    ``seen`` picks the notices of this kind that a person may see, of those whose permission they hold; None: all.
    ``may_close`` False: it ends with its cause alone, so that nobody silences what still stands.
    """
    _kinds[kind] = _Kind(speaker=speaker, seen=seen, may_close=may_close)


def wording_of(kind: str, detail: Mapping[str, Any]) -> Wording:
    """The words of a notice; its kind itself when nobody speaks for it any more."""
    known = _kinds.get(kind)
    return known.speaker(detail) if known else Wording(title=kind)


def may_close(kind: str) -> bool:
    """Whether a person may close notices of ``kind``."""
    known = _kinds.get(kind)
    return known is None or known.may_close


def seen_by(person: Actor) -> Q:
    """The notices that the areas which raised them let ``person`` see."""
    asked: dict[Seen, list[str]] = {}
    for name, kind in _kinds.items():
        if kind.seen is not None:
            asked.setdefault(kind.seen, []).append(name)
    everyones = ~Q(kind__in=[name for names in asked.values() for name in names])
    return reduce(or_, (Q(kind__in=names) & seen(person) for seen, names in asked.items()), everyones)
