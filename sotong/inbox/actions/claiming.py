"""Claims: a conversation is someone's for some minutes, renewed by typing, free again by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NoReturn

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now

from sotong.access.rules import may
from sotong.audit.actions import record
from sotong.inbox.actions.conversations import channels_of
from sotong.inbox.actions.handing import tell_colleague
from sotong.inbox.actions.opening import Channels, open_conversation, tell
from sotong.inbox.models import Conversation
from sotong.inbox.notices import TAKEN
from sotong.inbox.rules.refusals import HeldByOther, NotHeld, NotPermitted
from sotong.people.models import Person
from sotong.settings.options import options

SWEPT = 200
"""Claims that one sweep gives back at most."""


def _lease_end() -> ExpressionWrapper[CombinedExpression]:
    minutes = timedelta(minutes=options().claim_minutes)
    return ExpressionWrapper(Now() + minutes, output_field=DateTimeField())


def claim_conversation(*, conversation_id: int, by: Person, at: datetime) -> Conversation:
    """Take a conversation, or renew one's own claim. Of two who try at once, one gets it.

    Raises ``HeldByOther`` with the holder's name while another claim runs; its fact ``may_take_over`` says whether the
    person may take it from them.
    """
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        was = conversation.claimed_by_id
        try:
            hold_for(conversation, by=by)
        except HeldByOther as refusal:
            refusal.facts["may_take_over"] = may(by, "inbox.assign", where=Channels(channels_of(conversation)))
            raise
        if was != by.pk:
            record("inbox.claim_conversation", by=by, subject=conversation, contact_id=conversation.identity.contact_id)
        tell(conversation)
    return conversation


def hold_for(
    conversation: Conversation, *, by: Person, even_so: bool = False, refusal: type[HeldByOther] = HeldByOther
) -> bool:
    """Claim the (locked) conversation for ``by`` or renew the claim; the caller announces.

    While someone else's claim runs: ``refusal``, or False when ``even_so`` (the claim then stays theirs).
    """
    free = Q(claimed_by__isnull=True) | Q(claimed_by=by) | Q(claim_until__lt=Now())
    taken = Conversation.objects.filter(free, pk=conversation.pk).update(claimed_by=by, claim_until=_lease_end())
    conversation.refresh_from_db(fields=["claimed_by", "claim_until"])
    if not taken and not even_so:
        _refuse(conversation, refusal)
    return bool(taken)


def refuse_held(conversation: Conversation, *, by: Person, refusal: type[HeldByOther]) -> None:
    """Raises ``refusal`` while someone else's claim on the (locked) conversation runs; changes nothing."""
    if Conversation.objects.filter(pk=conversation.pk, claim_until__gte=Now()).exclude(claimed_by=by).exists():
        _refuse(conversation, refusal)


def _refuse(conversation: Conversation, refusal: type[HeldByOther]) -> NoReturn:
    holder = conversation.claimed_by
    raise refusal(
        person=holder.shown_name if holder else "",
        person_id=conversation.claimed_by_id,
        until=conversation.claim_until,
    )


def renew_claim(*, conversation_id: int, by: Person, at: datetime) -> bool:
    """Typing renews one's own claim; False when the claim is not theirs (any more). Announces nothing: no screen
    shows anything new.
    """
    held = Conversation.objects.filter(pk=conversation_id, claimed_by=by, claim_until__gte=Now())
    return bool(held.update(claim_until=_lease_end()))


def release_claim(*, conversation_id: int, by: Person, at: datetime) -> Conversation:
    """Give a conversation back to the queue. Someone else's claim is released by who may assign.

    Raises ``NotHeld`` when nobody holds it, ``NotPermitted`` for someone else's claim.
    """
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        holder = conversation.claimed_by_id
        if holder is None:
            raise NotHeld
        if holder != by.pk and not may(by, "inbox.assign", where=Channels(channels_of(conversation))):
            raise NotPermitted
        free(conversation)
        record(
            "inbox.release_claim",
            by=by,
            subject=conversation,
            contact_id=conversation.identity.contact_id,
            held_by=holder,
        )
        tell(conversation)
    return conversation


def take_over(*, conversation_id: int, by: Person, at: datetime, reason: str = "") -> Conversation:
    """Take a conversation from whoever holds it; needs ``inbox.assign``."""
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by, permission="inbox.assign")
        holder = conversation.claimed_by_id
        Conversation.objects.filter(pk=conversation.pk).update(claimed_by=by, claim_until=_lease_end())
        conversation.refresh_from_db(fields=["claimed_by", "claim_until"])
        record(
            "inbox.take_over",
            by=by,
            subject=conversation,
            contact_id=conversation.identity.contact_id,
            reason=reason,
            held_by=holder,
        )
        tell_colleague(conversation, TAKEN, person_id=holder, by=by, at=at)
        tell(conversation)
    return conversation


def free(conversation: Conversation) -> None:
    """End the claim on a locked conversation; the caller announces."""
    Conversation.objects.filter(pk=conversation.pk).update(claimed_by=None, claim_until=None)
    conversation.claimed_by = None
    conversation.claim_until = None


def release_expired(*, at: datetime) -> int:
    """Give back every conversation whose claim ran out; returns how many. Rows that someone works on wait."""
    with transaction.atomic():
        rows = (
            Conversation.objects.select_for_update(no_key=True, skip_locked=True)
            .filter(claim_until__lt=Now())
            .order_by("claim_until")[:SWEPT]
        )
        expired = list(rows)
        for conversation in expired:
            holder = conversation.claimed_by_id
            free(conversation)
            record(
                "inbox.release_claim",
                by=None,
                actor="worker",
                subject=conversation,
                contact_id=conversation.identity.contact_id,
                held_by=holder,
            )
            tell(conversation)
    return len(expired)
