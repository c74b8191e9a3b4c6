"""Telling our own people, and taking it back when the cause is gone."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from sotong.access.rules import PERMISSIONS
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.notices.events import NoticeChanged
from sotong.notices.models import Notice
from sotong.notices.wording import may_close
from sotong.people.models import Person


class CauseStands(Exception):
    """A person wanted to close a notice that ends with its cause alone."""


@transaction.atomic
def raise_notice(
    *, key: str, kind: str, permission: str, at: datetime, url: str = "", person_id: int | None = None, **detail: Any
) -> bool:
    """Tell whoever holds ``permission``, or of them ``person_id`` alone.

    The same ``key`` twice is one notice. Returns whether it is new.
    ``kind`` names the sentence on screen ("channel-trouble"), ``detail`` fills it: plain values, no secrets.
    Raises ``KeyError`` for an unknown permission: nobody would be told.
    """
    if permission not in PERMISSIONS:
        raise KeyError(permission)
    # Many workers may see the same trouble at once: the unique index decides, and nobody fails.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (key, kind, permission, url, detail, raised_at, person_id)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (key) WHERE closed_at IS NULL DO NOTHING RETURNING id",
            [key, kind, permission, url, json.dumps(detail), at, person_id],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    announce(NoticeChanged(notice_id=row[0], permission=permission, person_id=person_id))
    return True


@transaction.atomic
def close_notice(*, key: str, at: datetime, by: Person | None = None) -> bool:
    """The cause is gone (``by`` None), or a person saw to it. Returns whether there was one to close.

    Raises ``CauseStands`` for a person where only the cause may end it.
    """
    row = Notice.objects.select_for_update(of=("self",)).filter(key=key, closed_at__isnull=True).first()
    if row is None:
        return False
    if by is not None and not may_close(row.kind):
        raise CauseStands
    row.closed_at, row.closed_by = at, by
    row.save(update_fields=["closed_at", "closed_by"])
    if by is not None:
        record("notices.close_notice", by=by, subject=row, key=key)
    announce(NoticeChanged(notice_id=row.pk, permission=row.permission, person_id=row.person_id))
    return True
