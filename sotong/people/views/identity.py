"""The door of the company's identity provider (OpenID Connect), where one is set."""

from __future__ import annotations

import logging
from typing import Any, cast

from allauth.socialaccount.providers.openid_connect import views as openid
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from sotong.access import public
from sotong.people.adapters import PROVIDER_SILENT

log = logging.getLogger(__name__)


@public
@never_cache
@require_POST
def leave(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the browser to the provider. Only by a form, so that no foreign page signs anyone in."""
    return _through(openid.login, request, provider_id)


@public
@never_cache
@require_safe
def arrive(request: HttpRequest, provider_id: str) -> HttpResponse:
    """The browser is back from the provider, with what it says of the person."""
    return _through(openid.callback, request, provider_id)


def _through(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    """allauth asks the provider; one that does not answer, or answers nonsense, must not become an error page."""
    try:
        return cast(HttpResponse, view(request, provider_id))
    except (RequestException, KeyError, TypeError, ValueError) as problem:
        log.warning("the identity provider could not be asked: %r", problem)
        messages.error(request, PROVIDER_SILENT)
        return redirect("account_login")
