"""Which entries are sealed, and whether every seal still holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction

from sotong.audit.models import Entry, Seal
from sotong.audit.rules import Written, digest_of

LATE = "1 hour"
"""How long a transaction may hold an entry back and still have it sealed; a later one is reported."""
WRITTEN = Written._fields


def unsealed(*, after: int, limit: int) -> list[int]:
    """Ids, ascending, of committed entries that no seal covers: those above ``after``, and the late ones below."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT id FROM audit_entry e WHERE id > %s
            UNION ALL
            SELECT id FROM audit_entry e WHERE id <= %s AND at >= now() - interval '{LATE}'
                AND NOT EXISTS (
                    SELECT 1 FROM audit_seal s
                    WHERE s.at >= now() - interval '{LATE}' - interval '10 minutes'
                        AND s.members::int8multirange @> e.id
                )
            ORDER BY id LIMIT %s
            """,  # noqa: S608 (a constant)
            [after, after, limit],
        )
        return [row[0] for row in cursor.fetchall()]


def written(ids: Sequence[int]) -> Iterator[Written]:
    """These entries as they are sealed, by id."""
    rows = Entry.objects.filter(pk__in=ids).order_by("id").values_list(*WRITTEN)
    for row in rows.iterator(chunk_size=2000):
        yield Written(*row)


@dataclass
class Report:
    """What a check of the chain found. ``problems`` is empty when every seal holds."""

    seals: int = 0
    entries: int = 0
    waiting: int = 0
    """Entries that no seal covers yet; they are sealed within a minute."""
    digest: str = ""
    """Of the newest seal; compare it with the one in your logs."""
    problems: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.problems


def verify_chain(*, known: str = "") -> Report:
    """Compute every seal again, in one snapshot. Finds changed, missing, slipped-in and reordered entries and seals.

    ``known``: a digest kept elsewhere, which must still be in the chain; without one, a cut-off end goes unseen.
    """
    report = Report()
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        previous, is_known = "", not known
        for seal in Seal.objects.order_by("id").iterator():
            _check(seal, previous, report)
            previous = seal.digest
            is_known = is_known or seal.digest == known
        if not is_known:
            report.problems.append("no seal has the digest that you keep: the end of the chain was cut off or replaced")
        report.digest = previous
        _check_strays(report)
    return report


def _check(seal: Seal, previous: str, report: Report) -> None:
    report.seals += 1
    report.entries += seal.entries
    if seal.previous != previous:
        report.problems.append(f"seal {seal.pk} does not follow the one before it: a seal is missing or was changed")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM unnest(%s::int8multirange) AS part(span)"
            " JOIN audit_entry e ON e.id >= lower(span) AND e.id < upper(span) ORDER BY e.id",
            [seal.members],
        )
        ids = [row[0] for row in cursor.fetchall()]
    if len(ids) != seal.entries:
        report.problems.append(f"seal {seal.pk}: {len(ids)} of its {seal.entries} entries are there")
    elif digest_of(seal.previous, written(ids)) != seal.digest:
        report.problems.append(f"seal {seal.pk}: an entry from {ids[0]} to {ids[-1]}, or the seal, was changed")


def _check_strays(report: Report) -> None:
    """Entries below the newest seal that no seal covers: slipped in later, or held back longer than ``LATE``."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH sealed AS (SELECT range_agg(part) AS all_of FROM audit_seal, unnest(members::int8multirange) AS part),
                 newest AS (SELECT coalesce(max(upto), 0) AS upto FROM audit_seal)
            SELECT e.id, e.id > newest.upto OR e.at >= now() - interval '{LATE}' FROM audit_entry e, sealed, newest
            WHERE NOT coalesce(sealed.all_of @> e.id, false) ORDER BY e.id
            """  # noqa: S608 (a constant)
        )
        for number, is_waiting in cursor:
            if is_waiting:
                report.waiting += 1
            else:
                report.problems.append(f"entry {number} stands in no seal: it was slipped in, or came an hour late")
