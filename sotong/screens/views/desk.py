"""The desk and its fragments. Reading only; what changes something is below /inbox/."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from sotong.access import allow, may
from sotong.access.addresses import row_id
from sotong.bus.queries import newest_place
from sotong.channels.queries.manifests import manifest_of
from sotong.inbox.actions.handing import colleague_knows
from sotong.inbox.actions.reading import mark_read
from sotong.inbox.queries.choices import desk_choices
from sotong.inbox.queries.taking_back import reply_to_take_back
from sotong.inbox.queries.threads import Thread, beside, find_conversation, thread
from sotong.inbox.queries.visible import visible_to
from sotong.people.models import Person
from sotong.people.queries import person_of
from sotong.screens.queries.composing import composer
from sotong.screens.queries.dialogs import dialogs
from sotong.screens.queries.listing import filters_of, listing
from sotong.screens.queries.messages import messages_of
from sotong.screens.queries.state import brake_shown
from sotong.screens.queries.thread import handed_words, held_words, others_words, show_person, show_thread

LIST_MAX = 200
ASKED_OF_MANY = ("resolve", "snooze", "assign", "label")


@allow("inbox.read")
@require_safe
def desk(request: HttpRequest, conversation_id: int | None = None) -> HttpResponse:
    """The whole desk; with a conversation, that one is open."""
    # Before anything is read: what changes while the page is made is told to it afterwards.
    request.events_since = newest_place()  # type: ignore[attr-defined]
    viewer = person_of(request)
    context = _opened(request, viewer, conversation_id) if conversation_id is not None else {}
    filters = filters_of(request.GET)
    context["list"] = listing(viewer, filters, at=timezone.now(), current=conversation_id)
    context["may_bulk"] = may(viewer, "inbox.bulk")
    context["has_channels"] = bool(context["list"].channels)
    context["without_channels"] = not may(viewer, "channels.read")
    context["brake"] = brake_shown()
    context["welcome_url"] = reverse("people:welcome")
    return render(request, "screens/desk.html", context)


@allow("inbox.bulk")
@require_safe
def many(request: HttpRequest, what: str) -> HttpResponse:
    """The dialog that asks how all the picked conversations are ended, put off, handed over or labelled."""
    if what not in ASKED_OF_MANY:
        raise Http404
    context = {"dialogs": dialogs(desk_choices(), person_of(request)), "template": f"screens/_dialog_{what}.html"}
    return render(request, "screens/_dialog_many.html", context)


@allow("inbox.read")
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The rows of the list, for live refreshing and for leafing on."""
    size, viewer = request.GET.get("size", ""), person_of(request)
    shown = listing(
        viewer,
        filters_of(request.GET),
        at=timezone.now(),
        after=request.GET.get("after", ""),
        size=min(LIST_MAX, max(50, int(size))) if size.isascii() and size.isdigit() and len(size) < 6 else 50,
        current=row_id(request.GET.get("current", "")),
    )
    return render(request, "screens/_rows_live.html", {"list": shown, "may_bulk": may(viewer, "inbox.bulk")})


@allow("inbox.read")
@require_safe
def panel(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Thread, composer and side of one conversation."""
    return render(request, "screens/_panel.html", _opened(request, person_of(request), conversation_id))


@allow("inbox.read")
@require_safe
def messages(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The messages of an open conversation and, out of band, its head and what was seen."""
    context = _panel(request, person_of(request), conversation_id)
    return render(request, "screens/_messages_live.html", {**context, "oob": True})


@allow("inbox.read")
@require_safe
def older(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """The messages before those that are shown."""
    viewer = person_of(request)
    found = thread(viewer, conversation_id, before=row_id(request.GET.get("before", "")) or 0)
    if found is None:
        raise Http404
    older_url = reverse("screens:older", args=[conversation_id]) + f"?before={found.older}" if found.older else ""
    shown = {"messages": messages_of(found, viewer), "older_url": older_url}
    return render(request, "screens/_older.html", {"thread": shown})


@allow("inbox.reply")
@require_safe
def take_back(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """The dialog that asks why a sent reply goes."""
    message = reply_to_take_back(person_of(request), conversation_id, message_id)
    if message is None:
        raise Http404
    who = message.person.shown_name if message.person else _("자동 응답")
    return render(request, "screens/_dialog_takeback.html", {"message": message, "who": who})


@allow("inbox.read")
@require_safe
def notes(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Who has the conversation, and who else is here."""
    viewer = person_of(request)
    conversation = find_conversation(viewer, conversation_id)
    if conversation is None:
        raise Http404
    manifest = manifest_of(conversation.channel.network)
    shown = {
        "held_words": held_words(viewer, conversation),
        "handed_words": handed_words(viewer, conversation),
        "others": others_words(viewer, conversation.pk),
        "is_practice": bool(manifest and manifest.is_practice),
    }
    return render(request, "screens/_thread_notes_live.html", {"thread": shown})


@allow("inbox.read")
@require_safe
def history(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """What we talked about with the customer before; ``all``: more than the last few."""
    viewer = person_of(request)
    visible = visible_to(viewer)
    conversation = find_conversation(viewer, conversation_id, visible=visible)
    if conversation is None or not may(viewer, "contacts.read"):
        raise Http404
    around = beside(viewer, conversation, visible)
    shown = show_person(conversation, around, has_all=bool(request.GET.get("all")))
    return render(request, "screens/_history.html", {"thread": conversation, "person": shown, "oob": True})


def _opened(request: HttpRequest, viewer: Person, conversation_id: int) -> dict[str, Any]:
    """As ``_panel``, where a person opened it: a screen that renews itself has told nobody about a hand-over."""
    context = _panel(request, viewer, conversation_id)
    colleague_knows(conversation_id=conversation_id, by=viewer, at=timezone.now())
    return context


def _panel(request: HttpRequest, viewer: Person, conversation_id: int) -> dict[str, Any]:
    """What the open conversation needs. Opening it is reading it."""
    found: Thread | None = thread(viewer, conversation_id)
    if found is None:
        raise Http404
    conversation = found.conversation
    may_act = may(viewer, "inbox.reply", where=found.visible.place(conversation.channel))
    around = beside(viewer, conversation, found.visible)
    choices = desk_choices() if may_act else None
    shown = show_thread(found, viewer, filters_of(request.GET), around, may_act=may_act)
    mark_read(conversation_id=conversation.pk, upto_id=conversation.last_inbound_id, by=viewer)
    is_shut = conversation.channel.mode != "open"
    return {
        "thread": shown,
        "person": show_person(conversation, around) if may(viewer, "contacts.read") else None,
        "composer": composer(found, viewer, choices.canned, has_draft=around.has_draft)
        if choices and not is_shut
        else None,
        "no_composer_words": _("이 채널은 읽기만 해요. 보내려면 채널 설정에서 열어 주세요.")
        if is_shut
        else _("이 채널에는 답할 권한이 없어요."),
        "dialogs": dialogs(choices, viewer, around.labels) if choices else None,
    }
