"""The brake, which stops all sending, and the freezes, which stop one kind."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sotong.access import allow
from sotong.channels import words
from sotong.channels.actions.holds import SCOPES, explain_hold, lift_hold, put_hold
from sotong.channels.forms import BrakeForm
from sotong.channels.queries.shown import brake, holds_in_force
from sotong.channels.rules.permits import BRAKE
from sotong.people.queries import person_of


@allow("channels.brake")
@require_http_methods(["GET", "HEAD", "POST"])
def put(request: HttpRequest) -> HttpResponse:
    """Stop all sending, or one kind; it is in force when this answers."""
    form = BrakeForm(request.POST or None, in_force=[one.hold.scope for one in holds_in_force()])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        put_hold(scope=given["scope"], by=person_of(request), reason=given["reason"], at=timezone.now())
        if given["scope"] == BRAKE:
            messages.success(request, _("모든 발송을 멈췄어요."))
        else:
            messages.success(request, _("{kind} 발송을 멈췄어요.").format(kind=words.KINDS[given["scope"]]))
        return redirect("channels:doubtful")
    return render(request, "channels/brake.html", {"form": form, "hold": brake()}, status=422 if form.is_bound else 200)


@allow("channels.brake")
@require_POST
def explain(request: HttpRequest) -> HttpResponse:
    """Say why what ``scope`` names was stopped, where nobody had the time to."""
    scope = request.POST.get("scope") or BRAKE
    if scope not in SCOPES:
        raise Http404
    if explain_hold(scope=scope, by=person_of(request), reason=request.POST.get("reason", ""), at=timezone.now()):
        messages.success(request, _("이유를 적었어요."))
    else:
        messages.info(request, _("적은 것이 없어요. 비어 있거나, 그사이에 달라졌어요."))
    return redirect("channels:doubtful")


@allow("channels.brake")
@require_POST
def lift(request: HttpRequest) -> HttpResponse:
    """Let what ``scope`` names go on, all sending where it names nothing. What was held waits for a person."""
    scope = request.POST.get("scope") or BRAKE
    if scope not in SCOPES:
        raise Http404
    lift_hold(scope=scope, by=person_of(request), at=timezone.now())
    messages.success(request, _("발송을 다시 열었어요. 멈춘 글은 하나씩 보고 보내 주세요."))
    return redirect("channels:doubtful")
