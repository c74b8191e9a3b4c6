"""Refuses every request whose view's rule does not admit the person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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
            if request.headers.get("HX-Request"):
                response = HttpResponse(status=401)
                response.headers["HX-Redirect"] = redirect_to_login(request.headers.get("HX-Current-URL", "/desk/")).url
                return response
            return redirect_to_login(request.get_full_path())
        if rule.permission != "signed_in" and not may(request.user, rule.permission):
            raise PermissionDenied
        return None
