"""Reading the audit trail: what was done, which rows changed, and the whole as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from sotong.access import allow
from sotong.access.addresses import row_id
from sotong.audit.actions import record
from sotong.audit.forms import FilterForm
from sotong.audit.models import Seal
from sotong.audit.queries import Filter, changes, entries, known_people, page, tracked_models
from sotong.audit.rules import safe_cell
from sotong.audit.words import reason_of, title_of

COLUMNS = ("id", "at", "person_id", "actor", "action", "subject_type", "subject_id", "contact_id", "reason", "detail")


@allow("audit.read")
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """What was done, newest first."""
    return _trail(request, FilterForm(request.GET or None), request.GET)


def _trail(request: HttpRequest, form: FilterForm, asked: QueryDict) -> HttpResponse:
    wanted = Filter()
    if form.is_bound:
        form.is_valid()
        wanted = form.wanted()
    shown = page(wanted, before=row_id(asked.get("before", "")), after=row_id(asked.get("after", "")))
    kept = {name: value for name, value in asked.items() if name in form.fields and value}
    context: dict[str, Any] = {
        "form": form,
        "is_filtered": bool(kept),
        "kept": kept,
        "rows": [
            {"entry": row, "title": title_of(row.action), "why": reason_of(row), "detail": _shown(row.detail)}
            for row in shown.rows
        ],
        "newer": f"?{urlencode({**kept, 'after': shown.newer})}" if shown.newer else "",
        "older": f"?{urlencode({**kept, 'before': shown.older})}" if shown.older else "",
        "seal": Seal.objects.order_by("-id").first(),
    }
    return render(request, "audit/trail.html", context, status=422 if form.is_bound and form.errors else 200)


def _shown(detail: dict[str, Any]) -> list[tuple[str, str]]:
    """Details as name and text; one entry's values are few."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in detail.items()
        if value not in (None, "", [], {})
    ]


@allow("audit.read")
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Which tracked rows changed, also by SQL that passed the application by."""
    labels = tracked_models()
    model = request.GET.get("model", "")
    only_direct = request.GET.get("direct") == "1"
    shown = changes(
        before=request.GET.get("before", ""), model=model if model in labels else "", only_direct=only_direct
    )
    kept = {name: request.GET[name] for name in ("model", "direct") if request.GET.get(name)}
    context = {
        "rows": shown.rows,
        "names": dict(known_people()),
        "models": labels,
        "model": model,
        "only_direct": only_direct,
        "older": f"?{urlencode({**kept, 'before': shown.older})}" if shown.older else "",
    }
    return render(request, "audit/history.html", context)


class _Line:
    """Takes a line from the csv writer and hands it back."""

    def write(self, line: str) -> str:
        return line


def _lines(wanted: Filter) -> Iterator[str]:
    writer = csv.writer(_Line())
    # The mark at the start tells spreadsheets that this is UTF-8.
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for row in entries(wanted).values_list(*COLUMNS).iterator(chunk_size=2000):
        cells = [json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict) else cell for cell in row]
        yield str(writer.writerow([safe_cell(cell) for cell in cells]))


@allow("audit.read")
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """The entries that fit, as a CSV file. Taking a copy is itself an entry. A wrong filter takes none: without it,
    the file would hold more than was asked for.
    """
    form = FilterForm(request.POST)
    if not form.is_valid():
        return _trail(request, form, request.POST)
    chosen = {name: str(value) for name, value in form.cleaned_data.items() if value not in (None, "")}
    person = cast(Any, request.user)
    with transaction.atomic():
        record("audit.export", by=person, filters=chosen)
    response = StreamingHttpResponse(_lines(form.wanted()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="sotong-audit.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
