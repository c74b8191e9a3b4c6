"""What the database itself refuses, and what it writes down whoever changes a row: as seen from a console."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from sotong.audit.actions import record, seal
from sotong.audit.queries import changes
from sotong.people.models import Person, Team

pytestmark = pytest.mark.django_db
HISTORIES = ("company", "invitation", "person", "team", "teammember")
NEVER_CHANGED = ("audit_entry", "audit_seal", *(f"people_{name}event" for name in HISTORIES))
TRACKED = ("people_company", "people_person", "people_invitation", "people_team", "people_team_members")


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def labels(model: str) -> list[str]:
    return sorted(row.label for row in changes(model=model).rows)


@pytest.mark.parametrize("table", NEVER_CHANGED)
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "DELETE FROM {} WHERE false"])
def test_nothing_that_was_written_is_changed_or_deleted(table: str, sql: str) -> None:
    column = "id" if table.startswith("audit") else "pgh_id"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(sql.format(table).replace("id = id", f"{column} = {column}"))


@pytest.mark.parametrize("table", [*NEVER_CHANGED, *TRACKED])
def test_nothing_that_is_kept_is_emptied(table: str) -> None:
    with transaction.atomic():
        run("SET CONSTRAINTS ALL IMMEDIATE")
        # Tests may empty their database; the trigger as it stands everywhere else:
        run(f"ALTER TABLE {table} ENABLE TRIGGER audit_never_empties")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(f"TRUNCATE {table} CASCADE")
        transaction.set_rollback(True)


def test_a_change_from_a_console_is_kept_and_marked() -> None:
    run(
        "INSERT INTO people_person (email, name, nickname, roles, authority, is_active, is_owner, language, time_zone,"
        " theme, density, has_shortcuts, password) VALUES ('x@x.example', 'X', '', '{}', 1, true, false, '', '',"
        " 'system', 'comfortable', true, '!')"
    )
    run("UPDATE people_person SET roles = '{administrator}', authority = 4 WHERE email = 'x@x.example'")
    run("UPDATE people_person SET password = 'known' WHERE email = 'x@x.example'")
    run("DELETE FROM people_person WHERE email = 'x@x.example'")
    rows = changes(model="people.Person").rows
    assert sorted(row.label for row in rows) == ["delete", "insert", "password", "update"]
    assert all(row.is_direct for row in rows)
    raised = next(row for row in rows if row.label == "update")
    assert sorted(raised.before_after) == [("authority", 1, 4), ("roles", [], ["administrator"])]
    assert "known" not in str(rows), "a password is never copied, not even its hash"


def test_a_change_of_many_rows_at_once_is_kept_row_by_row() -> None:
    Person.objects.bulk_create(Person(email=f"p{n}@x.example", name=f"P{n}") for n in range(3))
    Person.objects.update(authority=3)
    people = list(Person.objects.all())
    for person in people:
        person.authority = 4
    Person.objects.bulk_update(people, ["authority"])
    team = Team.objects.create(name="밤")
    team.members.set(people)
    team.members.clear()
    assert labels("people.Person") == ["insert"] * 3 + ["update"] * 6
    assert labels("people.TeamMember") == ["delete"] * 3 + ["insert"] * 3


def test_a_session_cannot_switch_the_triggers_off() -> None:
    """``session_replication_role`` and pgtrigger's own switch concern row triggers; ours is one of the statement."""
    record("x.y", by=None)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run("SET LOCAL pgtrigger.ignore = '{audit_entry}'")
        run("UPDATE audit_entry SET actor = 'someone else'")
    assert seal() == 1
