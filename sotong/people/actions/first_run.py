"""Founding the company: the one-time link and what it makes."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from sotong.audit.actions import record
from sotong.people.models import Company, Person, SetupToken
from sotong.people.rules import OWNER_ROLES, hash_of, new_token


class SetupLinkDead(Exception):
    """The link was used, or a newer one replaced it, or the company already exists."""


def has_owner() -> bool:
    """Whether the first run is over."""
    return Person.objects.filter(is_owner=True).exists()


def _one_at_a_time() -> None:
    """Two browsers, or two starts, must not found two companies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sotong.people.first_run'))")


@transaction.atomic
def issue_setup_token() -> str | None:
    """A new token for ``/first-run/<token>/``; the ones before die. None once an owner exists."""
    _one_at_a_time()
    if has_owner():
        return None
    token = new_token()
    SetupToken.objects.filter(used_at__isnull=True).delete()
    SetupToken.objects.create(token_hash=hash_of(token))
    return token


def is_open(token: str) -> bool:
    """Whether this link still founds the company."""
    return SetupToken.objects.filter(token_hash=hash_of(token), used_at__isnull=True).exists() and not has_owner()


@transaction.atomic
def found_company(
    *,
    token: str,
    company: str,
    language: str,
    time_zone: str,
    name: str,
    email: str,
    password: str,
    at: datetime,
) -> Person:
    """Make the company and its owner. Raises ``SetupLinkDead`` and then changes nothing.

    ``password`` is already checked by the form. ``language`` ko or en; ``time_zone`` an IANA name.
    """
    _one_at_a_time()
    taken = SetupToken.objects.filter(token_hash=hash_of(token), used_at__isnull=True).update(used_at=at)
    if not taken or has_owner():
        raise SetupLinkDead
    row = Company.objects.create(name=company, language=language, time_zone=time_zone)
    owner = Person.objects.create_user(
        email=email,
        password=password,
        name=name,
        roles=list(OWNER_ROLES),
        authority=4,
        is_owner=True,
        language=language,
        time_zone=time_zone,
    )
    record("people.found_company", by=owner, subject=row, language=language, time_zone=time_zone)
    return owner
