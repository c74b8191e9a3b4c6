"""Meeting people: whoever writes to us gets an identity, and a contact that groups it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from sotong.contacts.actions.searching import search_value
from sotong.contacts.models import Contact, Identity
from sotong.language.length import is_blank

MEETING = 7302
"""First half of the advisory lock that lets one worker at a time meet the people of an origin."""
LONGEST_ID = 300
TURNING = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
"""Unicode's signs that turn the direction of what follows."""


@dataclass(frozen=True, kw_only=True)
class Met:
    """An account as a network showed it at ``observed_at``."""

    remote_id: str
    handle: str
    name: str
    url: str
    observed_at: datetime

    @property
    def shown(self) -> tuple[datetime, str, str, str]:
        """The later sighting is the truer one; of two at the same time the same one always wins."""
        return (self.observed_at, self.handle, self.name, self.url)


def plain(name: str) -> str:
    """The name without the signs that turn the direction of writing, with which it would read as another one; empty
    where nobody would see anything of it.
    """
    seen = name.translate(TURNING)
    return "" if is_blank(seen) else seen


def identity_key(remote_id: str) -> str:
    """The form in which an account's id is kept: itself, or a hash where it is absurdly long."""
    if len(remote_id) <= LONGEST_ID:
        return remote_id
    return "#" + hashlib.sha256(remote_id.encode("utf-8", "surrogatepass")).hexdigest()


def meet_identities(*, network: str, origin: str, met: Iterable[Met]) -> dict[str, Identity]:
    """The identities of these accounts by ``identity_key(remote_id)``, made where they are new.

    Handle, name and address follow the latest sighting, whatever the order in which sightings come. An account is
    never joined to the contact of another one: only a person does that.
    """
    latest: dict[str, Met] = {}
    first: dict[str, datetime] = {}
    for one in met:
        key = identity_key(one.remote_id)
        if key not in latest or one.shown > latest[key].shown:
            latest[key] = one
        first[key] = min(first.get(key, one.observed_at), one.observed_at)
    if not latest:
        return {}
    with transaction.atomic():
        lock_origin(origin)
        known = {row.remote_id: row for row in Identity.objects.filter(origin=origin, remote_id__in=list(latest))}
        _refresh([(known[key], one, first[key]) for key, one in sorted(latest.items()) if key in known])
        new = [(key, one) for key, one in sorted(latest.items()) if key not in known]
        contacts = Contact.objects.bulk_create([Contact() for _ in new])
        made = Identity.objects.bulk_create(
            [
                Identity(
                    contact=contact,
                    network=network,
                    origin=origin,
                    remote_id=key,
                    handle=plain(one.handle)[:300],
                    name=plain(one.name)[:300],
                    url=one.url[:1000],
                    search=search_value(handle=plain(one.handle)[:300], name=plain(one.name)[:300]),
                    first_seen_at=first[key],
                    last_seen_at=one.observed_at,
                )
                for (key, one), contact in zip(new, contacts, strict=True)
            ]
        )
    return {**known, **{row.remote_id: row for row in made}}


def lock_origin(origin: str) -> None:
    """One worker at a time for an origin, until the transaction ends; the others wait."""
    half = int.from_bytes(hashlib.sha256(origin.encode()).digest()[:4], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [MEETING, half])


def _refresh(seen: list[tuple[Identity, Met, datetime]]) -> None:
    changed = []
    for identity, one, first in seen:
        before = (identity.last_seen_at, identity.handle, identity.name, identity.url)
        after = (one.observed_at, plain(one.handle)[:300], plain(one.name)[:300], one.url[:1000])
        if after > before:
            if before[1:3] != after[1:3] or identity.search is None:
                identity.search = search_value(handle=after[1], name=after[2])
            identity.last_seen_at, identity.handle, identity.name, identity.url = after
        elif first >= identity.first_seen_at:
            continue
        identity.first_seen_at = min(identity.first_seen_at, first)
        changed.append(identity)
    if changed:
        fields = ["handle", "name", "url", "search", "first_seen_at", "last_seen_at"]
        Identity.objects.bulk_update(changed, fields, batch_size=200)
