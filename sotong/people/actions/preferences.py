"""How one wants things, and how the company is called."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from sotong.audit.actions import record
from sotong.people.models import Company, Person
from sotong.people.queries import THEMES

OWN = ("name", "nickname", "language", "time_zone", "theme", "density", "has_shortcuts", "undo_seconds")
"""What a person may change about themselves."""
SAID_OF_ONESELF = ("name", "nickname")
"""Of these, what others see; a change of them is recorded."""


@transaction.atomic
def change_preferences(*, person_id: int, **wanted: Any) -> Person:
    """Change the given fields of one's own row. Raises ``TypeError`` for a field that is not one's own to change."""
    if foreign := set(wanted) - set(OWN):
        raise TypeError(f"not one's own to change: {', '.join(sorted(foreign))}")
    person = Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    before = {name: getattr(person, name) for name in SAID_OF_ONESELF if name in wanted}
    for name, value in wanted.items():
        setattr(person, name, value)
    person.save(update_fields=list(wanted))
    after = {name: getattr(person, name) for name in before}
    if after != before:
        record("people.rename_oneself", by=person, subject=person, before=before, after=after)
    return person


def keep_theme(*, person_id: int, theme: str) -> bool:
    """Keep light, dark or system for someone's other devices. False: no such theme."""
    if theme not in THEMES:
        return False
    Person.objects.filter(pk=person_id).update(theme=theme)
    return True


@transaction.atomic
def change_company(*, name: str, language: str, time_zone: str, by: Person) -> Company:
    """What the company is called, and the language and zone of who chose none."""
    house = Company.objects.select_for_update().get(pk=1)
    before = {"name": house.name, "language": house.language, "time_zone": house.time_zone}
    house.name, house.language, house.time_zone = name.strip(), language, time_zone
    house.save()
    after = {"name": house.name, "language": house.language, "time_zone": house.time_zone}
    if after != before:
        record("people.change_company", by=by, subject=house, before=before, after=after)
    return house
