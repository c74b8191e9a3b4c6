"""The same for many: each whole or not at all, and each in the audit trail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sotong.audit.models import Entry
from sotong.inbox.actions.bulk import apply_to_many
from sotong.inbox.actions.claiming import claim_conversation
from sotong.inbox.models import Conversation, Label, Labelling
from sotong.inbox.rules import refusals
from sotong.inbox.tests.arriving import arrive, item

pytestmark = pytest.mark.django_db


@pytest.fixture
def talks(care) -> list[Conversation]:
    return arrive(care, *(item(f"p-{n}", f"질문 {n}", author=f"who{n}", posted=n) for n in range(4)))


def ids(rows: list[Conversation]) -> list[int]:
    return [row.pk for row in rows]


def test_what_can_be_done_is_done_and_the_rest_says_why(talks, hana, narae, at):
    claim_conversation(conversation_id=talks[1].pk, by=hana, at=at)
    wanted = [*ids(talks), 10**9, talks[0].pk]
    outcome = apply_to_many(do="claim", conversation_ids=wanted, by=narae, at=at)
    assert outcome.done == [talks[0].pk, talks[2].pk, talks[3].pk]
    assert [(pk, refusal.code) for pk, refusal in outcome.refused] == [
        (talks[1].pk, "held_by_other"),
        (10**9, "not_there"),
    ]
    assert Conversation.objects.filter(claimed_by=narae).count() == 3
    assert Entry.objects.filter(action="inbox.claim_conversation", person_id=narae.pk).count() == 3


def test_every_doing(talks, hana, narae, at):
    label = Label.objects.create(name="환불")

    def do(what, **values):
        outcome = apply_to_many(do=what, conversation_ids=ids(talks), by=narae, at=at, **values)
        assert outcome.refused == []
        assert outcome.done == ids(talks)
        return list(Conversation.objects.order_by("pk"))

    assert {row.claimed_by_id for row in do("claim")} == {narae.pk}
    assert {row.claimed_by_id for row in do("release")} == {None}
    assert {row.assigned_to_id for row in do("assign", person_id=hana.pk, team_id=None)} == {hana.pk}
    do("label", label_ids=[label.pk])
    do("label", label_ids=[], new_name="새 라벨")
    assert Labelling.objects.count() == 8, "labelling many adds and takes none off"
    assert {row.shelf for row in do("snooze", until=at + timedelta(hours=1))} == {"snoozed"}
    assert {row.shelf for row in do("reopen")} == {"live"}
    assert {row.outcome for row in do("resolve", outcome="duplicate")} == {"duplicate"}


def test_a_refused_one_leaves_nothing_of_itself(talks, narae, at):
    labels = [Label.objects.create(name=f"라벨 {n}").pk for n in range(20)]
    Labelling.objects.create(conversation=talks[0], label_id=labels[0])
    outcome = apply_to_many(
        do="label", conversation_ids=ids(talks), by=narae, at=at, label_ids=labels, new_name="하나 더"
    )
    assert outcome.done == []
    assert {refusal.code for _, refusal in outcome.refused} == {"too_many_labels"}
    assert (Labelling.objects.count(), Label.objects.count(), Entry.objects.count()) == (1, 20, 0)


def test_bounds_and_permission_come_before_anything_is_done(talks, hana, narae, at):
    with pytest.raises(refusals.NotPermitted):
        apply_to_many(do="resolve", conversation_ids=ids(talks), by=hana, at=at)
    with pytest.raises(refusals.TooManyAtOnce):
        apply_to_many(do="resolve", conversation_ids=range(1, 202), by=narae, at=at)
    for do, values in (
        ("delete", {}),
        ("snooze", {}),
        ("assign", {"person_id": hana.pk}),
        ("resolve", {"state": "open"}),
    ):
        with pytest.raises(refusals.BadValue):
            apply_to_many(do=do, conversation_ids=ids(talks), by=narae, at=at, **values)
    assert not Entry.objects.exists()
    assert {row.state for row in Conversation.objects.all()} == {"open"}
