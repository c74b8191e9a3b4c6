"""Reading the audit trail: filters, and pages by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Model, QuerySet

from sotong.audit.models import Entry

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which entries to show; None or empty: all."""

    person_id: int | None = None
    action: str = ""
    contact_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None


def entries(wanted: Filter) -> QuerySet[Entry]:
    """The entries that fit, newest first."""
    rows = Entry.objects.order_by("-id")
    if wanted.person_id is not None:
        rows = rows.filter(person_id=wanted.person_id)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    if wanted.contact_id is not None:
        rows = rows.filter(contact_id=wanted.contact_id)
    if wanted.since is not None:
        rows = rows.filter(at__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__lt=wanted.until)
    return rows


def last_deed(subject: Model, *actions: str) -> Entry | None:
    """The newest entry that says that one of ``actions`` was done to this row; of none, that anything was."""
    rows = Entry.objects.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk)
    return (rows.filter(action__in=actions) if actions else rows).order_by("-id").first()


@dataclass(frozen=True, kw_only=True)
class Page:
    """One screenful, newest first, and the keys of its neighbours (None: the end)."""

    rows: Sequence[Entry]
    newer: int | None
    older: int | None


def page(wanted: Filter, *, before: int | None = None, after: int | None = None) -> Page:
    """The entries below the id ``before``, or those just above ``after``; else the newest."""
    rows = entries(wanted)
    if after is not None:
        found = list(rows.filter(id__gt=after).order_by("id")[: PAGE + 1])[::-1]
        has_newer, has_older = len(found) > PAGE, True
        found = found[-PAGE:]
    else:
        found = list((rows.filter(id__lt=before) if before is not None else rows)[: PAGE + 1])
        has_newer, has_older = before is not None, len(found) > PAGE
        found = found[:PAGE]
    return Page(
        rows=found,
        newer=found[0].pk if found and has_newer else None,
        older=found[-1].pk if found and has_older else None,
    )


def known_actions() -> list[str]:
    """Every action that ever happened, by name: one index probe each, however many entries there are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE name(value) AS (
                (SELECT action FROM audit_entry ORDER BY action LIMIT 1)
                UNION ALL
                SELECT (SELECT action FROM audit_entry WHERE action > name.value ORDER BY action LIMIT 1)
                FROM name WHERE name.value IS NOT NULL
            )
            SELECT value FROM name WHERE value IS NOT NULL
            """
        )
        return [row[0] for row in cursor.fetchall()]


def known_people() -> list[tuple[int, str]]:
    """Everyone who ever did something, as id and newest name."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE who(id) AS (
                (SELECT person_id FROM audit_entry WHERE person_id IS NOT NULL ORDER BY person_id LIMIT 1)
                UNION ALL
                SELECT (SELECT person_id FROM audit_entry WHERE person_id > who.id ORDER BY person_id LIMIT 1)
                FROM who WHERE who.id IS NOT NULL
            )
            SELECT who.id, (SELECT actor FROM audit_entry WHERE person_id = who.id ORDER BY id DESC LIMIT 1)
            FROM who WHERE who.id IS NOT NULL ORDER BY 2
            """
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]
