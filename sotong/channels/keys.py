"""The keys that credentials are encrypted with: a file in the data folder, never in the database.

``<data>/keys/credentials.json``: ``{"active": id, "keys": {id: 32 bytes in base64}}``, readable by its owner alone. A
value names its key, so that old values stay readable while a rotation is under way.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from sotong.settings.options import options

NONCE = 12


class KeyMissing(Exception):
    """A value cannot be read: its key is not in the key file (another data folder's, or it was lost)."""


@dataclass(frozen=True)
class Keyring:
    """The known keys. Its ``repr`` shows ids only."""

    active: str
    keys: dict[str, bytes] = field(repr=False)

    def seal(self, value: object, place: str) -> tuple[bytes, str]:
        """``value`` (JSON) encrypted for ``place`` with the active key, and that key's id."""
        nonce = secrets.token_bytes(NONCE)
        plain = json.dumps(value).encode()
        return nonce + AESGCM(self.keys[self.active]).encrypt(nonce, plain, place.encode()), self.active

    def open(self, sealed: bytes, key_id: str, place: str) -> Any:
        """What ``seal`` closed. Raises ``KeyMissing`` when key, place or bytes do not fit together."""
        key = self.keys.get(key_id)
        if key is None:
            raise KeyMissing(f"the key {key_id!r} is not in the key file")
        try:
            return json.loads(AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.encode()))
        except (InvalidTag, ValueError) as problem:
            raise KeyMissing("the value does not belong to this key and place") from problem


_lock = threading.Lock()
_read: tuple[tuple[int, int, int], Keyring] | None = None


def key_file() -> Path:
    return options().data / "keys" / "credentials.json"


def keyring() -> Keyring:
    """The keys as they are in the file now; made at the first use."""
    global _read  # noqa: PLW0603  (one small cache, guarded by the lock)
    file = key_file()
    with _lock:
        if not file.exists():
            _create(file)
        info = file.stat()
        stamp = (info.st_mtime_ns, info.st_ino, info.st_size)
        if _read is None or _read[0] != stamp:
            written = json.loads(file.read_text(encoding="utf-8"))
            keys = {name: base64.b64decode(key) for name, key in written["keys"].items()}
            _read = (stamp, Keyring(active=written["active"], keys=keys))
        return _read[1]


def _create(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = _written(Keyring(active="k1", keys={"k1": AESGCM.generate_key(256)}), file)
    try:
        # A link fails where the file exists: of two processes that start at once, one key wins and both use it.
        os.link(fresh, file)
    except FileExistsError:
        return
    finally:
        fresh.unlink()


def _written(ring: Keyring, beside: Path) -> Path:
    fresh = beside.with_name(f"{beside.name}.{os.getpid()}.{secrets.token_hex(4)}")
    text = json.dumps(
        {"active": ring.active, "keys": {name: base64.b64encode(key).decode() for name, key in ring.keys.items()}}
    )
    handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    return fresh


def replace_keys(ring: Keyring) -> None:
    """Write the key file anew, in one step."""
    _written(ring, key_file()).replace(key_file())


def with_new_key(ring: Keyring) -> Keyring:
    """``ring`` with a fresh active key; the old ones stay readable."""
    numbers = [int(name[1:]) for name in ring.keys if name[1:].isdigit()]
    fresh = f"k{max(numbers, default=0) + 1}"
    return Keyring(active=fresh, keys={**ring.keys, fresh: AESGCM.generate_key(256)})
