"""Deliveries that a person must look after: what is not known, what was held, what failed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sotong.access import allow, may
from sotong.access.addresses import row_id
from sotong.channels.actions.doubts import (
    NotOurs,
    TakenAddress,
    TooEarly,
    decide_again,
    decide_leave,
    decide_mistaken,
    decide_there,
    look_soon,
)
from sotong.channels.actions.holds import HoldInForce, release_held
from sotong.channels.connectors import can, example_of_own_post
from sotong.channels.forms import ThereForm
from sotong.channels.models import Delivery
from sotong.channels.queries.doubtful import leaving, shown_doubts
from sotong.channels.queries.shown import brake, holds_in_force, usable_ids
from sotong.networks.contract import Capability
from sotong.people.models import Person
from sotong.people.queries import person_of


@allow("channels.read")
@require_safe
def doubtful(request: HttpRequest) -> HttpResponse:
    """What was tried, what was seen, what can be done; the list alone for htmx.

    Who may not decide sees what is held of theirs.
    """
    person = person_of(request)
    context = {
        "groups": shown_doubts(person),
        "leaving": leaving(),
        "hold": brake(),
        "holds": holds_in_force(),
        "may_decide": may(person, "channels.decide"),
        "may_brake": may(person, "channels.brake"),
    }
    is_fragment = "HX-Request" in request.headers
    return render(request, "channels/_doubtful.html" if is_fragment else "channels/doubtful.html", context)


def _delivery(person: Person, pk: int) -> Delivery:
    """A delivery of a channel that ``person`` may use; else it is not there."""
    found = (
        Delivery.objects.select_related("channel")
        .filter(pk=pk, channel_id__in=usable_ids(person, "channels.decide"))
        .first()
    )
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest, *, is_done: bool, said: str) -> HttpResponse:
    if is_done:
        messages.success(request, said)
    else:
        messages.info(request, _("그사이에 달라졌어요. 지금 상태를 보여 드려요."))
    return redirect("channels:doubtful")


@allow("channels.decide")
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Look for it on the network now."""
    person = person_of(request)
    is_done = look_soon(delivery_id=_delivery(person, pk).pk, by=person, at=timezone.now())
    return _back(request, is_done=is_done, said=_("네트워크를 다시 보고 있어요."))


@allow("channels.decide")
@require_http_methods(["GET", "HEAD", "POST"])
def there(request: HttpRequest, pk: int) -> HttpResponse:
    """It is there: at this address."""
    person = person_of(request)
    delivery = _delivery(person, pk)
    if delivery.state != Delivery.State.UNCONFIRMED:
        # What is not in doubt is nobody's to read here.
        return _back(request, is_done=False, said="")
    is_direct = delivery.direct_to is not None
    form = ThereForm(request.POST or None, example=example_of_own_post(delivery.channel, is_direct=is_direct))
    if request.method == "POST" and form.is_valid():
        url = form.cleaned_data["url"]
        try:
            is_done = decide_there(delivery_id=delivery.pk, url=url, by=person, at=timezone.now())
        except NotOurs:
            form.refuse()
        except TakenAddress:
            form.refuse_taken()
        else:
            return _back(request, is_done=is_done, said=_("사람이 확인한 글로 적었어요."))
    context = {"form": form, "delivery": delivery, "can_look": can(delivery.channel.network, Capability.FIND)}
    return render(request, "channels/there.html", context, status=422 if form.is_bound else 200)


@allow("channels.decide")
@require_POST
def mistaken(request: HttpRequest, pk: int) -> HttpResponse:
    """The address that someone gave was a mistake."""
    person = person_of(request)
    is_done = decide_mistaken(delivery_id=_delivery(person, pk).pk, by=person, at=timezone.now())
    return _back(request, is_done=is_done, said=_("주소를 지웠어요. 어떻게 할지 다시 정해 주세요."))


@allow("channels.decide")
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not there: send it (again). Where the network can look, it looks first."""
    person = person_of(request)
    delivery = _delivery(person, pk)
    try:
        if delivery.state == Delivery.State.HELD:
            is_done = bool(release_held(by=person, at=timezone.now(), ids=[pk]))
            said = _("다시 보내요.")
        else:
            state = decide_again(delivery_id=pk, by=person, at=timezone.now())
            is_done = state in {Delivery.State.DUE, Delivery.State.UNCONFIRMED}
            said = (
                _("다시 보내요.") if state == Delivery.State.DUE else _("먼저 네트워크에 있는지 보고, 없으면 보내요.")
            )
    except TooEarly as early:
        until = timezone.localtime(early.until)
        said = _("아직 보낼 수 없어요. 먼저 보낸 것이 {time}까지는 나타날 수 있어요.").format(time=f"{until:%H:%M:%S}")
        messages.error(request, said)
        return redirect("channels:doubtful")
    except HoldInForce:
        return _braked(request)
    return _back(request, is_done=is_done, said=said)


@allow("channels.decide")
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it rest."""
    person = person_of(request)
    delivery = _delivery(person, pk)
    is_unknown = delivery.state == Delivery.State.UNCONFIRMED
    said = _("나갔는지 모르는 채로 그대로 뒀어요.") if is_unknown else _("더 보내지 않기로 적었어요.")
    return _back(request, is_done=decide_leave(delivery_id=pk, by=person, at=timezone.now()), said=said)


@allow("channels.decide")
@require_POST
def release(request: HttpRequest) -> HttpResponse:
    """Let everything go that is held in one channel."""
    person = person_of(request)
    channel = row_id(request.POST.get("channel", ""))
    if channel not in usable_ids(person, "channels.decide"):
        raise Http404
    try:
        count = release_held(by=person, at=timezone.now(), channel_id=channel)
    except HoldInForce:
        return _braked(request)
    return _back(request, is_done=count > 0, said=_("멈춘 글 {n}개를 보내요.").format(n=count))


def _braked(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("아직 멈춰 있어요. 발송을 먼저 다시 열어 주세요. 글은 그대로 있어요."))
    return redirect("channels:doubtful")
