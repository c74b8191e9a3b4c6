"""What someone should know, on a page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sotong.access import signed_in
from sotong.notices.actions import CauseStands, close_notice
from sotong.notices.queries import open_for, shown_for
from sotong.people.queries import person_of


@signed_in
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Open ones first, then what has ended; the list alone for htmx. Everyone sees what they may act on."""
    current, ended = shown_for(person_of(request))
    template = "notices/_list.html" if "HX-Request" in request.headers else "notices/list.html"
    return render(request, template, {"current": current, "ended": ended})


@signed_in
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """How many are open, for the bell."""
    return render(request, "notices/_count.html", {"n": open_for(person_of(request)).count()})


@signed_in
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """A person saw to it. The same cause may raise it again."""
    person = person_of(request)
    notice = get_object_or_404(open_for(person), pk=pk)
    try:
        if close_notice(key=notice.key, at=timezone.now(), by=person):
            messages.success(request, _("알림을 닫았어요."))
    except CauseStands:
        messages.warning(request, _("아직 끝나지 않은 일이에요. 까닭이 없어지면 저절로 끝나요."))
    return redirect("notices:list")
