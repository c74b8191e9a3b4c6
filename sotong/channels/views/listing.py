"""All channels."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sotong.access import allow, may
from sotong.channels.queries.shown import brake, doubts_for, shown_channels
from sotong.people.queries import person_of


@allow("channels.read")
@require_safe
def channels(request: HttpRequest) -> HttpResponse:
    """Every channel, how it is, and the brake; its table alone for htmx."""
    person = person_of(request)
    context = {
        "shown": shown_channels(person),
        "may_manage": may(person, "channels.manage"),
        "may_practice": may(person, "practice.open"),
        "may_brake": may(person, "channels.brake"),
        "may_decide": may(person, "channels.decide"),
        "in_doubt": doubts_for(person).count(),
        "hold": brake(),
    }
    return render(request, "channels/_list.html" if "HX-Request" in request.headers else "channels/list.html", context)
