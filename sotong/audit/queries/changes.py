"""What happened to tracked rows, whoever did it: the application, or SQL that passed it by.

Triggers write these (django-pghistory, declared on the models of the areas above); here they are only read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Q
from pghistory.models import Events

PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of one row. ``person_id`` is None where no signed-in person's request caused it."""

    slug: str
    at: datetime
    label: str
    model: str
    row_id: str
    person_id: int | None
    is_direct: bool
    """Nothing of the application stood around it: a console, a script."""
    before_after: tuple[tuple[str, Any, Any], ...]
    """Field, value before, value after; for a new or deleted row, all its values on one side."""


@dataclass(frozen=True, kw_only=True)
class ChangePage:
    """One screenful, newest first; ``older`` is the place to go on from, or empty."""

    rows: Sequence[Change]
    older: str


def changes(*, before: str = "", model: str = "", only_direct: bool = False) -> ChangePage:
    """Changes of tracked rows, newest first; ``before`` is the ``older`` of the page before (nonsense: the newest)."""
    rows = Events.objects.order_by("-pgh_created_at", "-pgh_slug")
    if place := _read(before):
        at, slug = place
        rows = rows.filter(Q(pgh_created_at__lt=at) | Q(pgh_created_at=at, pgh_slug__lt=slug))
    if model:
        rows = rows.filter(pgh_obj_model=model)
    if only_direct:
        rows = rows.filter(pgh_context_id__isnull=True)
    found = list(rows[: PAGE + 1])
    return ChangePage(
        rows=[_change(row) for row in found[:PAGE]],
        older=f"{found[PAGE - 1].pgh_created_at.isoformat()}|{found[PAGE - 1].pgh_slug}" if len(found) > PAGE else "",
    )


def _read(place: str) -> tuple[datetime, str] | None:
    """A place in the history: the changes of one transaction share their time, so the name of the row counts too."""
    moment, mark, slug = place.partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, slug) if mark and at.tzinfo is not None and "\0" not in slug else None


def tracked_models() -> list[str]:
    """Labels of the models whose rows are tracked."""
    tracked = {getattr(model, "pgh_tracked_model", None) for model in apps.get_models()}
    return sorted(model._meta.label for model in tracked if model is not None)


def _change(row: Any) -> Change:
    context = row.pgh_context or {}
    values = {name: value for name, value in row.pgh_data.items() if not name.startswith("pgh_")}
    if row.pgh_label == "insert":
        sides = tuple((name, None, value) for name, value in values.items() if value not in (None, "", []))
    elif row.pgh_label == "delete":
        sides = tuple((name, value, None) for name, value in values.items() if value not in (None, "", []))
    elif row.pgh_diff is None:
        # The row is older than its history: what it was before, nobody wrote down.
        sides = tuple((name, None, value) for name, value in values.items() if value not in (None, "", []))
    else:
        sides = tuple((name, old, new) for name, (old, new) in row.pgh_diff.items())
    return Change(
        slug=row.pgh_slug,
        at=row.pgh_created_at,
        label=row.pgh_label,
        model=row.pgh_obj_model or "",
        row_id=str(row.pgh_obj_id or ""),
        person_id=context.get("person"),
        is_direct=row.pgh_context_id is None,
        before_after=sides,
    )
