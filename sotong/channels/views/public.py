"""The list of our official accounts, for everyone: whoever wonders whether a message is really ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sotong.access import public
from sotong.channels.queries.official import official_accounts as listed
from sotong.people.models import Company

KEPT = "public, max-age=60"


@public
@require_safe
def official_accounts(request: HttpRequest) -> HttpResponse:
    """The accounts in use and those given up, each with its page on the network."""
    accounts = listed()
    context = {
        "current": [one for one in accounts if one.is_current],
        "former": [one for one in accounts if not one.is_current],
        "this_page": request.build_absolute_uri(reverse("channels:official_accounts")),
    }
    response = render(request, "channels/official_accounts.html", context)
    response["Cache-Control"] = KEPT
    return response


@public
@require_safe
def official_accounts_json(request: HttpRequest) -> JsonResponse:
    """The same for programs. Version 1; fields may be added."""
    company = Company.objects.first()
    answer = JsonResponse(
        {
            "version": 1,
            "company": company.name if company else "",
            "page": request.build_absolute_uri(reverse("channels:official_accounts")),
            "accounts": [one.plain() for one in listed()],
        },
        json_dumps_params={"ensure_ascii": False},
    )
    answer["Cache-Control"] = KEPT
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
