"""Credentials and sessions, encrypted at rest. Nothing here is ever logged or shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from sotong.access.rules import Actor
from sotong.audit.actions import record
from sotong.channels.keys import Keyring, keyring, replace_keys, with_new_key
from sotong.channels.models import Channel, Connecting

REFRESHING = 7302
"""First half of the advisory lock that lets one worker at a time renew a channel's tokens."""


def place(row: Channel | Connecting, column: str) -> str:
    """What a sealed value is bound to: moved to another row or column, it does not open."""
    return f"{row._meta.label_lower}:{row.pk}:{column}"


def set_credentials(row: Channel | Connecting, values: Mapping[str, str]) -> None:
    """Seal ``values`` into the row (not saved); a channel's session is emptied, because it belonged to the old ones."""
    row.credentials, row.key_id = keyring().seal(dict(values), place(row, "credentials"))
    if isinstance(row, Channel):
        row.session = b""


def read_credentials(row: Channel | Connecting) -> dict[str, str]:
    """The values by field name. Raises ``keys.KeyMissing``."""
    if not row.credentials:
        return {}
    found: dict[str, str] = keyring().open(bytes(row.credentials), row.key_id, place(row, "credentials"))
    return found


class ChannelSession:
    """Where a channel's connector keeps rotated tokens (``networks.contract.Session``)."""

    def __init__(self, channel_id: int) -> None:
        self.channel_id = channel_id

    def _row(self, *, is_locked: bool) -> Channel:
        rows = Channel.objects.only("id", "session", "credentials", "key_id")
        return (rows.select_for_update(no_key=True) if is_locked else rows).get(pk=self.channel_id)

    def read(self) -> dict[str, Any]:
        """What was written last, by whichever worker."""
        row = self._row(is_locked=False)
        if not row.session:
            return {}
        found: dict[str, Any] = keyring().open(bytes(row.session), row.key_id, place(row, "session"))
        return found

    def write(self, values: Mapping[str, Any]) -> None:
        """Keep ``values``; committed when this returns, unless the caller is inside a transaction of its own."""
        with transaction.atomic():
            row = self._row(is_locked=True)
            _reseal(row, keyring())
            row.session, row.key_id = keyring().seal(dict(values), place(row, "session"))
            row.save(update_fields=["session", "credentials", "key_id"])

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Held by one worker at a time: inside, ``read`` again and renew only what still needs it.

        The lock is the connection's, not a transaction's, because a network call happens inside.
        """
        key = [REFRESHING, self.channel_id % 2**31]
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def _reseal(row: Channel | Connecting, ring: Keyring) -> bool:
    """Bring a locked row to the active key; False when it is there already. Both columns always share one key."""
    if row.key_id == ring.active or not (row.credentials or row.key_id):
        return False
    columns = ["credentials", "session"] if isinstance(row, Channel) else ["credentials"]
    for column in columns:
        sealed = bytes(getattr(row, column))
        if sealed:
            fresh, _ = ring.seal(ring.open(sealed, row.key_id, place(row, column)), place(row, column))
            setattr(row, column, fresh)
    row.key_id = ring.active
    return True


def rotate_keys(*, by: Actor | None, at: datetime) -> int:
    """Make a new key, encrypt everything with it and drop the keys that nothing uses; returns the number of rows.

    Safe while Sotong runs, and safe to repeat: old keys stay readable until no row needs them.
    """
    replace_keys(with_new_key(keyring()))
    ring = keyring()
    changed = 0
    for model in (Channel, Connecting):
        for pk in model.objects.exclude(key_id__in=["", ring.active]).values_list("pk", flat=True):
            with transaction.atomic():
                row = model.objects.select_for_update(no_key=True).get(pk=pk)
                if _reseal(row, ring):
                    row.save()
                    changed += 1
    with transaction.atomic():
        record("channels.rotate_keys", by=by, actor="command line", key=ring.active, rows=changed)
    used = {ring.active, *_used_keys()}
    # The key before stays for one more rotation: a process that read the file a moment ago may still write with it.
    before = f"k{int(ring.active[1:]) - 1}"
    kept = {name: key for name, key in ring.keys.items() if name in used or name == before}
    replace_keys(Keyring(active=ring.active, keys=kept))
    return changed


def _used_keys() -> set[str]:
    return {
        key_id
        for model in (Channel, Connecting)
        for key_id in model.objects.exclude(key_id="").values_list("key_id", flat=True).distinct()
    }
