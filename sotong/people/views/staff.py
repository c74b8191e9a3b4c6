"""Who works here, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from sotong.access import allow, may
from sotong.people.actions.passwords import issue_reset_link, remove_second_factors
from sotong.people.actions.signing_out import sign_out_everywhere
from sotong.people.actions.standing import (
    ChangeRefused,
    change_standing,
    deactivate_person,
    reactivate_person,
)
from sotong.people.actions.teams import join_teams
from sotong.people.forms import JoinTeamsForm, ReasonForm, StandingForm
from sotong.people.models import Person, Team
from sotong.people.queries import everyone, has_second_factor, person_of, waiting_invitations
from sotong.people.rules import Refusal
from sotong.people.views.words import refusal_words


@allow("people.read")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everyone, and for who may invite: who was invited."""
    is_manager = may(person_of(request), "people.manage")
    rows = list(everyone())
    context = {
        "active": [row for row in rows if row.is_active],
        "former": [row for row in rows if not row.is_active],
        "invitations": list(waiting_invitations()) if is_manager else [],
        "is_manager": is_manager,
        "now": timezone.now(),
    }
    return render(request, "people/people.html", context)


def _person_page(request: HttpRequest, person: Person, status: int = 200, **forms: Any) -> HttpResponse:
    """One person's page; ``forms`` replace the fresh ones where something was wrong."""
    me = person_of(request)
    is_foreign_owner = person.is_owner and not me.is_owner
    context: dict[str, Any] = {
        "person": person,
        "is_me": person.pk == me.pk,
        "is_foreign_owner": is_foreign_owner,
        "may_change": person.pk != me.pk and not is_foreign_owner,
        "has_second_factor": has_second_factor(person),
        "standing": StandingForm(initial={"roles": person.roles, "authority": person.authority}),
        "joining": JoinTeamsForm(initial={"teams": person.teams.all()}) if Team.objects.exists() else None,
        "leaving": ReasonForm(prefix="leaving"),
        "returning": ReasonForm(prefix="returning"),
        "resetting": ReasonForm(prefix="resetting"),
        "losing": ReasonForm(prefix="losing"),
    }
    return render(request, "people/person.html", {**context, **forms}, status=status)


@allow("people.manage")
@never_cache
@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """What one person may do, and how to change it."""
    return _person_page(request, get_object_or_404(Person, pk=pk))


@allow("people.manage")
@require_POST
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """Change roles and authority."""
    row = get_object_or_404(Person, pk=pk)
    form = StandingForm(request.POST)
    if form.is_valid():
        try:
            change_standing(person_id=pk, by=person_of(request), at=timezone.now(), **form.cleaned_data)
        except ChangeRefused as refused:
            form.add_error("reason" if refused.refusal is Refusal.REASON_MISSING else None, refusal_words(refused))
        else:
            messages.success(request, _("바꿨어요. 그 사람은 다시 들어와야 해요."))
            return redirect("people:person", pk=pk)
    return _person_page(request, row, status=422, standing=form)


@allow("people.manage")
@require_POST
def joining(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the teams of one person."""
    row = get_object_or_404(Person, pk=pk)
    form = JoinTeamsForm(request.POST)
    if not form.is_valid():
        return _person_page(request, row, status=422, joining=form)
    join_teams(person_id=pk, teams=[team.pk for team in form.cleaned_data["teams"]], by=person_of(request))
    messages.success(request, _("팀을 바꿨어요."))
    return redirect("people:person", pk=pk)


def _with_reason(name: str, act: Callable[..., Any], done: Callable[[Any], str]) -> Callable[..., HttpResponse]:
    """A step that needs a reason: ``name`` is the form's prefix, ``done`` the words afterwards."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Person, pk=pk)
        form = ReasonForm(request.POST, prefix=name)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                outcome = act(person_id=pk, reason=reason, by=person_of(request), at=timezone.now())
            except ChangeRefused as refused:
                form.add_error("reason", refusal_words(refused))
            else:
                messages.success(request, done(outcome))
                return redirect("people:person", pk=pk)
        return _person_page(request, row, status=422, **{name: form})

    return allow("people.manage")(require_POST(view))


leaving = _with_reason("leaving", deactivate_person, lambda _done: _("이 사람은 이제 들어올 수 없어요."))
returning = _with_reason("returning", reactivate_person, lambda _done: _("이 사람은 다시 들어올 수 있어요."))
losing = _with_reason("losing", remove_second_factors, lambda _taken: _("두 번째 열쇠를 모두 지웠어요."))


@allow("people.manage")
@never_cache
@require_POST
def resetting(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a one-time link to a new password; it is shown this once."""
    row = get_object_or_404(Person, pk=pk, is_active=True)
    form = ReasonForm(request.POST, prefix="resetting")
    if form.is_valid():
        try:
            token = issue_reset_link(
                person_id=pk, reason=form.cleaned_data["reason"], by=person_of(request), at=timezone.now()
            )
        except ChangeRefused as refused:
            form.add_error("reason", refusal_words(refused))
        else:
            link = request.build_absolute_uri(reverse("people:new_password", args=[token]))
            return render(request, "people/handover.html", {"link": link, "person": row, "is_reset": True})
    return _person_page(request, row, status=422, resetting=form)


@allow("people.manage")
@require_POST
def signing_out(request: HttpRequest, pk: int) -> HttpResponse:
    """End all sessions of one person."""
    get_object_or_404(Person, pk=pk)
    me = person_of(request)
    but = request.session.session_key if pk == me.pk else None
    sign_out_everywhere(person_id=pk, by=me, but=but)
    messages.success(request, _("모든 기기에서 내보냈어요."))
    return redirect("people:person", pk=pk)
