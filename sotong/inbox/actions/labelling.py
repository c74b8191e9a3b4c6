"""Labels: words that people put on conversations."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from sotong.audit.actions import record
from sotong.channels.records import clean
from sotong.inbox.actions.opening import open_conversation, tell
from sotong.inbox.models import Conversation, Label, Labelling
from sotong.inbox.rules import refusals
from sotong.language.words import tidy
from sotong.people.models import Person

LONGEST = 40
AT_MOST = 20
"""Labels of one conversation; more would say nothing."""


def set_labels(
    *, conversation_id: int, label_ids: Collection[int], new_name: str = "", by: Person, at: datetime
) -> list[Label]:
    """Give a conversation exactly these labels, and the one named ``new_name``, which is made where it is new.

    Returns them by name. Raises ``BadValue`` for a label that is not there, ``LabelTooLong``, ``TooManyLabels``.
    """
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        return _put(conversation, set(label_ids), new_name, by)


def add_labels(
    *, conversation_id: int, label_ids: Collection[int], new_name: str = "", by: Person, at: datetime
) -> list[Label]:
    """As ``set_labels``; the labels that are there stay."""
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        return _put(conversation, _ids_on(conversation) | set(label_ids), new_name, by)


def _put(conversation: Conversation, wanted: set[int], new_name: str, by: Person) -> list[Label]:
    name = tidy(clean(new_name, 1000))
    if len(name) > LONGEST:
        raise refusals.LabelTooLong(limit=LONGEST)
    labels = list(Label.objects.filter(pk__in=wanted))
    if len(labels) != len(wanted):
        raise refusals.BadValue(field="labels")
    if name:
        label = _named(name, by)
        labels = [*(one for one in labels if one.pk != label.pk), label]
    if len(labels) > AT_MOST:
        raise refusals.TooManyLabels(count=AT_MOST)
    before, after = _ids_on(conversation), {label.pk for label in labels}
    if before != after:
        Labelling.objects.filter(conversation=conversation, label_id__in=before - after).delete()
        Labelling.objects.bulk_create(
            Labelling(conversation=conversation, label_id=pk) for pk in sorted(after - before)
        )
        record(
            "inbox.set_labels", by=by, subject=conversation, contact_id=conversation.identity.contact_id,
            added=sorted(after - before),
            removed=sorted(before - after),
        )  # fmt: skip
        tell(conversation)
    return sorted(labels, key=lambda label: label.name)


def _ids_on(conversation: Conversation) -> set[int]:
    return set(Labelling.objects.filter(conversation=conversation).values_list("label_id", flat=True))


def _named(name: str, by: Person) -> Label:
    """The label of that name, whatever its case."""
    found = Label.objects.filter(name__iexact=name).order_by("pk").first()
    if found is not None:
        return found
    label, is_new = Label.objects.get_or_create(name=name)
    if is_new:
        record("inbox.make_label", by=by, subject=label)
    return label
