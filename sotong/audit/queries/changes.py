"""What happened to tracked rows, whoever did it: the application, or SQL that passed it by.

Triggers write these (django-pghistory, declared on the models of the areas above); here they are only read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import DateTimeField, Field, ForeignKey, Q
from django.utils import timezone
from django.utils.text import capfirst
from pghistory.models import Events

from sotong.audit.words import title_of

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
    """Column, value before, value after; for a new or deleted row, all its values on one side."""

    @property
    def shown(self) -> list[tuple[str, Any, Any]]:
        """The same for people: what the column is called, its times in the viewer's zone, its rows by their kind."""
        fields = _fields(self.model)
        return [
            (_name(fields.get(column), column), _value(fields.get(column), old), _value(fields.get(column), new))
            for column, old, new in self.before_after
        ]


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


def _fields(label: str) -> dict[str, Field[Any, Any]]:
    """The columns of a model; none where it is not there any more."""
    try:
        return {field.column: field for field in apps.get_model(label)._meta.concrete_fields}
    except (LookupError, ValueError):
        return {}


def _name(field: Field[Any, Any] | None, column: str) -> str:
    return (
        column
        if field is None
        else title_of(f"{field.model._meta.app_label}.{field.name}", capfirst(str(field.verbose_name)))
    )


def _value(field: Field[Any, Any] | None, value: Any) -> Any:
    if isinstance(field, DateTimeField) and isinstance(value, str):
        try:
            return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M:%S}"
        except ValueError:
            return value
    if isinstance(field, ForeignKey) and value is not None:
        return f"{title_of(field.related_model._meta.label)} {value}"
    return value


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
