"""How entries are sealed: their one written form, and the digest over it. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet takes for the beginning of a formula; some take the full-width signs too."""


class Written(NamedTuple):
    """An entry's plain values, in the order in which they are sealed."""

    id: int
    at: datetime
    person_id: int | None
    actor: str
    action: str
    subject_type: str
    subject_id: int | None
    contact_id: int | None
    reason: str
    detail: Any


def line_of(entry: Written) -> bytes:
    """The one written form of an entry: time in UTC to the microsecond, keys in order, no spaces."""
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    values = [entry.id, at, *entry[2:]]
    return json.dumps(values, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii") + b"\n"


def digest_of(previous: str, entries: Iterable[Written]) -> str:
    """SHA-256 over the digest of the seal before and the entries, by id."""
    digest = hashlib.sha256(previous.encode("ascii") + b"\n")
    for entry in entries:
        digest.update(line_of(entry))
    return digest.hexdigest()


def ranges_of(ids: Sequence[int]) -> str:
    """Ascending ids as a multirange: [1, 2, 3, 7] → "{[1,4),[7,8)}"."""
    parts: list[list[int]] = []
    for number in ids:
        if parts and parts[-1][1] == number:
            parts[-1][1] = number + 1
        else:
            parts.append([number, number + 1])
    return "{" + ",".join(f"[{low},{high})" for low, high in parts) + "}"


def safe_cell(value: object) -> str:
    """A value for a spreadsheet: text that would start a formula gets an apostrophe in front."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
