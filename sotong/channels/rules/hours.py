"""Opening hours as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = re.compile(r"^(\d{1,2})(?::(\d{2}))?\s*[-–—~]\s*(\d{1,2})(?::(\d{2}))?$")


def parse_hours(text: str) -> list[list[str]]:
    """``"9-12, 13:00-18:00"`` as ``[["09:00", "12:00"], ["13:00", "18:00"]]``; empty: closed that day.

    Raises ``ValueError`` for what is no time of day, ends before it begins, or overlaps.
    """
    spans: list[list[str]] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        found = SPAN.match(part)
        if found is None:
            raise ValueError(part)
        begin, end = _clock(found[1], found[2]), _clock(found[3], found[4])
        if begin >= end or end > "24:00" or (spans and spans[-1][1] > begin):
            raise ValueError(part)
        spans.append([begin, end])
    return spans


def _clock(hour: str, minute: str | None) -> str:
    if int(minute or 0) > 59:
        raise ValueError(minute)
    return f"{int(hour):02}:{minute or '00'}"


def write_hours(spans: Sequence[Sequence[str]]) -> str:
    """What ``parse_hours`` reads."""
    return ", ".join(f"{begin}–{end}" for begin, end in spans)


def is_open(hours: Mapping[str, Any], moment: datetime) -> bool:
    """Whether ``moment`` (in the channel's zone) lies in its hours; without any hours it is always open."""
    if not any(hours.values()):
        return True
    clock = f"{moment:%H:%M}"
    return any(begin <= clock < end for begin, end in hours.get(DAYS[moment.weekday()], ()))
