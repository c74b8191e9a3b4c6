"""The state of channels and of the brake, for the frame's top."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sotong.access import allow
from sotong.people.queries import person_of
from sotong.screens.queries.state import brake_shown, connection_shown


@allow("channels.read")
@require_safe
def channels_state(request: HttpRequest) -> HttpResponse:
    """How the channels are, and how old that knowledge is."""
    return render(request, "screens/_channels.html", {"connection": connection_shown(person_of(request))})


@allow("channels.read")
@require_safe
def brake(request: HttpRequest) -> HttpResponse:
    """The banner that says that all sending is stopped."""
    return render(request, "screens/_brake.html", {"brake": brake_shown()})
