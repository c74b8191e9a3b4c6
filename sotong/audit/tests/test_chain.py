"""Seals: whoever gets past the triggers is found out."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from sotong.audit.actions import record, seal
from sotong.audit.models import Entry, Seal
from sotong.audit.queries.chain import verify_chain

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail() -> None:
    for number in range(3):
        record("test.one", by=None, reason="까닭", number=number)
    assert seal() == 3
    record("test.two", by=None)
    assert seal() == 1


def by_force(sql: str, *values: Any) -> None:
    """As the owner of the database could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with work left over cannot be altered
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def said() -> str:
    out = StringIO()
    call_command("verify_audit", stdout=out)
    return out.getvalue()


def test_a_whole_trail_is_called_whole(trail: None) -> None:
    record("test.three", by=None)
    assert "whole: 4 entries in 2 seals, 1 waiting" in said()
    assert seal() == 1
    assert "5 entries in 3 seals, 0 waiting" in said()
    assert seal() == 0


def test_an_empty_trail_is_whole() -> None:
    assert "none yet" in said()


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE audit_entry SET reason = '' WHERE id = (SELECT min(id) FROM audit_entry)", "was changed"),
        ("UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE action = 'test.two'", "was changed"),
        ("UPDATE audit_entry SET detail = '{}' WHERE action = 'test.one'", "was changed"),
        ("DELETE FROM audit_entry WHERE action = 'test.two'", "0 of its 1 entries"),
        ("DELETE FROM audit_seal WHERE id = (SELECT min(id) FROM audit_seal)", "does not follow"),
        ("UPDATE audit_seal SET digest = repeat('0', 64) WHERE id = (SELECT min(id) FROM audit_seal)", "was changed"),
        (
            "INSERT INTO audit_entry (id, at, actor, action, subject_type, reason, detail)"
            " VALUES (-5, now() - interval '2 hours', 'x', 'x.y', '', '', '{}')",
            "slipped in",
        ),
    ],
)
def test_a_forgery_is_found(trail: None, sql: str, words: str) -> None:
    by_force(sql)
    problems = verify_chain().problems
    assert any(words in problem for problem in problems), problems
    with pytest.raises(CommandError, match="not whole"):
        said()


def test_a_cut_off_end_is_found_by_the_digest_in_the_logs(trail: None) -> None:
    newest = Seal.objects.latest("id").digest
    assert verify_chain(known=newest).is_whole
    by_force("DELETE FROM audit_seal WHERE digest = %s", newest)
    by_force("DELETE FROM audit_entry WHERE action = 'test.two'")
    assert verify_chain().is_whole, "nothing inside can tell"
    assert not verify_chain(known=newest).is_whole


def test_a_late_entry_is_sealed_too(trail: None) -> None:
    """Ids are given before the commit: a slow transaction's entry lies below those that are sealed already."""
    by_force(
        "INSERT INTO audit_entry (id, at, actor, action, subject_type, reason, detail)"
        " VALUES (-7, now(), 'x', 'test.late', '', '', '{}')"
    )
    assert seal() == 1
    assert verify_chain().is_whole
    assert Entry.objects.count() == 5
