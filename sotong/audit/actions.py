"""Writing the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sotong.audit.models import Entry

if TYPE_CHECKING:
    from sotong.access.rules import Actor

SYSTEM = "system"


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
