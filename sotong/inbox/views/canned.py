"""Canned responses: the list, and writing one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sotong.access import allow
from sotong.access.addresses import row_id
from sotong.inbox.actions.canned import delete_canned, save_canned
from sotong.inbox.forms.canned import CannedForm
from sotong.inbox.models import CannedResponse
from sotong.inbox.rules.refusals import CannedGone, Refusal
from sotong.inbox.views.answering import SeeOther, answers, refuse_broken_text
from sotong.people.queries import person_of


@allow("inbox.canned")
@never_cache
@require_safe
def canned(request: HttpRequest) -> HttpResponse:
    """Every canned response by name."""
    rows = CannedResponse.objects.select_related("by").order_by("name", "pk")
    return render(request, "inbox/canned.html", {"rows": rows, **_origin(request)})


@allow("inbox.canned")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write_canned(request: HttpRequest, canned_id: int | None = None) -> HttpResponse:
    """Write a new one, or change one. What was typed stays in the form until it is saved."""
    row = (
        get_object_or_404(CannedResponse, pk=canned_id) if canned_id is not None and request.method != "POST" else None
    )
    initial = {"name": row.name, "text": row.text, "language": row.language} if row is not None else {}
    form = CannedForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            refuse_broken_text(request)
            save_canned(canned_id=canned_id, by=person_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("자주 쓰는 답을 저장했어요."))
            return _to_list(request)
    context = {"form": form, "canned_id": canned_id, **_origin(request)}
    return render(request, "inbox/canned_form.html", context, status=422 if form.is_bound else 200)


@allow("inbox.canned")
@answers
def remove_canned(request: HttpRequest, canned_id: int) -> HttpResponse:
    """Delete one."""
    try:
        delete_canned(canned_id=canned_id, by=person_of(request))
    except CannedGone:
        messages.info(request, _("이미 지워진 답이에요."))
    else:
        messages.success(request, _("자주 쓰는 답을 지웠어요."))
    return _to_list(request)


def _origin(request: HttpRequest) -> dict[str, str]:
    """The conversation that these pages were opened from (``for``), and what carries it on to the next of them.

    A number and no address: nobody is led anywhere else by it.
    """
    origin = row_id(request.GET.get("for", ""))
    return {"origin": str(origin), "carry": f"?for={origin}"} if origin else {"origin": "", "carry": ""}


def _to_list(request: HttpRequest) -> HttpResponse:
    return SeeOther(reverse("inbox:canned") + _origin(request)["carry"])
