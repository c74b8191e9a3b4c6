"""Inviting: making, renewing and withdrawing a link; and the page that it opens."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from sotong.access import allow, may, public
from sotong.people.actions.inviting import (
    AlreadyHere,
    LinkDead,
    accept_invitation,
    invite_person,
    renew_invitation,
    state_of,
    withdraw_invitation,
)
from sotong.people.actions.passwords import find_reset_link, use_reset_link
from sotong.people.forms import AcceptForm, InvitationForm, NewPasswordForm
from sotong.people.models import Invitation, Person
from sotong.people.queries import company, person_of
from sotong.people.rules import LinkState, hash_of
from sotong.people.views.first_run import BACKEND
from sotong.people.views.words import dead_link_words


@allow("people.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Make an invitation; the link is shown once, to be handed over."""
    form = InvitationForm(request.POST or None, initial={"roles": ["agent"], "authority": 1})
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "teams": [team.pk for team in form.cleaned_data.get("teams", ())]}
        try:
            invitation, token = invite_person(by=person_of(request), at=timezone.now(), **given)
        except AlreadyHere:
            form.add_error("email", _("이 주소로 이미 계정이 있어요. 사람 목록에서 찾아 주세요."))
        else:
            return _handover(request, invitation, token)
    return render(request, "people/invite.html", {"form": form}, status=422 if form.is_bound else 200)


def _handover(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    link = request.build_absolute_uri(reverse("people:invitation", args=[token]))
    return render(request, "people/handover.html", {"link": link, "invitation": invitation})


@allow("people.manage")
@never_cache
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link for the same invitation."""
    get_object_or_404(Invitation, pk=pk)
    try:
        invitation, token = renew_invitation(invitation_id=pk, by=person_of(request), at=timezone.now())
    except LinkDead:
        messages.error(request, _("이미 받았거나 거둔 초대예요."))
        return redirect("people:list")
    return _handover(request, invitation, token)


@allow("people.manage")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back."""
    get_object_or_404(Invitation, pk=pk)
    try:
        withdraw_invitation(invitation_id=pk, by=person_of(request), at=timezone.now())
    except LinkDead:
        messages.error(request, _("이미 받은 초대예요. 그 사람은 목록에 있어요."))
    else:
        messages.success(request, _("초대를 거두었어요. 링크는 이제 쓸 수 없어요."))
    return redirect("people:list")


def _dead(request: HttpRequest, state: LinkState) -> HttpResponse:
    title, text = dead_link_words(state)
    return render(request, "people/link_dead.html", {"title": title, "text": text}, status=410)


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invited person sees: who invites, as what, and the three things to fill in."""
    row = Invitation.objects.select_related("invited_by").filter(token_hash=hash_of(token)).first()
    state = state_of(row, timezone.now()) if row else LinkState.WITHDRAWN
    if row is None or state is not LinkState.OPEN:
        return _dead(request, state)
    house = company()
    start = {"name": row.name, "language": get_language() or "ko", "time_zone": house.time_zone if house else ""}
    form = AcceptForm(request.POST or None, initial=start, person=Person(email=row.email, name=row.name))
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "invitation": row}
        return render(request, "people/invitation.html", context, status=422 if form.is_bound else 200)
    try:
        person = accept_invitation(token=token, at=timezone.now(), **form.cleaned_data)
    except LinkDead as dead:
        return _dead(request, dead.state)
    login(request, person, backend=BACKEND)
    # The desk when it is theirs: where no channel is there yet, it leads to the first steps by itself.
    return redirect("screens:home" if may(person, "inbox.read") else "people:welcome")


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password by a link that an administrator handed over."""
    try:
        link = find_reset_link(token=token, at=timezone.now())
        form = NewPasswordForm(request.POST or None, person=link.person)
        if request.method != "POST" or not form.is_valid():
            context = {"form": form, "person": link.person}
            return render(request, "people/new_password.html", context, status=422 if form.is_bound else 200)
        use_reset_link(token=token, password=form.cleaned_data["password"], at=timezone.now())
    except LinkDead as dead:
        return _dead(request, dead.state)
    messages.success(request, _("새 비밀번호로 바꿨어요. 이제 들어가 주세요."))
    return redirect("account_login")
