"""How an endpoint answers: done, or refused with a sentence; a fragment to scripts, a redirect to plain forms."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from sotong.inbox.rules.refusals import NotThere, Refusal
from sotong.inbox.rules.refusals.base import KEPT

FormType = TypeVar("FormType", bound=forms.Form)


class BadForm(Refusal):
    """A field is not as it should be. Facts: ``problem`` (what is wrong, what to do), ``kept`` (text was written)."""

    code = "bad_form"
    what_text = "%(problem)s"

    @property
    def kept(self) -> str:
        return str(KEPT) if self.facts["kept"] else ""


class BrokenText(Refusal):
    """Bytes that are no UTF-8: nothing of it can be kept as it was meant."""

    status = 400
    code = "broken_text"
    what_text = _("글자가 깨진 채로 왔어요. 저장하거나 보내지 않았어요.")
    kept_text = KEPT
    next_text = _("화면을 새로 고치고 다시 해 주세요.")


class SeeOther(HttpResponseRedirect):
    """After a form: the page to look at now."""

    status_code = 303


View = Callable[..., HttpResponse]


def answers(view: View) -> View:
    """An endpoint that is posted to. A ``Refusal`` becomes its status with a fragment, or without a script a message
    on the page before.
    """
    return _answers(view, aloud=False)


def answers_aloud(view: View) -> View:
    """As ``answers``, with a toast for each refusal: for buttons that have no place beside them for words."""
    return _answers(view, aloud=True)


def _answers(view: View, *, aloud: bool) -> View:
    @wraps(view)
    def outer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            refuse_broken_text(request)
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refused(request, refusal, aloud=aloud)

    return never_cache(require_POST(outer))


def is_scripted(request: HttpRequest) -> bool:
    """Whether a script asks and shows the answer itself."""
    return "HX-Request" in request.headers


def read(form_type: type[FormType], request: HttpRequest) -> FormType:
    """The valid form of what was posted, else of what the address says. Raises ``BadForm``."""
    form = form_type(request.POST or request.GET)
    if not form.is_valid():
        problems = [str(problem) for listed in form.errors.values() for problem in listed]
        raise BadForm(kept="text" in form.fields, problem=" ".join(dict.fromkeys(problems)))
    return form


def done(
    request: HttpRequest,
    text: str = "",
    *,
    undo_url: str = "",
    seconds: int = 6,
    events: Mapping[str, object] | None = None,
    body: HttpResponse | None = None,
) -> HttpResponse:
    """It is done. ``text``: what the toast says (with ``undo_url`` for ``seconds``); ``events``: what else the page
    must know, by name; ``body``: a fragment to show.
    """
    if not is_scripted(request):
        if text:
            messages.success(request, text)
        return SeeOther(_page_before(request))
    said: dict[str, object] = dict(events or {})
    if text:
        said["sotong:toast"] = {"text": text, "seconds": seconds} | ({"undoUrl": undo_url} if undo_url else {})
    response = body or HttpResponse(status=204)
    if said:
        response["HX-Trigger"] = json.dumps(said)
    return response


def refused(
    request: HttpRequest, refusal: Refusal, *, aloud: bool = False, action: Mapping[str, str] | None = None
) -> HttpResponse:
    """It was not done, and why; ``aloud`` in a toast, with the ``action`` (``label``, ``url`` to post) as a button."""
    if not is_scripted(request):
        if isinstance(refusal, NotThere):
            raise Http404
        if request.method == "POST":
            if isinstance(refusal, BadForm) and (text := request.POST.get("text", "")):
                # What its form refuses is no draft either: this page is the only place that has it.
                context = {"refusal": refusal, "text": text, "before": _page_before(request)}
                return render(request, "inbox/refused.html", context, status=refusal.status)
            messages.error(request, str(refusal))
            return SeeOther(_page_before(request))
    token = (refusal.facts.get("token") or uuid4()) if refusal.code in _ANEW else None
    context = {"refusal": refusal, "new_token": token, "even_so_words": _EVEN_SO.get(refusal.code)}
    response = render(request, "inbox/_refused.html", context, status=refusal.status)
    if aloud:
        response["HX-Trigger"] = json.dumps({"sotong:toast": {"text": str(refusal), "seconds": 10, "action": action}})
    return response


_EVEN_SO = {
    "reply_held_by_other": _("그래도 보내기"),
    "new_messages": _("읽었어요, 보내기"),
    "end_held_by_other": _("그래도 끝내기"),
}
"""What may be asked a second time with ``even_so``."""
_ANEW = frozenset({"already_sent", "taken_back", "did_not_leave"})
"""What may be sent as a new reply, with a token of its own."""


def _page_before(request: HttpRequest) -> str:
    """The page that holds the form."""
    before = request.headers.get("Referer", "")
    allowed = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if allowed else "/"


def refuse_broken_text(request: HttpRequest) -> None:
    """Raises ``BrokenText`` for a form whose bytes are no UTF-8: Django would read them as replacement characters."""
    if request.content_type == "application/x-www-form-urlencoded":
        try:
            unquote_to_bytes(request.body).decode("utf-8")
        except UnicodeDecodeError as error:
            raise BrokenText from error
    elif any("\ufffd" in value for _name, values in request.POST.lists() for value in values):
        raise BrokenText
