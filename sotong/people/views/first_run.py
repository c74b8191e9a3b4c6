"""The first run, and the page after it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from sotong.access import may, public, signed_in
from sotong.people.actions.first_run import SetupLinkDead, found_company, has_owner, is_open
from sotong.people.forms import FirstRunForm
from sotong.people.models import Person
from sotong.people.queries import company, has_second_factor, person_of

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the company and its owner; the link works once."""
    if not is_open(token):
        return _dead(request)
    start = {"language": get_language() or "ko", "time_zone": "Asia/Seoul"}
    form = FirstRunForm(request.POST or None, initial=start)
    if request.method != "POST" or not form.is_valid():
        return render(request, "people/first_run.html", {"form": form}, status=422 if form.is_bound else 200)
    given = form.cleaned_data
    try:
        owner = found_company(token=token, at=timezone.now(), **given)
    except SetupLinkDead:
        return _dead(request)
    login(request, owner, backend=BACKEND)
    return redirect("people:welcome")


def _dead(request: HttpRequest) -> HttpResponse:
    """A link that was used or replaced: say what to do."""
    return render(request, "people/first_run_dead.html", {"is_founded": has_owner()}, status=410)


@signed_in
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Two ways to begin, and what is left to do before opening."""
    person = person_of(request)
    context = {
        "connect_url": _url("channels:connect") if may(person, "channels.manage") else "",
        "practice_url": _url("channels:open_practice") if may(person, "practice.open") else "",
        "steps": _steps(person),
        "house": company(),
    }
    return render(request, "people/welcome.html", context)


def _steps(person: Person) -> list[dict[str, Any]]:
    """What is left to do; only steps that exist and that the person may take."""
    steps = [{"is_done": True, "title": _("서버와 저장소 준비"), "url": "", "label": ""}]
    if may(person, "people.manage"):
        others = Person.objects.exclude(pk=person.pk).exists()
        steps.append(
            {"is_done": others, "title": _("함께할 사람 부르기"), "url": _url("people:invite"), "label": _("부르기")}
        )
    has_second = has_second_factor(person)
    steps.append(
        {"is_done": has_second, "title": _("내 계정에 두 번째 열쇠 걸기"), "url": _url("mfa_index"), "label": _("걸기")}
    )
    if accounts := _url("channels:official_accounts"):
        steps.append({"is_done": False, "title": _("공식 계정 목록 알리기"), "url": accounts, "label": _("보기")})
    return steps


def _url(name: str) -> str:
    """The address of a page, or nothing while its area does not offer it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
