"""Teams."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sotong.access import allow, may
from sotong.people.actions.teams import NameTaken, TeamInUse, change_team, create_team, delete_team
from sotong.people.forms import TeamForm
from sotong.people.models import Team
from sotong.people.queries import person_of, teams_with_members


@allow("people.read")
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Every team and who is in it."""
    context = {"teams": teams_with_members(), "is_manager": may(person_of(request), "people.manage")}
    return render(request, "people/teams.html", context)


@allow("people.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def new_team(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    form = TeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            create_team(name=form.cleaned_data["name"], members=_ids(form), by=person_of(request))
        except NameTaken:
            form.add_error("name", _("같은 이름의 팀이 있어요."))
        else:
            messages.success(request, _("팀을 만들었어요."))
            return redirect("people:teams")
    return render(request, "people/team.html", {"form": form}, status=422 if form.is_bound else 200)


@allow("people.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a team's name and members."""
    row = get_object_or_404(Team, pk=pk)
    form = TeamForm(request.POST or None, initial={"name": row.name, "members": row.members.all()})
    if request.method == "POST" and form.is_valid():
        try:
            change_team(team_id=pk, name=form.cleaned_data["name"], members=_ids(form), by=person_of(request))
        except NameTaken:
            form.add_error("name", _("같은 이름의 팀이 있어요."))
        else:
            messages.success(request, _("팀을 바꿨어요."))
            return redirect("people:teams")
    return render(request, "people/team.html", {"form": form, "team": row}, status=422 if form.is_bound else 200)


@allow("people.manage")
@require_POST
def remove_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a team that nothing refers to."""
    get_object_or_404(Team, pk=pk)
    try:
        delete_team(team_id=pk, by=person_of(request))
    except TeamInUse:
        messages.error(request, _("이 팀이 맡은 채널이나 대화가 있어요. 먼저 다른 팀에 넘겨 주세요."))
        return redirect("people:team", pk=pk)
    messages.success(request, _("팀을 지웠어요."))
    return redirect("people:teams")


def _ids(form: TeamForm) -> list[int]:
    return [person.pk for person in form.cleaned_data["members"]]
