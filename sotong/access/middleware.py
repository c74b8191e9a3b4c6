"""Refuses every request whose view's rule does not admit the person, and keeps what the person sees from others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from sotong.access.declaring import rule_of
from sotong.access.rules import may


class AccessMiddleware:
    """Deny by default: a view without a rule is refused too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        rule = rule_of(view, match.url_name if match else None)
        if rule is None:
            raise PermissionDenied
        if rule.permission == "public":
            return None
        if not (request.user.is_authenticated and request.user.is_active):
            if _is_from_a_script(request):
                return HttpResponse(status=401)
            return redirect_to_login(_place_to_return(request))
        if rule.permission != "signed_in" and not may(request.user, rule.permission):
            raise PermissionDenied
        return None


class PrivateMiddleware:
    """No cache keeps a page that was made for a signed-in person, not even one that is public for everyone else: the
    answer may renew the session's cookie. What says itself that it is private stays as it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if is_signed_in:
            said = response.headers.get("Cache-Control", "")
            is_page = response.headers.get("Content-Type", "").startswith("text/html")
            if "public" in said or (is_page and "private" not in said and "no-store" not in said):
                response.headers["Cache-Control"] = "private, no-store"
        return response


def _is_from_a_script(request: HttpRequest) -> bool:
    """A script cannot show a sign-in page: it gets the bare answer and decides itself."""
    return "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Dest") == "empty"


def _place_to_return(request: HttpRequest) -> str:
    """Where to go after signing in: this page, or the page whose form was sent."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host():
        return "/"
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")
