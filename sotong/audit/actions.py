"""Writing the audit trail, and sealing what was written."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from sotong.audit.models import Entry, Seal
from sotong.audit.queries.chain import unsealed, written
from sotong.audit.rules import digest_of, ranges_of

if TYPE_CHECKING:
    from sotong.access.rules import Actor

log = logging.getLogger(__name__)

SYSTEM = "system"
AT_MOST = 20_000
"""Entries of one seal; the next one takes the rest."""


def record(
    action: str,
    *,
    by: Actor | None,
    subject: Any = None,
    contact_id: int | None = None,
    reason: str = "",
    actor: str = SYSTEM,
    **detail: Any,
) -> None:
    """Add an entry in the caller's transaction.

    ``by``: the person, or None for the system (``actor`` then names which part of it). ``subject``: a model row.
    ``detail``: plain JSON values, no secrets and no texts of customers.
    """
    is_person = by is not None and getattr(by, "pk", None) is not None
    Entry.objects.create(
        person_id=getattr(by, "pk", None) if is_person else None,
        actor=getattr(by, "name", actor) if is_person else actor,
        action=action,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        contact_id=contact_id,
        reason=reason,
        detail=detail,
    )


def seal() -> int:
    """Seal every committed entry that is not sealed yet; returns how many. Nobody who writes entries ever waits.

    The newest digest goes to the log: whoever keeps logs elsewhere can tell that the end of the chain was cut off.
    """
    done = 0
    while count := _seal_some():
        done += count
    return done


@transaction.atomic
def _seal_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sotong.audit.seal'))")
    last = Seal.objects.order_by("-id").first()
    ids = unsealed(after=last.upto if last else 0, limit=AT_MOST)
    if not ids:
        return 0
    previous = last.digest if last else ""
    made = Seal.objects.create(
        members=ranges_of(ids),
        upto=max(ids[-1], last.upto if last else 0),
        entries=len(ids),
        previous=previous,
        digest=digest_of(previous, written(ids)),
    )
    log.info("audit sealed: seal %s, %s entries, %s", made.pk, made.entries, made.digest)
    return len(ids)
