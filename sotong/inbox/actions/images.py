"""Images attached to a draft: decoded, bounded and written anew before anything keeps them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from sotong.channels.queries.manifests import manifest_of
from sotong.channels.records import clean
from sotong.inbox.actions.drafts import open_draft
from sotong.inbox.actions.opening import open_conversation
from sotong.inbox.models import Conversation, Draft, DraftImage
from sotong.inbox.rules import pictures, refusals
from sotong.people.models import Person

if TYPE_CHECKING:
    from sotong.networks.contract import Limits

UPLOAD_MAX = 20_000_000
"""Bytes of a file that someone gives; the written image is as small as the network wants it."""
SIDE_MAX = 4096
ALT_MAX = 2000
"""Characters that a draft keeps, where the network would take more."""


def add_draft_image(
    *, conversation_id: int, tab: str, content: bytes, alt: str, by: Person, at: datetime
) -> DraftImage:
    """Attach an image to the person's draft of ``tab``, as the network takes it; the draft is made where there is none.

    Raises ``BadImage``, ``ImageTooLarge``, ``ImagesBusy``, ``TooManyImages``, ``AltTooLong``, ``ImagesRefused`` where
    the network takes none, ``WrongTab`` for notes.
    """
    if tab not in {"public", "direct"}:
        raise refusals.WrongTab
    conversation = open_conversation(conversation_id, by=by, is_locked=False)
    limits = _limits(conversation)
    said = _alt(limits, alt)
    picture = _rewritten(limits, content)
    with transaction.atomic():
        open_draft(conversation_id=conversation_id, tab=tab, by=by, at=at)
        draft = Draft.objects.select_for_update().filter(person=by, conversation=conversation, tab=tab).get()
        if draft.images.count() >= limits.images_max:
            raise refusals.TooManyImages(count=limits.images_max)
        last = draft.images.aggregate(last=Max("position"))["last"]
        return DraftImage.objects.create(
            draft=draft,
            position=0 if last is None else last + 1,
            mime=picture.mime,
            alt=said,
            content=picture.content,
            width=picture.width,
            height=picture.height,
        )


def describe_draft_image(*, image_id: int, alt: str, by: Person) -> DraftImage:
    """Say in words what an image shows. Raises ``NotThere`` for an image that is not this person's, ``AltTooLong``."""
    with transaction.atomic():
        image = _own(image_id, by)
        image.alt = _alt(_limits(image.draft.conversation), alt)
        image.save(update_fields=["alt"])
    return image


def remove_draft_image(*, image_id: int, by: Person) -> None:
    """Take an image off the draft. Raises ``NotThere`` for one that is not this person's."""
    with transaction.atomic():
        _own(image_id, by).delete()


def _own(image_id: int, by: Person) -> DraftImage:
    rows = DraftImage.objects.select_related("draft__conversation__channel").select_for_update(of=("self",))
    image = rows.filter(pk=image_id, draft__person=by).first()
    if image is None:
        raise refusals.NotThere
    open_conversation(image.draft.conversation_id, by=by, is_locked=False)
    return image


def _limits(conversation: Conversation) -> Limits:
    manifest = manifest_of(conversation.channel.network)
    if manifest is None or manifest.limits.images_max == 0:
        raise refusals.ImagesRefused(channel=conversation.channel.name)
    return manifest.limits


def _alt(limits: Limits, alt: str) -> str:
    longest = min(limits.alt_text_max, ALT_MAX)
    said = clean(alt, longest + 1).strip()
    if len(said) > longest:
        raise refusals.AltTooLong(limit=longest)
    return said


def _rewritten(limits: Limits, content: bytes) -> pictures.Picture:
    if len(content) > UPLOAD_MAX:
        raise refusals.ImageTooLarge(limit=f"{UPLOAD_MAX // 1_000_000} MB")
    try:
        return pictures.rewrite(content, types=limits.image_types, bytes_max=limits.image_bytes_max, side_max=SIDE_MAX)
    except pictures.NotAPicture as error:
        raise refusals.BadImage from error
    except pictures.TooManyPixels as error:
        raise refusals.ImageTooLarge(limit=f"{error.pixels_max // 1_000_000} MP") from error
    except pictures.Busy as error:
        raise refusals.ImagesBusy from error
