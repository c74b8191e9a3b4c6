"""Keys of deliveries: UUID version 7, so that they sort by time and fit every network that wants its own form."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID


def new_key(at: datetime, randomness: bytes) -> UUID:
    """The UUIDv7 of ``at`` (milliseconds) and ten random bytes. Raises ``ValueError`` for another number of bytes."""
    if len(randomness) != 10:
        raise ValueError("ten random bytes are needed")
    stamp = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    bits = int.from_bytes(randomness, "big")
    high = (bits >> 62) & 0x0FFF
    low = bits & ((1 << 62) - 1)
    return UUID(int=(stamp << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
