"""One channel: how it is, what it is for, its end."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sotong.access import allow, may
from sotong.channels import words
from sotong.channels.actions.checks import ask_for_checks
from sotong.channels.actions.keeping import change_channel, close_channel, keep_open
from sotong.channels.forms import ChannelForm, ClosingForm
from sotong.channels.models import Arrival, Channel
from sotong.channels.queries.shown import doubts_for, is_open_now, show, shown_checks
from sotong.channels.rules.hours import write_hours
from sotong.channels.rules.permits import may_see
from sotong.people.models import Person
from sotong.people.queries import person_of

LISTED = 20
FRAGMENTS = {"state": "channels/_state.html", "doctor": "channels/_doctor.html", "aside": "channels/_aside.html"}


@allow("channels.read")
@require_safe
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one channel; ``?part=`` names the fragment that htmx wants anew."""
    person, at = person_of(request), timezone.now()
    row = _seen_by(person, pk)
    aside = Arrival.objects.filter(channel=row, state=Arrival.State.SET_ASIDE)
    context = {
        "channel": row,
        "shown": show(row, at=at, in_doubt=doubts_for(person, channel_id=pk).count(), set_aside=aside.count()),
        "checks": shown_checks(row),
        "aside": [(one, *words.unread_words(one.problem)) for one in aside.defer("raw").order_by("-id")[:LISTED]],
        "kinds": [words.KINDS[kind] for kind in words.KINDS if kind in row.allowed_kinds],
        "hours": [(words.DAYS[day], write_hours(row.hours[day])) for day in words.DAYS if row.hours.get(day)],
        "is_open_now": is_open_now(row, at),
        "language": {"ko": "한국어", "en": "English"}.get(row.language, row.language),
        "practice_url": _front(row.url),
        "may_manage": may(person, "channels.manage"),
        "may_decide": may(person, "channels.decide", where=row),
        "closing": ClosingForm(initial={"closed_on": timezone.localdate()}),
    }
    part = FRAGMENTS.get(request.GET.get("part", "")) if "HX-Request" in request.headers else None
    return render(request, part or "channels/channel.html", context)


def _seen_by(person: Person, pk: int) -> Channel:
    """A channel that ``person`` may see; else it is not there."""
    row = get_object_or_404(Channel.objects.prefetch_related("teams", "checks"), pk=pk)
    if not may_see(person, row):
        raise Http404
    return row


def _front(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/" if parts.scheme in {"http", "https"} else ""


@allow("channels.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a channel is for and who may use it."""
    row = get_object_or_404(Channel.objects.prefetch_related("teams"), pk=pk)
    form = ChannelForm(request.POST or None, channel=row)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        teams = fields.pop("teams", None)
        change_channel(channel_id=pk, fields=fields, teams=teams, by=person_of(request), at=timezone.now())
        messages.success(request, _("채널을 바꿨어요."))
        return redirect("channels:channel", pk=pk)
    return render(request, "channels/change.html", {"form": form, "channel": row}, status=422 if form.is_bound else 200)


@allow("channels.manage")
@require_POST
def mode(request: HttpRequest, pk: int) -> HttpResponse:
    """Pause: read and send nothing. Resume: both."""
    row = get_object_or_404(Channel, pk=pk)
    wanted = request.POST.get("mode", "")
    if wanted in {Channel.Mode.OPEN, Channel.Mode.SHADOW} and row.mode != Channel.Mode.CLOSED:
        change_channel(channel_id=pk, fields={"mode": wanted}, by=person_of(request), at=timezone.now())
        is_on = wanted == Channel.Mode.OPEN
        messages.success(request, _("이제 읽고 보내요.") if is_on else _("보내기를 멈췄어요. 읽기는 계속해요."))
    return redirect("channels:channel", pk=pk)


@allow("channels.read")
@require_POST
def examine(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the connection doctor look again."""
    person = person_of(request)
    ask_for_checks(channel_id=_seen_by(person, pk).pk, by=person, at=timezone.now())
    return redirect("channels:channel", pk=pk)


@allow("channels.manage")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Announce the last day, or close at once."""
    row = get_object_or_404(Channel, pk=pk)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("닫지 않았어요. 마지막 날과 이유를 적어 주세요."))
        return redirect("channels:channel", pk=pk)
    given = form.cleaned_data
    closed = close_channel(
        channel_id=row.pk,
        closed_on=given["closed_on"],
        reason=given["reason"],
        by=person_of(request),
        at=timezone.now(),
    )
    is_over = closed.mode == Channel.Mode.CLOSED
    messages.success(request, _("채널을 닫았어요. 기록은 그대로 남아요.") if is_over else _("마지막 날을 정했어요."))
    return redirect("channels:channel", pk=pk)


@allow("channels.manage")
@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an announced closing back."""
    get_object_or_404(Channel, pk=pk)
    keep_open(channel_id=pk, by=person_of(request), at=timezone.now())
    return redirect("channels:channel", pk=pk)
