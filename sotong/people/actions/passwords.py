"""Helping someone back in: a reset link, and taking a lost second factor away."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from sotong.audit.actions import record
from sotong.people.actions.inviting import LinkDead
from sotong.people.actions.signing_out import end_sessions_of
from sotong.people.actions.standing import ChangeRefused
from sotong.people.models import Person, ResetLink
from sotong.people.rules import LINK_LIFE, LinkState, Refusal, hash_of, link_state, new_token


def _check(person: Person, *, reason: str, by: Person) -> None:
    if person.pk == by.pk:
        raise ChangeRefused(Refusal.ONESELF)
    if person.is_owner and not by.is_owner:
        raise ChangeRefused(Refusal.OWNER)
    if not reason.strip():
        raise ChangeRefused(Refusal.REASON_MISSING)


@transaction.atomic
def issue_reset_link(*, person_id: int, reason: str, by: Person, at: datetime) -> str:
    """A one-time token for ``/password/<token>/``; older ones of that person die. Raises ``ChangeRefused``."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id, is_active=True)
    _check(person, reason=reason, by=by)
    person.reset_links.filter(used_at__isnull=True).update(used_at=at)
    token = new_token()
    ResetLink.objects.create(token_hash=hash_of(token), person=person, issued_by=by, expires_at=at + LINK_LIFE)
    record("people.issue_reset_link", by=by, subject=person, reason=reason.strip())
    return token


def find_reset_link(*, token: str, at: datetime) -> ResetLink:
    """The link, while it still works. Raises ``LinkDead``."""
    link = ResetLink.objects.select_related("person").filter(token_hash=hash_of(token)).first()
    if link is None or not link.person.is_active:
        raise LinkDead(LinkState.WITHDRAWN)
    state = link_state(expires_at=link.expires_at, used_at=link.used_at, withdrawn_at=None, at=at)
    if state is not LinkState.OPEN:
        raise LinkDead(state)
    return link


@transaction.atomic
def use_reset_link(*, token: str, password: str, at: datetime) -> Person:
    """Set the new password and end every session. Raises ``LinkDead``. Second factors stay as they are."""
    ResetLink.objects.select_for_update().filter(token_hash=hash_of(token)).first()
    link = find_reset_link(token=token, at=at)
    link.used_at = at
    link.save(update_fields=["used_at"])
    person = link.person
    person.set_password(password)
    person.save(update_fields=["password"])
    end_sessions_of(person)
    record("people.use_reset_link", by=person, subject=person, issued_by=link.issued_by_id)
    return person


@transaction.atomic
def remove_second_factors(*, person_id: int, reason: str, by: Person, at: datetime) -> int:
    """For someone who lost their phone or key: takes authenticator app, passkeys and recovery codes away.

    Ends their sessions. Returns how many were taken. Raises ``ChangeRefused``.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    _check(person, reason=reason, by=by)
    taken: int = Authenticator.objects.filter(user=person).delete()[0]
    end_sessions_of(person)
    record("people.remove_second_factors", by=by, subject=person, reason=reason.strip(), taken=taken)
    return taken
