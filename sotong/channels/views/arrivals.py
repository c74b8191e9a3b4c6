"""What came in and could not be read."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from sotong.access import allow, may
from sotong.access.addresses import row_id
from sotong.channels.actions.arrivals import read_raw, replay_arrivals
from sotong.channels.models import Arrival, Channel
from sotong.people.queries import person_of

SHOWN = 20_000
"""Characters of a payload that are shown."""
REPLAYED = 500


@allow("channels.decide")
@require_safe
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The payload exactly as it came, as text. It may hold a customer's words, so looking at it is written down."""
    arrival = get_object_or_404(Arrival.objects.select_related("channel"), pk=pk, state=Arrival.State.SET_ASIDE)
    if not may(person_of(request), "channels.decide", where=arrival.channel):
        raise Http404
    text = read_raw(arrival=arrival, by=person_of(request), at=timezone.now())
    return render(request, "channels/_raw.html", {"text": text[:SHOWN], "is_cut": len(text) > SHOWN})


@allow("channels.decide")
@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Read set-aside arrivals again: the one that ``arrival`` names, else all."""
    channel = get_object_or_404(Channel, pk=pk)
    person = person_of(request)
    if not may(person, "channels.decide", where=channel):
        raise Http404  # what another team's channels are called, and that they are there, is theirs
    rows = Arrival.objects.filter(channel=channel, state=Arrival.State.SET_ASIDE)
    if one := request.POST.get("arrival", ""):
        number = row_id(one)
        rows = rows.none() if number is None else rows.filter(pk=number)
    ids = list(rows.order_by("id").values_list("pk", flat=True)[:REPLAYED])
    count = replay_arrivals(ids=ids, by=person, at=timezone.now())
    if count:
        messages.success(request, _("{n}개를 다시 읽어요. 또 안 되면 여기에 다시 나와요.").format(n=count))
    else:
        messages.error(request, _("다시 읽을 것이 없어요. 다른 분이 먼저 했을 수 있어요."))
    return redirect("channels:channel", pk=pk)
