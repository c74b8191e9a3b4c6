"""Idempotency keys for tests."""

from __future__ import annotations

import os
import time
import uuid


def new_key() -> str:
    """A UUIDv7 of now."""
    value = (int(time.time() * 1000) << 80) | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (7 << 76)
    return str(uuid.UUID(int=(value & ~(3 << 62)) | (2 << 62)))
