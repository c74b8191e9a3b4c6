"""Search over messages and contacts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sotong.access import allow
from sotong.people.queries import person_of
from sotong.screens.queries.hits import hits


@allow("inbox.read")
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The page of hits; ``q`` the words, ``after`` the cursor, filters as on the desk."""
    found = hits(person_of(request), request.GET)
    template = (
        "screens/_hits.html"
        if request.headers.get("HX-Request") and request.GET.get("after")
        else "screens/search.html"
    )
    return render(request, template, {"found": found, "query": found.query})
