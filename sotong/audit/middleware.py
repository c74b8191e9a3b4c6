"""Tells the database who acts, so that triggers can name them."""

from __future__ import annotations

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse

from sotong.settings.logs import without_links


class ActorMiddleware:
    """Attaches the signed-in person to every history row that this request causes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in {"GET", "HEAD", "OPTIONS"}:
            return self.get_response(request)
        with pghistory.context(person=request.user.pk, url=without_links(request.path)):
            return self.get_response(request)
