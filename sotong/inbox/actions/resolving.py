"""The end of a conversation and its return: resolved, open again, put off until later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from sotong.audit.actions import record
from sotong.audit.models import Entry
from sotong.audit.queries.trail import last_deed
from sotong.channels.records import clean
from sotong.inbox.actions.claiming import free, hold_for, refuse_held
from sotong.inbox.actions.opening import open_conversation, tell
from sotong.inbox.actions.standing import open_again
from sotong.inbox.models import Conversation
from sotong.inbox.queries.ending import not_surely_sent
from sotong.inbox.rules import refusals
from sotong.inbox.rules.standing import default_outcome
from sotong.people.models import Person

LONGEST_SNOOZE = timedelta(days=366)
WOKEN = 200
"""Conversations that one transaction of the sweep wakes at most."""
STANDING = ["state", "outcome", "outcome_reason", "resolved_at", "snoozed_until", "reopened"]
NEEDS_REASON = frozenset({Conversation.Outcome.NOT_POSSIBLE})


def resolve_conversation(
    *, conversation_id: int, by: Person, at: datetime, outcome: str = "", reason: str = "", even_so: bool = False
) -> Conversation:
    """End a conversation. ``outcome`` "": solved where a person has answered, else no_answer_needed.

    The person's own claim ends with it. Resolving it again the same way changes nothing. A new message of the customer
    opens it again, and so does a reply that does not stand (``standing.recount_and_move``). Raises ``BadValue`` for an
    unknown outcome, ``OutcomeMissing`` without one while a reply has not surely left, ``ReasonMissing`` where that
    outcome needs a reason, and unless ``even_so`` ``EndHeldByOther`` while a colleague's claim runs.
    """
    if outcome and outcome not in Conversation.Outcome.values:
        raise refusals.BadValue(field="outcome")
    why = clean(reason, 500).strip()
    if outcome in NEEDS_REASON and not why:
        raise refusals.ReasonMissing
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        is_resolved = conversation.state == Conversation.State.RESOLVED
        if is_resolved and (not outcome or (outcome, why) == (conversation.outcome, conversation.outcome_reason)):
            return conversation
        if not even_so:
            refuse_held(conversation, by=by, refusal=refusals.EndHeldByOther)
        if not outcome and not_surely_sent([conversation.pk]):
            raise refusals.OutcomeMissing
        was, slept = conversation.state, conversation.snoozed_until
        conversation.state = Conversation.State.RESOLVED
        conversation.outcome = outcome or default_outcome(has_answer=conversation.has_answer)
        conversation.outcome_reason = why
        conversation.resolved_at = conversation.resolved_at if is_resolved else at
        conversation.snoozed_until = None
        conversation.save(update_fields=STANDING)
        before = _slept(slept) | _give_up_own_claim(conversation, by)
        record(
            "inbox.resolve_conversation", by=by, subject=conversation, contact_id=conversation.identity.contact_id,
            reason=why, was=was, outcome=conversation.outcome, even_so=even_so, **before,
        )  # fmt: skip
        tell(conversation)
    return conversation


def reopen_conversation(*, conversation_id: int, by: Person, at: datetime) -> Conversation:
    """Take a conversation out of the resolved ones, or wake one that sleeps; one that waits for others opens.

    Opening one that is open and awake changes nothing.
    """
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        was, sleeping = conversation.state, conversation.snoozed_until
        if sleeping is None and was == Conversation.State.OPEN:
            return conversation
        if was == Conversation.State.RESOLVED:
            open_again(conversation)
        elif sleeping is None:
            conversation.state = Conversation.State.OPEN
        conversation.snoozed_until = None
        conversation.save(update_fields=STANDING)
        record(
            "inbox.reopen_conversation",
            by=by,
            subject=conversation,
            contact_id=conversation.identity.contact_id,
            was=was,
            was_snoozed=sleeping is not None,
        )
        tell(conversation)
    return conversation


def snooze_conversation(*, conversation_id: int, until: datetime, by: Person, at: datetime) -> Conversation:
    """Put a conversation out of sight until ``until`` (aware); a new message of the customer brings it back sooner.

    Raises ``PastTime``, ``TooFar`` (more than a year), ``BadValue`` for a time without zone, ``IsResolved``.
    """
    if until.tzinfo is None:
        raise refusals.BadValue(field="until")
    if until <= at:
        raise refusals.PastTime
    if until > at + LONGEST_SNOOZE:
        raise refusals.TooFar
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        if conversation.state == Conversation.State.RESOLVED:
            raise refusals.IsResolved
        if conversation.snoozed_until == until:
            return conversation
        slept = conversation.snoozed_until
        conversation.snoozed_until = until
        conversation.save(update_fields=["snoozed_until"])
        before = _slept(slept) | _give_up_own_claim(conversation, by)
        record(
            "inbox.snooze_conversation", by=by, subject=conversation, contact_id=conversation.identity.contact_id,
            until=until.isoformat(), **before,
        )  # fmt: skip
        tell(conversation)
    return conversation


def undo_end(*, conversation_id: int, by: Person, at: datetime) -> Conversation:
    """Take back that the person ended a conversation or put it off: its state and its sleep are again what they were,
    where they still are what the person made of them, and the claim is theirs again, where nobody has done anything
    to the conversation since.

    Raises ``NothingToUndo`` where nothing is left of what they did.
    """
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        was, sleeping = conversation.state, conversation.snoozed_until
        deed = last_deed(conversation, "inbox.resolve_conversation", "inbox.snooze_conversation")
        if deed is None or deed.person_id != by.pk:
            raise refusals.NothingToUndo
        is_ended = was == Conversation.State.RESOLVED
        if is_ended and deed.detail.get("was") == Conversation.State.RESOLVED:
            return reopen_conversation(conversation_id=conversation_id, by=by, at=at)
        is_put_off = sleeping is not None and sleeping == _moment(deed, "until")
        is_last = deed == last_deed(conversation)
        is_theirs = is_last and "gave_up_claim" in deed.detail and hold_for(conversation, by=by, even_so=True)
        if not (is_ended or is_put_off or is_theirs):
            raise refusals.NothingToUndo
        if is_ended:
            conversation.state = deed.detail.get("was", Conversation.State.OPEN)
            conversation.outcome = conversation.outcome_reason = ""
            conversation.resolved_at = None
        if is_ended or is_put_off:
            slept = _moment(deed, "was_until")
            conversation.snoozed_until = slept if slept and slept > at else None
        conversation.save(update_fields=STANDING)
        record(
            "inbox.reopen_conversation", by=by, subject=conversation, contact_id=conversation.identity.contact_id,
            was=was, was_snoozed=sleeping is not None, is_undo=True,
        )  # fmt: skip
        tell(conversation)
    return conversation


def _moment(deed: Entry, name: str) -> datetime | None:
    written = deed.detail.get(name)
    return datetime.fromisoformat(written) if written else None


def wake_conversations(*, at: datetime) -> int:
    """Bring back every conversation whose time has come; returns how many. Rows that someone works on wait."""
    woken = 0
    while count := _wake_some(at):
        woken += count
    return woken


def _wake_some(at: datetime) -> int:
    with transaction.atomic():
        rows = (
            Conversation.objects.select_for_update(no_key=True, skip_locked=True)
            .filter(snoozed_until__lte=at)
            .order_by("snoozed_until", "pk")[:WOKEN]
        )
        ripe = list(rows)
        Conversation.objects.filter(pk__in=[row.pk for row in ripe]).update(snoozed_until=None)
        for conversation in ripe:
            conversation.snoozed_until = None
            record(
                "inbox.wake_conversation",
                by=None,
                actor="worker",
                subject=conversation,
                contact_id=conversation.identity.contact_id,
            )
            tell(conversation)
    return len(ripe)


def _give_up_own_claim(conversation: Conversation, by: Person) -> dict[str, Any]:
    """One's own claim ends with the work; a colleague's is theirs to end. Returns what the trail says of it."""
    if conversation.claimed_by_id != by.pk:
        return {}
    free(conversation)
    return {"gave_up_claim": True}


def _slept(until: datetime | None) -> dict[str, Any]:
    return {"was_until": until.isoformat()} if until else {}
