"""What someone may do here: roles, authority, and whether they work here at all."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from sotong.access.rules import AUTHORITY_LEVELS, ROLES
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.people.actions.signing_out import end_sessions_of
from sotong.people.events import PersonChanged
from sotong.people.models import Person
from sotong.people.rules import ADMINISTRATOR, Refusal, refusal_of_change


class ChangeRefused(Exception):
    """The change is not allowed; ``refusal`` says why. Nothing was changed."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


def _locked(person_id: int) -> tuple[Person, int]:
    """The person, and how many other active administrators there are; all of them locked.

    Locked in one order and together, so that two administrators cannot remove each other at the same time.
    """
    rows = Person.objects.select_for_update(of=("self",)).filter(roles__contains=[ADMINISTRATOR], is_active=True)
    administrators = {row.pk for row in rows.order_by("pk")}
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    return person, len(administrators - {person_id})


def _check(person: Person, *, roles: Iterable[str], stays: bool, others: int, reason: str, by: Person) -> None:
    refusal = refusal_of_change(
        by_id=by.pk,
        person_id=person.pk,
        is_owner=person.is_owner,
        by_is_owner=by.is_owner,
        roles_before=person.roles if person.is_active else (),
        roles_after=roles,
        stays_active=stays,
        other_administrators=others,
        reason=reason,
    )
    if refusal is not None:
        raise ChangeRefused(refusal)


@transaction.atomic
def change_standing(
    *, person_id: int, roles: Iterable[str], authority: int, reason: str, by: Person, at: datetime
) -> Person:
    """Give someone exactly these roles and this authority, and end their sessions: they sign in with the new rights.

    Raises ``ChangeRefused``; ``ValueError`` for an unknown role or level. The same values change nothing.
    """
    wanted = set(roles)
    if unknown := wanted - set(ROLES):
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
    if authority not in AUTHORITY_LEVELS:
        raise ValueError(f"no such level of authority: {authority}")
    person, others = _locked(person_id)
    after = [role for role in ROLES if role in wanted]
    if set(person.roles) == wanted and person.authority == authority:
        return person
    _check(person, roles=after, stays=person.is_active, others=others, reason=reason, by=by)
    before = {"roles": person.roles, "authority": person.authority}
    person.roles, person.authority = after, authority
    person.save(update_fields=["roles", "authority"])
    end_sessions_of(person)
    record(
        "people.change_standing",
        by=by,
        subject=person,
        reason=reason.strip(),
        before=before,
        after={"roles": after, "authority": authority},
    )
    announce(PersonChanged(person_id=person.pk))
    return person


@transaction.atomic
def deactivate_person(*, person_id: int, reason: str, by: Person, at: datetime) -> Person:
    """Someone no longer works here: their sessions end, their open reset links die, what they wrote keeps its author.

    Raises ``ChangeRefused``.
    """
    person, others = _locked(person_id)
    if not person.is_active:
        return person
    _check(person, roles=person.roles, stays=False, others=others, reason=reason, by=by)
    person.is_active = False
    person.save(update_fields=["is_active"])
    end_sessions_of(person)
    person.reset_links.filter(used_at__isnull=True).update(used_at=at)
    record("people.deactivate_person", by=by, subject=person, reason=reason.strip())
    announce(PersonChanged(person_id=person.pk))
    return person


@transaction.atomic
def reactivate_person(*, person_id: int, reason: str, by: Person, at: datetime) -> Person:
    """Someone works here again, with the roles they had. Raises ``ChangeRefused``."""
    person, others = _locked(person_id)
    if person.is_active:
        return person
    _check(person, roles=person.roles, stays=True, others=others, reason=reason, by=by)
    person.is_active = True
    person.save(update_fields=["is_active"])
    record("people.reactivate_person", by=by, subject=person, reason=reason.strip())
    announce(PersonChanged(person_id=person.pk))
    return person
