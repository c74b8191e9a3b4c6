"""Replies, notes and drafts."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sotong.access import allow
from sotong.access.addresses import row_id
from sotong.channels.models import Delivery, Removal
from sotong.inbox.actions.drafts import Screen, WrittenElsewhere, is_sent, next_token, save_draft
from sotong.inbox.actions.images import describe_draft_image
from sotong.inbox.actions.notes import add_note
from sotong.inbox.actions.replying import Reply, send_reply, undo_reply
from sotong.inbox.actions.taking_back import take_back_reply
from sotong.inbox.forms.replying import DraftForm, NoteForm, ReplyForm, TakeBackForm
from sotong.inbox.models import DraftImage, Message
from sotong.inbox.rules.refusals import NotThere, Refusal
from sotong.inbox.views.answering import answers, answers_aloud, done, is_scripted, read
from sotong.people.models import Person
from sotong.people.queries import person_of

HEADER_MAX = 6000
"""Bytes of text that travel in a header; proxies refuse more than some thousand."""
SENT_WORDS = {
    Delivery.State.DUE: gettext_lazy("곧 보내요."),
    Delivery.State.SENDING: gettext_lazy("보내고 있어요."),
    Delivery.State.SENT: gettext_lazy("이미 보낸 답글이에요."),
    Delivery.State.UNCONFIRMED: gettext_lazy("보냈지만 아직 확인되지 않았어요. 두 번 나가지 않게 기다려 주세요."),
}
WAITING_WORDS = gettext_lazy("이 답글은 멈춰 있어서 아직 나가지 않았어요. 글은 대화에 그대로 있어요.")
"""What is said of a reply by the state of its delivery; of all others that still may leave: ``WAITING_WORDS``."""


@allow("inbox.reply")
@answers
def reply(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Answer the customer; it may be taken back until it leaves."""
    given = read(ReplyForm, request).cleaned_data
    me, at = person_of(request), timezone.now()
    _describe(request, conversation_id, given["tab"], me)
    screen = _screen(request, given)
    try:
        sent = send_reply(
            conversation_id=conversation_id,
            tab=given["tab"],
            text=given["text"],
            token=given["token"],
            by=me,
            at=at,
            target_id=given["target"],
            channel_id=given["channel"],
            seen_upto=given["seen_upto"],
            even_so=given["even_so"],
            screen=screen,
        )
    except Refusal:
        _keep(request, conversation_id, screen, tab=given["tab"], text=given["text"])
        raise
    return _sent(request, sent, at)


@allow("inbox.reply")
@answers
def note(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Leave a private note."""
    given = read(NoteForm, request).cleaned_data
    me, at, screen = person_of(request), timezone.now(), _screen(request, given)
    try:
        add_note(conversation_id=conversation_id, text=given["text"], token=given["token"], by=me, at=at, screen=screen)
    except Refusal:
        _keep(request, conversation_id, screen, tab="note", text=given["text"])
        raise
    return done(request, _("메모를 남겼어요."))


@allow("inbox.reply")
@answers_aloud
def undo(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """Take a reply back while it waits; its text returns to the composer."""
    message = Message.objects.filter(pk=message_id, conversation_id=conversation_id).first()
    if message is None:
        raise NotThere
    draft = undo_reply(message_id=message_id, by=person_of(request), at=timezone.now())
    back: dict[str, object] = {"tab": draft.tab, "conversation": conversation_id, "token": str(draft.token)}
    back["savedMs"] = draft.saved_ms
    if len(json.dumps(message.text)) <= HEADER_MAX:
        back["text"] = message.text
    if draft.images.exists():
        back["imagesUrl"] = reverse("inbox:draft_images", args=[conversation_id]) + f"?tab={draft.tab}"
    return done(request, _("되돌렸어요. 글은 쓰던 자리에 있어요."), events={"sotong:undone": back})


@allow("inbox.reply")
@answers
def take_back(request: HttpRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """Want a sent reply gone from its network."""
    given = read(TakeBackForm, request).cleaned_data
    if not Message.objects.filter(pk=message_id, conversation_id=conversation_id).exists():
        raise NotThere
    if take_back_reply(message_id=message_id, reason=given["reason"], by=person_of(request), at=timezone.now()):
        return done(request, _("네트워크에서 지우는 중이에요. 지워지면 대화에 보여요."))
    if Removal.objects.filter(delivery__message=message_id, state=Removal.State.DELETED).exists():
        return done(request, _("네트워크에서 이미 지웠어요. 방금 적은 까닭은 남기지 않았어요."))
    return done(request, _("네트워크에서 이미 지우고 있어요. 방금 적은 까닭은 남기지 않았어요."))


@allow("inbox.reply")
@answers
def draft(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Keep what is typed. ``state``: kept (at ``saved_ms``); sent (the very same text has left, or still may); renewed
    (the token is used up by another text, or by a reply that never left: keep on with ``token``); elsewhere (not kept:
    another page has written something else since).
    """
    given = read(DraftForm, request).cleaned_data
    me, token = person_of(request), given["token"]
    try:
        kept = save_draft(
            conversation_id=conversation_id,
            tab=given["tab"],
            text=given["text"],
            token=token,
            screen=_screen(request, given),
            by=me,
            at=timezone.now(),
        )
    except WrittenElsewhere:
        return JsonResponse({"state": "elsewhere"})
    if kept is not None:
        return JsonResponse({"state": "kept", "saved_ms": kept.saved_ms})
    if is_sent(token=token, text=given["text"], by=me):
        return JsonResponse({"state": "sent"})
    fresh = next_token(conversation_id=conversation_id, tab=given["tab"], by=me)
    return JsonResponse({"state": "renewed", "token": str(fresh)})


def _sent(request: HttpRequest, sent: Reply, at: datetime) -> HttpResponse:
    left = int((sent.undo_until - at).total_seconds())
    if sent.state != Delivery.State.DUE or left <= 0:
        return done(request, str(SENT_WORDS.get(Delivery.State(sent.state), WAITING_WORDS)))
    undo_url = reverse("inbox:undo", args=[sent.message.conversation_id, sent.message.pk])
    return done(request, _("{n}초 뒤에 보내요.").format(n=left), undo_url=undo_url, seconds=left)


def _describe(request: HttpRequest, conversation_id: int, tab: str, me: Person) -> None:
    """Descriptions that were typed and not saved yet come with the reply."""
    rows = DraftImage.objects.filter(draft__person=me, draft__conversation_id=conversation_id, draft__tab=tab)
    for pk, alt in rows.values_list("pk", "alt"):
        typed = request.POST.get(f"alt-{pk}")
        if typed is not None and typed != alt:
            describe_draft_image(image_id=pk, alt=typed, by=me)


def _screen(request: HttpRequest, given: dict[str, Any]) -> Screen:
    """What the page showed: an image that it shows brings its description along."""
    named = (row_id(name.removeprefix("alt-")) for name in request.POST if name.startswith("alt-"))
    images = frozenset(pk for pk in named if pk is not None)
    return Screen(page=str(given["page"] or ""), seen_ms=given["seen"] or 0, images=images)


def _keep(request: HttpRequest, conversation_id: int, screen: Screen, *, tab: str, text: str) -> None:
    """Without a script the page comes anew: what was typed comes back as its draft, before what another page wrote.
    A page that is pressed again has its text there already.
    """
    if is_scripted(request):
        return
    keep = partial(save_draft, conversation_id=conversation_id, tab=tab, by=person_of(request), at=timezone.now())
    try:
        keep(text=text, screen=screen)
    except WrittenElsewhere as other:
        mine = text.strip()
        if mine and f"\n\n{mine}\n\n" not in f"\n\n{other.text.strip()}\n\n":
            keep(text=f"{mine}\n\n{other.text}")
