"""A conversation is one person's at a time, and free again by itself."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connections, transaction
from django.db.models import F
from django.db.models.functions import Now

from sotong.audit.models import Entry
from sotong.inbox.actions.claiming import (
    claim_conversation,
    release_claim,
    release_expired,
    renew_claim,
    take_over,
)
from sotong.inbox.models import Conversation
from sotong.inbox.rules import refusals
from sotong.inbox.tests.arriving import arrive, item

pytestmark = pytest.mark.django_db


def run_out() -> None:
    Conversation.objects.filter(claim_until__isnull=False).update(claim_until=Now() - timedelta(seconds=1))


def claimed_until() -> datetime:
    found = Conversation.objects.get().claim_until
    assert found is not None
    return found


def actions() -> list[tuple[str, int | None]]:
    return list(Entry.objects.order_by("pk").values_list("action", "person_id"))


def test_a_claim_keeps_others_out_until_it_runs_out(talk, hana, doyun, at):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    with pytest.raises(refusals.HeldByOther) as refused:
        claim_conversation(conversation_id=talk.pk, by=doyun, at=at)
    assert refused.value.facts["person_id"] == hana.pk
    assert "하나" in refused.value.what
    run_out()
    assert claim_conversation(conversation_id=talk.pk, by=doyun, at=at).claimed_by == doyun
    assert actions() == [("inbox.claim_conversation", hana.pk), ("inbox.claim_conversation", doyun.pk)]


def test_renewing_needs_a_claim_that_still_runs(talk, hana, doyun, at):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    Conversation.objects.update(claim_until=F("claim_until") - timedelta(minutes=5))
    before = claimed_until()
    assert renew_claim(conversation_id=talk.pk, by=hana, at=at)
    assert claimed_until() > before
    assert not renew_claim(conversation_id=talk.pk, by=doyun, at=at)
    run_out()
    assert not renew_claim(conversation_id=talk.pk, by=hana, at=at)


def test_only_a_lead_gives_back_or_takes_over_the_claim_of_someone_else(talk, hana, doyun, narae, at):
    with pytest.raises(refusals.NotHeld):
        release_claim(conversation_id=talk.pk, by=hana, at=at)
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    for deed in (release_claim, take_over):
        with pytest.raises(refusals.NotPermitted):
            deed(conversation_id=talk.pk, by=doyun, at=at)
    assert take_over(conversation_id=talk.pk, by=narae, at=at, reason="급해요").claimed_by == narae
    entry = Entry.objects.get(action="inbox.take_over")
    assert (entry.reason, entry.detail["held_by"]) == ("급해요", hana.pk)
    assert release_claim(conversation_id=talk.pk, by=narae, at=at).claimed_by is None


def test_the_sweep_gives_back_what_ran_out_and_nothing_else(care, talk, hana, at):
    other = arrive(care, item("p-7", "저는요?", author="lee"))[1]
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    run_out()
    claim_conversation(conversation_id=other.pk, by=hana, at=at)
    assert release_expired(at=at) == 1
    talk.refresh_from_db()
    other.refresh_from_db()
    assert (talk.claimed_by_id, talk.claim_until, other.claimed_by_id) == (None, None, hana.pk)
    entry = Entry.objects.get(action="inbox.release_claim")
    assert (entry.actor, entry.person_id, entry.detail["held_by"]) == ("worker", None, hana.pk)
    assert release_expired(at=at) == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_claim_at_once_one_gets_it(talk, hana, doyun, at):
    start = threading.Barrier(2)
    results: list[tuple[str, str]] = []

    def claim(person):
        start.wait(10)
        try:
            claim_conversation(conversation_id=talk.pk, by=person, at=at)
        except refusals.HeldByOther as refused:
            results.append(("refused", refused.facts["person"]))
        else:
            results.append(("got", person.shown_name))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=claim, args=(person,)) for person in (hana, doyun)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    got = [name for verdict, name in results if verdict == "got"]
    assert len(results) == 2
    assert len(got) == 1
    assert ("refused", got[0]) in results, "the other one learns who has it"


@pytest.mark.django_db(transaction=True)
def test_the_sweep_does_not_wait_for_someone_at_work(talk, hana, at):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    run_out()
    swept: list[int] = []

    def sweep():
        swept.append(release_expired(at=at))
        connections.close_all()

    with transaction.atomic():
        Conversation.objects.select_for_update(no_key=True).get()
        thread = threading.Thread(target=sweep)
        thread.start()
        thread.join(10)
        assert swept == [0]
    assert release_expired(at=at) == 1


def test_every_step_of_a_claim_is_found_under_the_customer(talk, hana, narae, at):
    claim_conversation(conversation_id=talk.pk, by=hana, at=at)
    take_over(conversation_id=talk.pk, by=narae, at=at)
    run_out()
    release_expired(at=at)
    found = Entry.objects.filter(contact_id=talk.identity.contact_id).values_list("action", flat=True)
    assert {"inbox.claim_conversation", "inbox.take_over", "inbox.release_claim"} <= set(found)
