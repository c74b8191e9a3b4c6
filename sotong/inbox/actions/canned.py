"""Canned responses: texts that are used again and again."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from sotong.access.rules import may
from sotong.audit.actions import record
from sotong.channels.records import clean
from sotong.inbox.models import CannedResponse
from sotong.inbox.rules import refusals
from sotong.inbox.rules.canned import unknown_places
from sotong.language.length import is_blank
from sotong.language.words import tidy
from sotong.people.models import Person

NAME_LONGEST = 80
TEXT_LONGEST = 5000
LANGUAGES = ("ko", "en")


def save_canned(*, canned_id: int | None, name: str, text: str, language: str, by: Person) -> CannedResponse:
    """Write a canned response, or (``canned_id`` None) a new one; needs ``inbox.canned``.

    Raises ``NameMissing``, ``EmptyText``, ``CannedTooLong``, ``CannedUnknown`` for places that nothing fills,
    ``BadValue`` for another language, ``NotThere``.
    """
    _check(by)
    title, said = tidy(clean(name, 1000)), clean(text, TEXT_LONGEST + 1).strip()
    if not title:
        raise refusals.NameMissing
    if is_blank(said):
        raise refusals.EmptyText
    if len(title) > NAME_LONGEST or len(said) > TEXT_LONGEST:
        raise refusals.CannedTooLong(name=NAME_LONGEST, text=TEXT_LONGEST)
    if unknown := unknown_places(said):
        raise refusals.CannedUnknown(places=", ".join(unknown))
    if language not in LANGUAGES:
        raise refusals.BadValue(field="language")
    with transaction.atomic():
        canned = _find(canned_id) if canned_id is not None else CannedResponse()
        canned.name, canned.text, canned.language = title, said, language
        canned.by, canned.updated_at = by, Now()
        canned.save()
        canned.refresh_from_db()
        record("inbox.save_canned", by=by, subject=canned, is_new=canned_id is None)
    return canned


def delete_canned(*, canned_id: int, by: Person) -> None:
    """Delete a canned response; needs ``inbox.canned``. Raises ``NotThere`` when it is gone already."""
    _check(by)
    with transaction.atomic():
        canned = _find(canned_id)
        record("inbox.delete_canned", by=by, subject=canned, name=canned.name)
        canned.delete()


def _check(by: Person) -> None:
    if not may(by, "inbox.canned"):
        raise refusals.NotPermitted


def _find(canned_id: int) -> CannedResponse:
    canned = CannedResponse.objects.select_for_update().filter(pk=canned_id).first()
    if canned is None:
        raise refusals.CannedGone
    return canned
