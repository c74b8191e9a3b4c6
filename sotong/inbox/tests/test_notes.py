"""A private note stays in the house and moves nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest

from sotong.audit.models import Entry
from sotong.channels.models import Delivery
from sotong.inbox.actions.drafts import save_draft
from sotong.inbox.actions.notes import LONGEST, add_note
from sotong.inbox.models import Conversation, Draft, Message
from sotong.inbox.rules import refusals
from sotong.inbox.tests.arriving import arrive, item

pytestmark = pytest.mark.django_db


def test_a_note_uses_up_its_draft_and_leaves_everything_else(talk, hana, at):
    before = Conversation.objects.values().get()
    save_draft(conversation_id=talk.pk, tab="note", text="요금제부터 보세요", by=hana, at=at)
    save_draft(conversation_id=talk.pk, tab="public", text="곧", by=hana, at=at)
    token = Draft.objects.get(tab="note").token
    note = add_note(conversation_id=talk.pk, text=" 요금제부터 보세요\x00 ", token=token, by=hana, at=at)
    assert (note.direction, note.text, note.person) == ("note", "요금제부터 보세요\ufffd", hana)
    assert Conversation.objects.values().get() == before
    assert [draft.tab for draft in Draft.objects.all()] == ["public"]
    assert not Delivery.objects.exists()
    entry = Entry.objects.get(action="inbox.add_note")
    assert (entry.person_id, entry.contact_id, entry.detail) == (
        hana.pk,
        talk.identity.contact_id,
        {"message": note.pk},
    )


def test_the_same_token_makes_one_note(care, talk, hana, doyun, at):
    token = uuid4()
    first = add_note(conversation_id=talk.pk, text="하나", token=token, by=hana, at=at)
    assert add_note(conversation_id=talk.pk, text="하나 ", token=token, by=hana, at=at) == first
    with pytest.raises(refusals.AlreadySent):
        add_note(conversation_id=talk.pk, text="둘", token=token, by=hana, at=at)
    with pytest.raises(refusals.BadValue):
        add_note(conversation_id=talk.pk, text="하나", token=token, by=doyun, at=at)
    other = arrive(care, item("p-8", "저도요", author="lee"))[1]
    with pytest.raises(refusals.BadValue):
        add_note(conversation_id=other.pk, text="하나", token=token, by=hana, at=at)
    assert Message.objects.filter(direction="note").count() == 1


def test_an_empty_or_endless_note_is_refused(talk, hana, at):
    with pytest.raises(refusals.EmptyText):
        add_note(conversation_id=talk.pk, text=" \n", token=uuid4(), by=hana, at=at)
    with pytest.raises(refusals.NoteTooLong):
        add_note(conversation_id=talk.pk, text="가" * (LONGEST + 1), token=uuid4(), by=hana, at=at)
    add_note(conversation_id=talk.pk, text="가" * LONGEST, token=uuid4(), by=hana, at=at)


def test_who_may_not_read_may_not_note(talk, garam, at):
    with pytest.raises(refusals.NotThere):
        add_note(conversation_id=talk.pk, text="보여요?", token=uuid4(), by=garam, at=at)
