"""Images: those of a draft, and those that were received or sent. Only bytes that we wrote ourselves leave here."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sotong.access import allow
from sotong.channels.models import DeliveryMedia
from sotong.inbox.actions.images import UPLOAD_MAX, add_draft_image, describe_draft_image, remove_draft_image
from sotong.inbox.forms.fields import TEXT_LONGEST
from sotong.inbox.forms.replying import TabForm
from sotong.inbox.models import DraftImage, Message, MessageMedia
from sotong.inbox.queries.threads import find_conversation
from sotong.inbox.rules.pictures import MIMES
from sotong.inbox.rules.refusals import BadImage, ImageTooLarge, NotThere
from sotong.inbox.views.answering import BadForm, answers, answers_aloud, done, read, refused
from sotong.people.queries import person_of

KEPT_SECONDS = 3600
"""How long the person's own browser keeps an image; nobody's shared cache does."""


@allow("inbox.reply")
@answers
def draft_image(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Attach the file ``image`` to the draft of ``tab``."""
    tab = read(TabForm, request).cleaned_data["tab"]
    file = request.FILES.get("image")
    if file is None:
        raise BadImage
    if (file.size or 0) > UPLOAD_MAX:
        raise ImageTooLarge(limit=f"{UPLOAD_MAX // 1_000_000} MB")
    image = add_draft_image(
        conversation_id=conversation_id,
        tab=tab,
        content=file.read(),
        alt=request.POST.get("alt", ""),
        by=person_of(request),
        at=timezone.now(),
    )
    return done(request, body=_shown(request, [image]))


@allow("inbox.reply")
@never_cache
@require_safe
def draft_images(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """All images of the person's own draft of ``tab``."""
    if find_conversation(person_of(request), conversation_id) is None:
        raise Http404
    try:
        tab = read(TabForm, request).cleaned_data["tab"]
    except BadForm as refusal:
        return refused(request, refusal)
    rows = DraftImage.objects.filter(
        draft__person=person_of(request), draft__conversation_id=conversation_id, draft__tab=tab
    )
    return _shown(request, rows.defer("content").order_by("position"))


@allow("inbox.reply")
@answers_aloud
def describe_image(request: HttpRequest, image_id: int) -> HttpResponse:
    """Say in words what an image shows: for who cannot see it."""
    alt = request.POST.get(f"alt-{image_id}", request.POST.get("alt", ""))
    if len(alt) > TEXT_LONGEST:
        raise BadForm(kept=True, problem=_("설명이 너무 길어요. 줄여서 다시 해 주세요."))
    try:
        describe_draft_image(image_id=image_id, alt=alt, by=person_of(request))
    except NotThere as gone:
        # Left with its reply, which took the words along: nothing to alarm anyone about.
        return refused(request, gone)
    return done(request)


@allow("inbox.reply")
@answers
def remove_image(request: HttpRequest, image_id: int) -> HttpResponse:
    """Take an image off the draft."""
    remove_draft_image(image_id=image_id, by=person_of(request))
    return done(request, events={"sotong:picture-removed": {}}, body=HttpResponse())


@allow("inbox.reply")
@require_safe
def draft_media(request: HttpRequest, image_id: int) -> HttpResponse:
    """An image of the person's own draft."""
    row = DraftImage.objects.select_related("draft").filter(pk=image_id, draft__person=person_of(request)).first()
    if row is None or find_conversation(person_of(request), row.draft.conversation_id) is None:
        raise Http404
    return _picture(row.content, row.mime)


@allow("inbox.read")
@require_safe
def media(request: HttpRequest, media_id: int) -> HttpResponse:
    """An image that a customer sent."""
    row = MessageMedia.objects.select_related("message").filter(pk=media_id, content__isnull=False).first()
    if row is None or find_conversation(person_of(request), row.message.conversation_id) is None:
        raise Http404
    return _picture(row.content, row.mime)


@allow("inbox.read")
@require_safe
def sent_media(request: HttpRequest, media_id: int) -> HttpResponse:
    """An image of one of our replies."""
    row = DeliveryMedia.objects.filter(pk=media_id).first()
    message = Message.objects.filter(delivery_id=row.delivery_id).first() if row is not None else None
    if row is None or message is None or find_conversation(person_of(request), message.conversation_id) is None:
        raise Http404
    return _picture(row.content, row.mime)


def _shown(request: HttpRequest, images: Iterable[DraftImage]) -> HttpResponse:
    return render(request, "inbox/_draft_images.html", {"images": images})


def _picture(content: bytes | memoryview | None, mime: str) -> HttpResponse:
    """The bytes as an image and as nothing else. Raises ``Http404`` for a type that we never write."""
    if content is None or mime not in MIMES.values():
        raise Http404
    response = HttpResponse(bytes(content), content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    response["Content-Disposition"] = "inline"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
