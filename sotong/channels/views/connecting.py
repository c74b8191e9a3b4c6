"""Connecting an account, renewing its sign-in, opening the practice network; a job does it, a page waits."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sotong.access import allow
from sotong.access.addresses import row_id
from sotong.channels import words
from sotong.channels.actions.connecting import start_connecting
from sotong.channels.actions.credentials import read_credentials
from sotong.channels.actions.practice import NETWORK, open_practice
from sotong.channels.connectors import manifest_of
from sotong.channels.forms import ConnectForm, kept_values
from sotong.channels.keys import KeyMissing
from sotong.channels.models import Channel, Connecting
from sotong.channels.queries.manifests import badge_of
from sotong.networks import registry
from sotong.networks.contract import Manifest
from sotong.people.queries import person_of


@allow("channels.manage")
@require_safe
def networks(request: HttpRequest) -> HttpResponse:
    """Which network? The practice network has a door of its own."""
    found = [manifest for manifest in registry.manifests() if not manifest.is_practice]
    cards = [{"name": one.name, "badge": badge_of(one.name), "title": words.in_language(one.title)} for one in found]
    return render(request, "channels/networks.html", {"networks": cards})


def _manifest(network: str) -> Manifest:
    found = manifest_of(network)
    if found is None:
        raise Http404
    return found


@allow("channels.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest, network: str) -> HttpResponse:
    """What the network needs to know us by. After a failure: with everything that was typed, except secrets."""
    manifest = _manifest(network)
    form = ConnectForm(request.POST or None, manifest=manifest, initial=_typed_before(request, manifest))
    if request.method == "POST" and form.is_valid():
        connecting = start_connecting(
            manifest=manifest,
            values=form.values(),
            purpose=form.cleaned_data["purpose"],
            mode=form.cleaned_data["mode"],
            by=person_of(request),
            at=timezone.now(),
        )
        return redirect("channels:connecting", pk=connecting.pk)
    context = {"form": form, "network": words.in_language(manifest.title), "badge": badge_of(manifest.name)}
    return render(request, "channels/connect.html", context, status=422 if form.is_bound else 200)


def _typed_before(request: HttpRequest, manifest: Manifest) -> dict[str, Any]:
    again = row_id(request.GET.get("again", ""))
    mine = Connecting.objects.filter(network=manifest.name, by=person_of(request), state=Connecting.State.FAILED)
    earlier = mine.filter(pk=again).first() if again is not None else None
    if earlier is None:
        return {}
    try:
        values = read_credentials(earlier)
    except KeyMissing:
        values = {}
    return {**kept_values(manifest, values), "purpose": earlier.purpose, "mode": earlier.mode}


@allow("channels.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new sign-in for the same account. The old one stays in use until the new one has worked."""
    channel = get_object_or_404(Channel, pk=pk)
    manifest = _manifest(channel.network)
    try:
        values = read_credentials(channel)
    except KeyMissing:
        values = {}
    initial = kept_values(manifest, values)
    form = ConnectForm(request.POST or None, manifest=manifest, is_renewal=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        by, at = person_of(request), timezone.now()
        mode = channel.mode if channel.mode != Channel.Mode.CLOSED else Channel.Mode.SHADOW
        connecting = start_connecting(manifest=manifest, values=form.values(), mode=mode, channel=channel, by=by, at=at)
        return redirect("channels:connecting", pk=connecting.pk)
    context = {
        "form": form,
        "channel": channel,
        "network": words.in_language(manifest.title),
        "badge": badge_of(manifest.name),
    }
    return render(request, "channels/connect.html", context, status=422 if form.is_bound else 200)


@allow("practice.open")
@require_POST
def practice(request: HttpRequest) -> HttpResponse:
    """Open the practice network with the company's account in it, or with that of the ``channel`` that is named."""
    number = row_id(request.POST.get("channel", ""))
    channel = None if number is None else get_object_or_404(Channel, pk=number, network=NETWORK)
    connecting = open_practice(by=person_of(request), at=timezone.now(), channel=channel)
    return redirect("channels:connecting", pk=connecting.pk)


PRACTICE_STEPS = ("practice_start", "practice_account", "whoami", "channel")
STEPS = ("whoami", "channel")


@allow("channels.manage")
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it got; leads to the channel when it is there, and back to the form when not."""
    connecting = get_object_or_404(Connecting.objects.select_related("channel"), pk=pk, by=person_of(request))
    is_fragment = "HX-Request" in request.headers
    if connecting.state == Connecting.State.DONE and connecting.channel is not None:
        target = redirect("channels:channel", pk=connecting.channel.pk)
        return HttpResponse(headers={"HX-Redirect": target.url}) if is_fragment else target
    problem, network = connecting.problem, connecting.network
    what, advice = words.problem_words(problem, network) if problem else ("", "")
    renews = connecting.channel if connecting.state == Connecting.State.FAILED else None
    context = {
        "connecting": connecting,
        "steps": _steps(connecting),
        "network": words.network_title(connecting.network),
        "is_late": (timezone.now() - connecting.created_at).total_seconds() > 10 and not connecting.step,
        "what": what,
        "advice": advice,
        "renews": renews,
        "is_practice": connecting.network == NETWORK,
    }
    return render(request, "channels/_connecting.html" if is_fragment else "channels/connecting.html", context)


def _steps(connecting: Connecting) -> list[dict[str, Any]]:
    names = PRACTICE_STEPS if connecting.opens_practice else STEPS
    reached = names.index(connecting.step) if connecting.step in names else -1
    return [
        {"title": words.STEPS[name], "is_done": place < reached, "is_now": place == max(reached, 0)}
        for place, name in enumerate(names)
    ]
