"""Sealing, every minute."""

from __future__ import annotations

from sotong.audit.actions import seal
from sotong.jobs.face import periodic


@periodic("audit.seal", cron="* * * * *")
def seal_entries() -> None:
    """Seal what was written since the last minute."""
    seal()
