"""Conversations end, come back, and sleep for a while."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.db.models.functions import Now

from sotong.audit.models import Entry
from sotong.channels.actions.holds import put_hold
from sotong.channels.models import Delivery
from sotong.inbox.actions.claiming import claim_conversation, release_claim
from sotong.inbox.actions.replying import send_automatic, send_reply, undo_reply
from sotong.inbox.actions.resolving import (
    LONGEST_SNOOZE,
    reopen_conversation,
    resolve_conversation,
    snooze_conversation,
    undo_end,
    wake_conversations,
)
from sotong.inbox.actions.standing import recount, save
from sotong.inbox.events import ConversationChanged
from sotong.inbox.models import Conversation
from sotong.inbox.rules import refusals
from sotong.inbox.tests.arriving import arrive, item

pytestmark = pytest.mark.django_db


def test_resolving_says_how_it_ended_and_ends_ones_own_claim(talk, hana, at, told):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    found = resolve_conversation(conversation_id=talk.pk, by=hana, at=at)
    talk.refresh_from_db()
    assert (talk.state, talk.outcome, talk.resolved_at, talk.shelf) == ("resolved", "no_answer_needed", at, "resolved")
    assert (talk.claimed_by_id, talk.claim_until, found.claimed_by) == (None, None, None)
    assert isinstance(told[-1], ConversationChanged)
    entry = Entry.objects.get(action="inbox.resolve_conversation")
    assert entry.detail == {"was": "open", "outcome": "no_answer_needed", "even_so": False, "gave_up_claim": True}
    resolve_conversation(conversation_id=talk.pk, by=hana, at=at + timedelta(hours=1))
    assert Entry.objects.filter(action="inbox.resolve_conversation").count() == 1
    assert Conversation.objects.get().resolved_at == at


def test_an_answered_one_counts_as_solved_and_anothers_claim_stays(talk, hana, doyun, at):
    send_reply(conversation_id=talk.pk, tab="public", text="됐어요", token=uuid4(), by=hana, at=at)
    Delivery.objects.update(state="sent", remote_id="p-ours", sent_at=at)
    with pytest.raises(refusals.EndHeldByOther, match="그래도 끝내려면"):
        resolve_conversation(conversation_id=talk.pk, by=doyun, at=at)
    assert Conversation.objects.get().state != "resolved"
    assert resolve_conversation(conversation_id=talk.pk, by=doyun, at=at, even_so=True).outcome == "solved"
    assert Conversation.objects.get().claimed_by == hana


def counted(talk):
    talk.refresh_from_db()
    recount([talk])
    save([talk])


@pytest.mark.parametrize("state", ["held", "unconfirmed", "failed"])
def test_while_a_reply_has_not_surely_left_only_a_person_says_how_it_ended(talk, hana, at, state):
    send_reply(conversation_id=talk.pk, tab="public", text="됐어요", token=uuid4(), by=hana, at=at)
    Delivery.objects.update(state=state)
    counted(talk)
    with pytest.raises(refusals.OutcomeMissing, match="어떻게 끝났는지"):
        resolve_conversation(conversation_id=talk.pk, by=hana, at=at)
    assert (Conversation.objects.get().state, Conversation.objects.get().claimed_by) == ("pending", hana)
    found = resolve_conversation(conversation_id=talk.pk, by=hana, at=at, outcome="no_answer_needed")
    assert (found.state, found.outcome) == ("resolved", "no_answer_needed")
    resolve_conversation(conversation_id=talk.pk, by=hana, at=at)


@pytest.mark.parametrize("state", ["due", "sending"])
def test_what_is_on_its_way_is_ended_as_solved_in_one_go(talk, hana, at, state):
    send_reply(conversation_id=talk.pk, tab="public", text="됐어요", token=uuid4(), by=hana, at=at)
    Delivery.objects.update(state=state)
    assert resolve_conversation(conversation_id=talk.pk, by=hana, at=at).outcome == "solved"


def test_what_the_brake_will_hold_is_not_ended_as_solved_unasked(talk, hana, at):
    send_reply(conversation_id=talk.pk, tab="public", text="됐어요", token=uuid4(), by=hana, at=at)
    put_hold(by=None, reason="사고", at=at)
    with pytest.raises(refusals.OutcomeMissing):
        resolve_conversation(conversation_id=talk.pk, by=hana, at=at)


def test_what_failed_before_an_answer_that_left_asks_nothing(talk, hana, at):
    for text in ("첫 답", "둘째 답"):
        send_reply(conversation_id=talk.pk, tab="public", text=text, token=uuid4(), by=hana, at=at)
    Delivery.objects.filter(text="첫 답").update(state="failed")
    Delivery.objects.filter(text="둘째 답").update(state="sent", remote_id="p-1", sent_at=at)
    assert resolve_conversation(conversation_id=talk.pk, by=hana, at=at).outcome == "solved"


@pytest.mark.parametrize("by_whom", ["the system", "one who took it back"])
def test_what_nobody_waits_for_asks_nothing(talk, hana, at, by_whom):
    if by_whom == "the system":
        send_automatic(conversation_id=talk.pk, text="자동 응답이에요", token=uuid4(), at=at)
    else:
        message = send_reply(conversation_id=talk.pk, tab="public", text="네", token=uuid4(), by=hana, at=at).message
        undo_reply(message_id=message.pk, by=hana, at=at)
    assert resolve_conversation(conversation_id=talk.pk, by=hana, at=at).outcome == "no_answer_needed"


def test_a_claim_that_ran_out_asks_nobody(talk, hana, doyun, at):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    Conversation.objects.update(claim_until=Now() - timedelta(seconds=1))
    assert resolve_conversation(conversation_id=talk.pk, by=doyun, at=at).state == "resolved"


def test_an_outcome_is_one_of_ours_and_may_need_a_reason(talk, hana, at):
    with pytest.raises(refusals.BadValue):
        resolve_conversation(conversation_id=talk.pk, by=hana, at=at, outcome="won")
    with pytest.raises(refusals.ReasonMissing):
        resolve_conversation(conversation_id=talk.pk, by=hana, at=at, outcome="not_possible", reason=" ")
    found = resolve_conversation(
        conversation_id=talk.pk, by=hana, at=at, outcome="not_possible", reason="팔지 않는 물건이에요"
    )
    assert (found.outcome, found.outcome_reason) == ("not_possible", "팔지 않는 물건이에요")


def test_reopening_brings_it_back_once(talk, hana, at):
    resolve_conversation(conversation_id=talk.pk, by=hana, at=at)
    for _ in range(2):
        found = reopen_conversation(conversation_id=talk.pk, by=hana, at=at)
    assert (found.state, found.outcome, found.resolved_at, found.reopened) == ("open", "", None, 1)
    assert Entry.objects.filter(action="inbox.reopen_conversation").count() == 1


def test_snoozing_takes_a_time_to_come(talk, hana, at):
    wrong = [
        (at, refusals.PastTime),
        (at - timedelta(days=1), refusals.PastTime),
        (at + LONGEST_SNOOZE + timedelta(seconds=1), refusals.TooFar),
        (datetime(2126, 1, 1), refusals.BadValue),
    ]
    for until, refusal in wrong:
        with pytest.raises(refusal):
            snooze_conversation(conversation_id=talk.pk, until=until, by=hana, at=at)
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    found = snooze_conversation(conversation_id=talk.pk, until=at + timedelta(hours=1), by=hana, at=at)
    found.refresh_from_db()
    assert (found.shelf, found.state, found.claimed_by) == ("snoozed", "open", None)
    woken = reopen_conversation(conversation_id=talk.pk, by=hana, at=at)
    woken.refresh_from_db()
    assert (woken.shelf, woken.state, woken.reopened) == ("live", "open", 0)
    resolve_conversation(conversation_id=talk.pk, by=hana, at=at)
    with pytest.raises(refusals.IsResolved):
        snooze_conversation(conversation_id=talk.pk, until=at + timedelta(hours=1), by=hana, at=at)


@pytest.mark.parametrize("ends", ["resolve", "snooze"])
def test_undoing_the_end_restores_what_was(talk, hana, doyun, at, ends):
    def end() -> None:
        if ends == "resolve":
            resolve_conversation(conversation_id=talk.pk, by=hana, at=at)
        else:
            snooze_conversation(conversation_id=talk.pk, until=at + timedelta(hours=2), by=hana, at=at)

    sleep = at + timedelta(hours=1)
    send_reply(conversation_id=talk.pk, tab="public", text="됐어요", token=uuid4(), by=hana, at=at)
    Delivery.objects.update(state="sent", remote_id="p-ours", sent_at=at)
    snooze_conversation(conversation_id=talk.pk, until=sleep, by=doyun, at=at)
    end()
    assert Conversation.objects.get().claimed_by is None
    undo_end(conversation_id=talk.pk, by=hana, at=at)
    for _ in range(2):
        found = Conversation.objects.get()
        assert (found.state, found.snoozed_until, found.claimed_by, found.reopened) == ("pending", sleep, hana, 0)
        with pytest.raises(refusals.NothingToUndo):
            undo_end(conversation_id=talk.pk, by=hana, at=at)
    assert found.claim_until > at
    assert Entry.objects.filter(action="inbox.reopen_conversation").count() == 1
    reopen_conversation(conversation_id=talk.pk, by=hana, at=at)
    end()
    claim_conversation(conversation_id=talk.pk, by=doyun, at=at)
    undo_end(conversation_id=talk.pk, by=hana, at=at)
    found = Conversation.objects.get()
    assert (found.state, found.shelf, found.claimed_by) == ("pending", "live", doyun)


def test_undoing_an_end_gives_back_no_claim_that_was_not_there_and_nothing_of_a_colleague(talk, hana, doyun, at):
    resolve_conversation(conversation_id=talk.pk, by=hana, at=at)
    with pytest.raises(refusals.NothingToUndo):
        undo_end(conversation_id=talk.pk, by=doyun, at=at)
    found = Conversation.objects.get()
    assert (found.state, found.claimed_by, found.reopened) == ("resolved", None, 0)
    undo_end(conversation_id=talk.pk, by=hana, at=at)
    found = Conversation.objects.get()
    assert (found.state, found.claimed_by, found.outcome, found.resolved_at) == ("open", None, "", None)


def _claim_and_release(talk, by, at) -> None:
    claim_conversation(conversation_id=talk.pk, by=by, at=at)
    release_claim(conversation_id=talk.pk, by=by, at=at)


@pytest.mark.parametrize(
    ("since", "left"),
    [
        (lambda talk, hana, doyun, at: claim_conversation(conversation_id=talk.pk, by=doyun, at=at), "held"),
        (lambda talk, hana, doyun, at: _claim_and_release(talk, doyun, at), "free"),
        (lambda talk, hana, doyun, at: _claim_and_release(talk, hana, at), "free"),
        (lambda talk, hana, doyun, at: resolve_conversation(conversation_id=talk.pk, by=doyun, at=at), "resolved"),
    ],
    ids=["a colleague holds it", "a colleague let it go", "let go by hand", "a colleague ended it"],
)
def test_a_stale_undo_takes_nothing_and_writes_nothing(talk, hana, doyun, at, told, since, left):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    resolve_conversation(conversation_id=talk.pk, by=hana, at=at)
    reopen_conversation(conversation_id=talk.pk, by=doyun, at=at)
    since(talk, hana, doyun, at)
    entries, before = Entry.objects.count(), len(told)
    for _ in range(2):
        with pytest.raises(refusals.NothingToUndo):
            undo_end(conversation_id=talk.pk, by=hana, at=at)
    found = Conversation.objects.get()
    assert found.claimed_by == (doyun if left == "held" else None)
    assert (found.state == "resolved") == (left == "resolved")
    assert (Entry.objects.count(), len(told)) == (entries, before)


def test_what_a_customer_reopened_is_ones_own_again(care, talk, hana, at):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    resolve_conversation(conversation_id=talk.pk, by=hana, at=at)
    arrive(care, item("p-2", "하나 더요", thread="p-1", posted=1))
    undo_end(conversation_id=talk.pk, by=hana, at=at)
    found = Conversation.objects.get()
    assert (found.state, found.claimed_by) == ("open", hana)


def test_the_sweep_wakes_what_is_ripe(care, talk, hana, at, told):
    other = arrive(care, item("p-7", "저는요?", author="lee"))[1]
    snooze_conversation(conversation_id=talk.pk, until=at + timedelta(minutes=5), by=hana, at=at)
    snooze_conversation(conversation_id=other.pk, until=at + timedelta(minutes=9), by=hana, at=at)
    assert wake_conversations(at=at + timedelta(minutes=4)) == 0
    assert wake_conversations(at=at + timedelta(minutes=5)) == 1
    talk.refresh_from_db()
    other.refresh_from_db()
    assert (talk.shelf, other.shelf) == ("live", "snoozed")
    assert told[-1].touched.conversation_id == talk.pk
    assert Entry.objects.get(action="inbox.wake_conversation").actor == "worker"


def test_a_customers_new_message_wakes_it_sooner(care, talk, hana, at):
    snooze_conversation(conversation_id=talk.pk, until=at + timedelta(days=2), by=hana, at=at)
    arrive(care, item("p-2", "급해요", thread="p-1", posted=1))
    assert Conversation.objects.get().shelf == "live"


@pytest.mark.django_db(transaction=True)
def test_the_sweep_passes_over_what_someone_has_locked(talk, hana, at):
    snooze_conversation(conversation_id=talk.pk, until=at + timedelta(minutes=5), by=hana, at=at)
    woken: list[int] = []

    def sweep():
        woken.append(wake_conversations(at=at + timedelta(hours=1)))
        connections.close_all()

    with transaction.atomic():
        Conversation.objects.select_for_update(no_key=True).get()
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join(10)
        assert woken == [0]


@pytest.mark.parametrize("deed", [resolve_conversation, reopen_conversation, undo_end])
def test_who_may_not_read_it_changes_nothing(talk, garam, at, deed):
    with pytest.raises(refusals.NotThere):
        deed(conversation_id=talk.pk, by=garam, at=at)
    assert not Entry.objects.exists()
