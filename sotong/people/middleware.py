"""Language, time zone and look of whoever looks."""

from __future__ import annotations

import time
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from sotong.people.queries import viewer_of

SEEN = "_seen"
SEEN_EVERY = 300
"""Seconds between two notes of a session's use."""


class ViewerMiddleware:
    """Sets ``request.viewer`` and activates its language and time zone for the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        viewer = viewer_of(request)
        request.viewer = viewer  # type: ignore[attr-defined]
        if viewer.person is not None and time.time() - request.session.get(SEEN, 0) > SEEN_EVERY:
            request.session[SEEN] = int(time.time())
        with translation.override(viewer.language), timezone.override(ZoneInfo(viewer.time_zone)):
            request.LANGUAGE_CODE = viewer.language
            response = self.get_response(request)
            if viewer.person is None:
                patch_vary_headers(response, ("Accept-Language", "Cookie"))
            response.headers.setdefault("Content-Language", viewer.language)
            return response
