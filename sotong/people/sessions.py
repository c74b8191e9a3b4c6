"""Where sessions are kept: Django's database store over a table that names the person (``SESSION_ENGINE``)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from sotong.people.models import Session

DEVICE = "_device"
ADDRESS = "_address"
STARTED = "_started"
"""Seconds since 1970 of the sign-in."""


class SessionStore(DatabaseStore):
    """Saves who is signed in, and from which device, beside the session's own data."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = cast(Session, super().create_model_instance(data))
        person, started = data.get(SESSION_KEY), data.get(STARTED)
        row.person_id = int(person) if person is not None else None
        row.device = str(data.get(DEVICE, ""))[:300]
        row.address = data.get(ADDRESS)
        row.seen_at = timezone.now()
        row.started_at = datetime.fromtimestamp(started, UTC) if started is not None else row.seen_at
        return row
