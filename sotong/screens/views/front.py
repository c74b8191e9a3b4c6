"""The front door, and the sign that the site is up."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from sotong.access import may, public


@public
def home(request: HttpRequest) -> HttpResponse:
    """The first page that the viewer may open; visitors are asked to sign in."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    return redirect("screens:desk" if may(request.user, "inbox.read") else "people:me")


@public
def health(request: HttpRequest) -> JsonResponse:
    """Whether this process answers and reaches its database; for proxies and for ``sotong up``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"ok": True})
