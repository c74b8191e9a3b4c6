"""Teams: who takes conversations together."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from sotong.audit.actions import record
from sotong.bus.actions import announce
from sotong.people.events import PersonChanged
from sotong.people.models import Person, Team


class NameTaken(Exception):
    """Another team is called that."""


class TeamInUse(Exception):
    """Something still refers to the team: deleting it would open or orphan what it guards."""


def _save(team: Team) -> None:
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as taken:
        raise NameTaken from taken


@transaction.atomic
def create_team(*, name: str, members: Iterable[int] = (), by: Person) -> Team:
    """A new team. Raises ``NameTaken``."""
    team = Team(name=name.strip())
    _save(team)
    _set_members(team, members)
    record("people.create_team", by=by, subject=team, name=team.name, members=sorted(set(members)))
    return team


@transaction.atomic
def change_team(*, team_id: int, name: str, members: Iterable[int], by: Person) -> Team:
    """Give a team this name and exactly these members. Raises ``NameTaken``."""
    team = Team.objects.select_for_update().get(pk=team_id)
    before = {"name": team.name, "members": sorted(team.members.values_list("pk", flat=True))}
    team.name = name.strip()
    _save(team)
    _set_members(team, members)
    after = {"name": team.name, "members": sorted(team.members.values_list("pk", flat=True))}
    if after != before:
        record("people.change_team", by=by, subject=team, before=before, after=after)
    return team


def _set_members(team: Team, members: Iterable[int]) -> None:
    before = set(team.members.values_list("pk", flat=True))
    team.members.set(Person.objects.filter(pk__in=set(members)))
    changed = before ^ set(team.members.values_list("pk", flat=True))
    announce(*(PersonChanged(person_id=pk) for pk in sorted(changed)))


@transaction.atomic
def join_teams(*, person_id: int, teams: Iterable[int], by: Person) -> None:
    """Make someone a member of exactly these teams."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    before = sorted(person.teams.values_list("pk", flat=True))
    person.teams.set(Team.objects.filter(pk__in=set(teams)))
    after = sorted(person.teams.values_list("pk", flat=True))
    if after != before:
        record("people.join_teams", by=by, subject=person, before=before, after=after)
        announce(PersonChanged(person_id=person.pk))


@transaction.atomic
def delete_team(*, team_id: int, by: Person) -> None:
    """Delete a team that nothing refers to any more. Raises ``TeamInUse``: a channel kept for a team that vanished
    would be open to everyone.
    """
    team = Team.objects.select_for_update().get(pk=team_id)
    for relation in Team._meta.related_objects:
        if hasattr(relation.related_model, "pgh_tracked_model"):
            continue  # the history of a team does not keep it alive
        if relation.related_model._default_manager.filter(**{relation.field.name: team}).exists():
            raise TeamInUse
    record("people.delete_team", by=by, subject=team, name=team.name)
    former = list(team.members.values_list("pk", flat=True))
    team.delete()
    announce(*(PersonChanged(person_id=pk) for pk in former))
