"""The brake: one button that stops all sending."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sotong.access import allow
from sotong.channels.actions.holds import lift_hold, put_hold
from sotong.channels.forms import BrakeForm
from sotong.channels.queries.shown import brake
from sotong.people.queries import person_of


@allow("channels.brake")
@require_http_methods(["GET", "HEAD", "POST"])
def put(request: HttpRequest) -> HttpResponse:
    """Stop all sending, with a reason; it is in force when this answers."""
    form = BrakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        put_hold(by=person_of(request), reason=form.cleaned_data["reason"], at=timezone.now())
        messages.success(request, _("모든 발송을 멈췄어요."))
        return redirect("channels:doubtful")
    return render(request, "channels/brake.html", {"form": form, "hold": brake()}, status=422 if form.is_bound else 200)


@allow("channels.brake")
@require_POST
def lift(request: HttpRequest) -> HttpResponse:
    """Let sending go on. What was held waits for a person."""
    lift_hold(by=person_of(request), at=timezone.now())
    messages.success(request, _("발송을 다시 열었어요. 멈춘 글은 하나씩 보고 보내 주세요."))
    return redirect("channels:doubtful")
