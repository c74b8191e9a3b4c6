"""What the desk's menus offer, in one statement, for they stand beside every open conversation."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

_ALL = """
    SELECT
        ARRAY(SELECT ARRAY[id::text, name] FROM people_person WHERE is_active ORDER BY name, id LIMIT 200),
        ARRAY(SELECT ARRAY[id::text, name] FROM people_team ORDER BY name LIMIT 100),
        ARRAY(SELECT ARRAY[id::text, name] FROM inbox_label ORDER BY name LIMIT 100),
        ARRAY(SELECT ARRAY[name, text] FROM inbox_cannedresponse ORDER BY name, id LIMIT 60)
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A person, a team or a label to choose."""

    pk: int
    name: str


@dataclass(frozen=True)
class Choices:
    people: tuple[Named, ...]
    """Whoever works here now."""
    teams: tuple[Named, ...]
    labels: tuple[Named, ...]
    canned: tuple[tuple[str, str], ...]
    """(name, text)."""


def desk_choices() -> Choices:
    """Everything by name."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        *named, canned = cursor.fetchone()
    people, teams, labels = (tuple(Named(int(pk), name) for pk, name in rows) for rows in named)
    return Choices(people, teams, labels, tuple((name, text) for name, text in canned))
