"""Inviting people: one link, once, for 24 hours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction

from sotong.access.rules import ROLES
from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.people.events import PersonChanged
from sotong.people.models import Invitation, Person, Team
from sotong.people.rules import LINK_LIFE, LinkState, address_of, hash_of, link_state, new_token


class AlreadyHere(Exception):
    """Someone with this e-mail works here already, or did."""


class LinkDead(Exception):
    """The link cannot be used; ``state`` says why."""

    def __init__(self, state: LinkState) -> None:
        super().__init__(state.value)
        self.state = state


def state_of(invitation: Invitation, at: datetime) -> LinkState:
    """What became of an invitation by ``at``."""
    return link_state(
        expires_at=invitation.expires_at,
        used_at=invitation.accepted_at,
        withdrawn_at=invitation.withdrawn_at,
        at=at,
    )


def _known_roles(roles: Iterable[str]) -> list[str]:
    wanted = set(roles)
    if unknown := wanted - set(ROLES):
        raise ValueError(f"no such role: {', '.join(sorted(unknown))}")
    return [role for role in ROLES if role in wanted]


def _lock_address(email: str) -> None:
    """Two administrators may invite the same person at the same time; one waits for the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sotong.people.address'), hashtext(%s))", [email])


@transaction.atomic
def invite_person(
    *,
    email: str,
    name: str,
    roles: Iterable[str],
    authority: int,
    teams: Iterable[int] = (),
    by: Person,
    at: datetime,
) -> tuple[Invitation, str]:
    """Make an invitation and its token; the token is told once and kept as a hash.

    An open invitation to the same address is withdrawn: the newest link is the one that works.
    Raises ``AlreadyHere``; ``ValueError`` for an unknown role.
    """
    address = address_of(email)
    _lock_address(address)
    if Person.objects.filter(email=address).exists():
        raise AlreadyHere
    Invitation.objects.filter(email=address, accepted_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=at
    )
    token = new_token()
    invitation = Invitation.objects.create(
        email=address,
        name=name.strip(),
        roles=_known_roles(roles),
        authority=authority,
        teams=sorted(set(teams)),
        token_hash=hash_of(token),
        invited_by=by,
        expires_at=at + LINK_LIFE,
    )
    record(
        "people.invite_person",
        by=by,
        subject=invitation,
        email=address,
        roles=invitation.roles,
        authority=authority,
    )
    return invitation, token


@transaction.atomic
def renew_invitation(*, invitation_id: int, by: Person, at: datetime) -> tuple[Invitation, str]:
    """A new link for an invitation that was not accepted; the old link dies. Raises ``LinkDead``."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    state = state_of(invitation, at)
    if state in {LinkState.USED, LinkState.WITHDRAWN}:
        raise LinkDead(state)
    token = new_token()
    invitation.token_hash = hash_of(token)
    invitation.expires_at = at + LINK_LIFE
    invitation.save(update_fields=["token_hash", "expires_at"])
    record("people.renew_invitation", by=by, subject=invitation)
    return invitation, token


@transaction.atomic
def withdraw_invitation(*, invitation_id: int, by: Person, at: datetime) -> Invitation:
    """The link stops working. Raises ``LinkDead`` when it was used already."""
    invitation = Invitation.objects.select_for_update().get(pk=invitation_id)
    state = state_of(invitation, at)
    if state is LinkState.USED:
        raise LinkDead(state)
    if state is not LinkState.WITHDRAWN:
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])
        record("people.withdraw_invitation", by=by, subject=invitation)
    return invitation


@transaction.atomic
def accept_invitation(*, token: str, name: str, password: str, language: str, time_zone: str, at: datetime) -> Person:
    """Make the person whom the invitation describes. ``password`` is checked by the form. Raises ``LinkDead``."""
    invitation = Invitation.objects.select_for_update().filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise LinkDead(LinkState.WITHDRAWN)
    state = state_of(invitation, at)
    if state is not LinkState.OPEN:
        raise LinkDead(state)
    person = Person.objects.create_user(
        email=invitation.email,
        password=password,
        name=name.strip(),
        roles=invitation.roles,
        authority=invitation.authority,
        language=language,
        time_zone=time_zone,
    )
    person.teams.set(Team.objects.filter(pk__in=invitation.teams))
    invitation.accepted_at = at
    invitation.person = person
    invitation.save(update_fields=["accepted_at", "person"])
    record("people.accept_invitation", by=person, subject=invitation, invited_by=invitation.invited_by_id)
    announce(PersonChanged(person_id=person.pk))
    return person
