"""One's own settings, one's own doors, and the company's name."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import IndexView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sotong.access import allow, signed_in
from sotong.people.actions.preferences import OWN, change_company, change_preferences, keep_theme
from sotong.people.actions.signing_out import end_session, sign_out_everywhere
from sotong.people.forms import CompanyForm, PreferencesForm
from sotong.people.models import Company
from sotong.people.queries import person_of, sessions_of, viewer_of


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Name, language, zone, look, keys."""
    person = person_of(request)
    viewer = viewer_of(request)
    start = {name: getattr(person, name) for name in OWN}
    start.update(language=viewer.language, time_zone=viewer.time_zone)
    form = PreferencesForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        changed = change_preferences(person_id=person.pk, **form.cleaned_data)
        with translation.override(changed.language):
            messages.success(request, _("바꿨어요."))
        response = redirect("people:me")
        response.set_cookie("theme", changed.theme, max_age=365 * 24 * 3600, samesite="Lax", secure=request.is_secure())
        return response
    return render(request, "people/me.html", {"form": form}, status=422 if form.is_bound else 200)


@signed_in
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme that the toggle chose."""
    is_kept = keep_theme(person_id=person_of(request).pk, theme=request.POST.get("theme", ""))
    return HttpResponse(status=204 if is_kept else 400)


@signed_in
class SecurityView(IndexView):  # type: ignore[misc]
    """Password, authenticator app, passkeys, recovery codes, and where one is signed in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["sessions"] = sessions_of(
            person_of(self.request), current=self.request.session.session_key, at=timezone.now()
        )
        return context


@signed_in
@require_POST
def end_other(request: HttpRequest) -> HttpResponse:
    """End one of one's own sessions, or all others."""
    person = person_of(request)
    mark = request.POST.get("session", "")
    if mark == "others":
        sign_out_everywhere(person_id=person.pk, by=person, but=request.session.session_key)
        messages.success(request, _("다른 기기에서 모두 나왔어요."))
    elif end_session(person=person, mark=mark, by=person):
        messages.success(request, _("그 기기에서 나왔어요."))
    else:
        messages.info(request, _("그 기기는 이미 나와 있어요."))
    return redirect("mfa_index")


@allow("company.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: HttpRequest) -> HttpResponse:
    """Name, language and zone of the company."""
    house = get_object_or_404(Company, pk=1)
    start = {"name": house.name, "language": house.language, "time_zone": house.time_zone}
    form = CompanyForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        change_company(by=person_of(request), **form.cleaned_data)
        messages.success(request, _("바꿨어요."))
        return redirect("people:company")
    return render(request, "people/company.html", {"form": form}, status=422 if form.is_bound else 200)
