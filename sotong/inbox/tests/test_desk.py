"""Assignment, labels, presence, canned responses: who may, what changes, what is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from sotong.audit.models import Entry
from sotong.channels.models import Channel
from sotong.inbox.actions.assigning import assign_conversation
from sotong.inbox.actions.canned import delete_canned, save_canned
from sotong.inbox.actions.claiming import claim_conversation
from sotong.inbox.actions.labelling import AT_MOST, add_labels, set_labels
from sotong.inbox.actions.presence import leave, note_presence
from sotong.inbox.events import PresenceChanged
from sotong.inbox.models import CannedResponse, Conversation, Label, Labelling, Presence
from sotong.inbox.rules import refusals
from sotong.people.models import Person, Team

pytestmark = pytest.mark.django_db


def claimed_until() -> datetime:
    found = Conversation.objects.get().claim_until
    assert found is not None
    return found


def assign(talk: Conversation, by: Person, at, person: Person | None = None, team: Team | None = None) -> Conversation:
    assign_conversation(
        conversation_id=talk.pk,
        person_id=person.pk if person else None,
        team_id=team.pk if team else None,
        by=by,
        at=at,
    )
    return Conversation.objects.get(pk=talk.pk)


def test_everyone_may_take_it_themselves_and_only_a_lead_gives_it_to_others(talk, hana, doyun, narae, at):
    assert assign(talk, hana, at, hana).assigned_to == hana
    for to in (doyun, None):
        with pytest.raises(refusals.NotPermitted):
            assign(talk, doyun, at, to)
    assert assign(talk, hana, at).assigned_to is None
    with pytest.raises(refusals.NotPermitted):
        assign(talk, hana, at, doyun)
    assert assign(talk, narae, at, doyun).assigned_to == doyun
    assign(talk, narae, at, doyun)
    details = list(Entry.objects.order_by("pk").values_list("person_id", "detail__person", "detail__was_person"))
    assert details == [(hana.pk, hana.pk, None), (hana.pk, None, hana.pk), (narae.pk, doyun.pk, None)]


def test_nobody_gets_what_they_may_not_answer(talk, hana, narae, garam, at):
    with pytest.raises(refusals.MayNotAnswer) as refused:
        assign(talk, narae, at, garam)
    assert "가람" in refused.value.what
    ours, theirs, empty = (Team.objects.create(name=name) for name in ("우리", "다른", "빈"))
    ours.members.add(narae)
    theirs.members.add(hana)
    Channel.objects.get().teams.add(ours)
    with pytest.raises(refusals.MayNotAnswer):
        assign(talk, narae, at, hana)
    for team in (theirs, empty):
        with pytest.raises(refusals.MayNotAnswer):
            assign(talk, narae, at, team=team)
    with pytest.raises(refusals.NotThere):
        assign(talk, hana, at, hana)
    Person.objects.filter(pk=hana.pk).update(is_active=False)
    ours.members.add(hana)
    with pytest.raises(refusals.MayNotAnswer):
        assign(talk, narae, at, hana)
    for person_id, team_id in ((10**9, None), (None, 10**9)):
        with pytest.raises(refusals.BadValue):
            assign_conversation(conversation_id=talk.pk, person_id=person_id, team_id=team_id, by=narae, at=at)
    found = assign(talk, narae, at, narae, ours)
    assert (found.assigned_to, found.assigned_team) == (narae, ours)


def test_handing_it_on_ends_the_claim_of_whoever_had_it(talk, hana, doyun, narae, at):
    claim_conversation(conversation_id=talk.pk, by=narae, at=at)
    assert assign(talk, narae, at, hana).claimed_by is None
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    assert assign(talk, narae, at, doyun).claimed_by is None
    assert Entry.objects.latest("pk").detail["held_by"] == hana.pk
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    assert assign(talk, narae, at, doyun).claimed_by is None, "it was assigned to 도윤 before; 하나 had it all the same"


def test_a_claim_stays_with_those_it_goes_to_and_where_nobody_is_named(talk, hana, doyun, narae, at):
    ours, theirs = (Team.objects.create(name=name) for name in ("우리", "다른"))
    ours.members.add(hana)
    theirs.members.add(doyun)
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    for team, person in ((None, hana), (None, None), (ours, None)):
        assert assign(talk, narae, at, person, team).claimed_by == hana
    assert "held_by" not in Entry.objects.latest("pk").detail
    assert assign(talk, narae, at, team=theirs).claimed_by is None


def test_what_a_colleague_has_is_not_taken_from_them_by_an_assignment(talk, hana, doyun, at):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    with pytest.raises(refusals.HeldByOther) as refused:
        assign(talk, doyun, at, doyun)
    assert "하나" in refused.value.what
    assert Conversation.objects.get().claimed_by == hana
    Conversation.objects.update(claim_until=at - timedelta(minutes=1))
    assert assign(talk, doyun, at, doyun).claimed_by is None


def test_labels_are_exactly_those_and_made_once(talk, hana, at):
    old = Label.objects.create(name="환불")
    found = set_labels(conversation_id=talk.pk, label_ids=[old.pk], new_name="  인터넷   장애 ", by=hana, at=at)
    assert [label.name for label in found] == ["인터넷 장애", "환불"]
    set_labels(conversation_id=talk.pk, label_ids=[], new_name="vip", by=hana, at=at)
    set_labels(conversation_id=talk.pk, label_ids=[], new_name="VIP", by=hana, at=at)
    row = Labelling.objects.get()
    assert (row.label.name, row.shelf, row.channel_id, row.last_at) == ("vip", "live", talk.channel_id, talk.last_at)
    add_labels(conversation_id=talk.pk, label_ids=[old.pk], by=hana, at=at)
    assert Labelling.objects.count() == 2
    trail = Entry.objects.filter(action="inbox.set_labels").order_by("pk").values_list("detail", flat=True)
    assert [(len(one["added"]), len(one["removed"])) for one in trail] == [(2, 0), (1, 2), (1, 0)]


def test_labels_have_bounds(talk, hana, garam, at):
    words = {"conversation_id": talk.pk, "by": hana, "at": at}
    with pytest.raises(refusals.BadValue):
        set_labels(label_ids=[10**9], **words)
    with pytest.raises(refusals.LabelTooLong):
        set_labels(label_ids=[], new_name="가" * 41, **words)
    many = [Label.objects.create(name=f"라벨 {n}").pk for n in range(AT_MOST)]
    set_labels(label_ids=many, **words)
    with pytest.raises(refusals.TooManyLabels):
        set_labels(label_ids=many, new_name="하나 더", **words)
    assert not Label.objects.filter(name="하나 더").exists(), "nothing half done"
    with pytest.raises(refusals.NotThere):
        set_labels(conversation_id=talk.pk, label_ids=[], by=garam, at=at)
    assert Labelling.objects.count() == AT_MOST


def test_presence_is_told_only_when_it_changes(talk, hana, garam, at, told):
    def note(is_typing):
        before = len(told)
        note_presence(conversation_id=talk.pk, is_typing=is_typing, by=hana, at=at)
        assert all(isinstance(event, PresenceChanged) for event in told[before:])
        return len(told) - before

    assert [note(False), note(False), note(True), note(True), note(False)] == [1, 0, 1, 0, 1]
    Presence.objects.update(at=Now() - timedelta(seconds=30))
    assert note(False) == 1, "they were gone and come back"
    before = len(told)
    leave(conversation_id=talk.pk, by=hana)
    leave(conversation_id=talk.pk, by=hana)
    assert len(told) - before == 1
    assert not Presence.objects.exists()
    with pytest.raises(refusals.NotThere):
        note_presence(conversation_id=talk.pk, is_typing=True, by=garam, at=at)


def test_typing_keeps_ones_own_claim_alive_and_looking_does_not(talk, hana, doyun, at):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    Conversation.objects.update(claim_until=F("claim_until") - timedelta(minutes=10))
    before = claimed_until()
    note_presence(conversation_id=talk.pk, is_typing=True, by=doyun, at=at)
    note_presence(conversation_id=talk.pk, is_typing=False, by=hana, at=at)
    assert claimed_until() == before
    note_presence(conversation_id=talk.pk, is_typing=True, by=hana, at=at)
    assert claimed_until() > before


def test_canned_responses_are_written_by_who_may(narae, hana):
    with pytest.raises(refusals.NotPermitted):
        save_canned(canned_id=None, name="인사", text="안녕하세요", language="ko", by=hana)
    made = save_canned(canned_id=None, name=" 인사  말 ", text=" 안녕하세요 ", language="ko", by=narae)
    assert (made.name, made.text, made.by) == ("인사 말", "안녕하세요", narae)
    save_canned(canned_id=made.pk, name="인사말", text="반가워요", language="ko", by=narae)
    assert CannedResponse.objects.get().text == "반가워요"
    with pytest.raises(refusals.NotPermitted):
        delete_canned(canned_id=made.pk, by=hana)
    delete_canned(canned_id=made.pk, by=narae)
    with pytest.raises(refusals.CannedGone):
        save_canned(canned_id=made.pk, name="인사말", text="반가워요", language="ko", by=narae)
    trail = list(Entry.objects.order_by("pk").values_list("action", "detail"))
    assert trail == [
        ("inbox.save_canned", {"is_new": True}),
        ("inbox.save_canned", {"is_new": False}),
        ("inbox.delete_canned", {"name": "인사말"}),
    ]


@pytest.mark.parametrize(
    ("name", "text", "language", "refusal"),
    [
        (" ", "글", "ko", refusals.NameMissing),
        ("이름", " ", "ko", refusals.EmptyText),
        ("가" * 81, "글", "ko", refusals.CannedTooLong),
        ("이름", "가" * 5001, "ko", refusals.CannedTooLong),
        ("이름", "글", "fr", refusals.BadValue),
    ],
)
def test_a_canned_response_has_a_name_a_text_and_a_language(narae, name, text, language, refusal):
    with pytest.raises(refusal):
        save_canned(canned_id=None, name=name, text=text, language=language, by=narae)
    assert not CannedResponse.objects.exists()
