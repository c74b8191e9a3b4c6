"""Ending sessions."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sotong.audit.actions import record
from sotong.people.models import Invitation, Person, ResetLink, Session
from sotong.people.rules import hash_of


def end_sessions_of(person: Person, *, but: str | None = None) -> int:
    """End every session of ``person`` except the one with the key ``but``, in the caller's transaction."""
    rows = Session.objects.filter(person=person)
    if but is not None:
        rows = rows.exclude(session_key=but)
    return rows.delete()[0]


@transaction.atomic
def sign_out_everywhere(*, person_id: int, by: Person, but: str | None = None) -> int:
    """End someone's sessions; ``but`` keeps the one that asks. Returns how many ended."""
    person = Person.objects.get(pk=person_id)
    ended = end_sessions_of(person, but=but)
    record("people.sign_out_everywhere", by=by, subject=person, sessions=ended)
    return ended


@transaction.atomic
def end_session(*, person: Person, mark: str, by: Person) -> bool:
    """End the one session whose key hashes to ``mark`` (pages never hold keys). False: it was gone already."""
    for session in Session.objects.filter(person=person).only("session_key"):
        if hash_of(session.session_key) == mark:
            session.delete()
            record("people.end_session", by=by, subject=person)
            return True
    return False


@transaction.atomic
def close_ways_in(*, at: datetime, open_at: datetime) -> int:
    """End every session, reset link and invitation: after a restore, all that was ended or used since is open again.

    Returns how many invitations were open at ``open_at``, the backup's moment: those people wait for a new one.
    """
    sessions = Session.objects.all().delete()[0]
    links = ResetLink.objects.filter(used_at=None).update(used_at=at)
    standing = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    waiting = standing.filter(expires_at__gt=open_at).count()
    invitations = standing.update(withdrawn_at=at)
    record("people.close_ways_in", by=None, sessions=sessions, reset_links=links, invitations=invitations)
    return waiting
