"""How the language process and its clients talk: four bytes of length, then that much JSON, over a Unix socket."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HEADER_BYTES = 4
REQUEST_BYTES = 256 * 1024
"""Longest request that is read."""
ANSWER_BYTES = 16 * 1024 * 1024
"""Longest answer that is read; a request at its longest stays well below."""
TEXTS_MAX = 256
"""Texts of one request."""
READINGS_MAX = 3
"""Readings of one text that may be asked for."""
_ADDRESS_BYTES = 100


def framed(message: dict[str, Any]) -> bytes:
    """``message`` as it goes over the socket. Half a surrogate pair, which no UTF-8 holds, becomes ``?``."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return len(body).to_bytes(HEADER_BYTES, "big") + body


def unframed(body: bytes) -> dict[str, Any]:
    """The message in ``body``. Raises ``ValueError`` when it is no JSON object, or one nested without end."""
    try:
        message = json.loads(body)
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem
    if not isinstance(message, dict):
        raise ValueError("not an object")  # noqa: TRY004 - whoever reads a message has one error to expect
    return message


@contextmanager
def address(socket_path: Path) -> Iterator[str]:
    """A name under which the system takes ``socket_path``, which may be longer than the 107 bytes of an address."""
    plain = str(socket_path)
    if len(os.fsencode(plain)) <= _ADDRESS_BYTES:
        yield plain
        return
    folder = os.open(socket_path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{socket_path.name}"
    finally:
        os.close(folder)
