"""How often words stand in messages, by the statistics that PostgreSQL keeps for its planner.

They cost a millisecond to read and change slowly: each process keeps them for a while. What a search finds never
depends on them, only how it looks.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

KEPT_FOR = 300.0
"""Seconds."""

# The thousand commonest lexemes; behind them the list of shares holds bounds, without a lexeme.
_READ = """
    SELECT c.reltuples, s.most_common_elems::text::text[], s.most_common_elem_freqs
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = 'search'
    WHERE c.oid = 'inbox_message'::regclass
"""


@dataclass(frozen=True)
class Frequencies:
    """``shares``: of the messages that hold each of the commonest lexemes, 0 to 1. Without statistics it is empty."""

    messages: int = 0
    shares: Mapping[str, float] = field(default_factory=dict)


@dataclass
class _Kept:
    until: float = 0.0
    read: Frequencies = field(default_factory=Frequencies)


_KEPT = _Kept()


def frequencies(cursor: Any) -> Frequencies:
    """As they were read at most ``KEPT_FOR`` seconds ago."""
    now = time.monotonic()
    if now >= _KEPT.until:
        cursor.execute(_READ)
        messages, lexemes, shares = cursor.fetchone()
        _KEPT.read = Frequencies(max(0, int(messages)), dict(zip(lexemes or (), shares or (), strict=False)))
        _KEPT.until = now + KEPT_FOR
    return _KEPT.read
