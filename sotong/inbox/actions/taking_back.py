"""Taking a reply back that was sent: it goes from the network and stays, struck, in its conversation."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sotong.audit.actions import record
from sotong.channels.actions.removals import RemovalRefused, request_removal
from sotong.channels.events import RemovalChanged
from sotong.channels.models import Removal
from sotong.contacts.actions.identities import lock_origin
from sotong.inbox.actions.handing import tell_colleague
from sotong.inbox.actions.opening import open_conversation, tell
from sotong.inbox.actions.standing import recount_and_move
from sotong.inbox.actions.versions import apply_deletion
from sotong.inbox.models import Conversation, Message
from sotong.inbox.notices import REPLY_DELETED
from sotong.inbox.rules import refusals
from sotong.inbox.rules.taking_back import REASON_LONGEST, may_take_back
from sotong.language.length import is_blank
from sotong.people.models import Person


def take_back_reply(*, message_id: int, reason: str, by: Person, at: datetime) -> bool:
    """Want a sent reply gone from its network, and say why; False when that is wanted or done already.

    A colleague who wrote it is told. Nothing is shown as deleted before the network has said so. The brake does not
    hold it: there is less of us out there afterwards, not more.

    Raises ``WhyMissing``, ``NotThere``, ``NotPermitted``, ``NotSentYet`` while it is not sure that it left (decide
    first), ``CannotDelete`` where we cannot delete it.
    """
    why = " ".join(reason.split())[:REASON_LONGEST]
    if is_blank(why):
        raise refusals.WhyMissing
    with transaction.atomic():
        message = Message.objects.select_related("delivery__channel").filter(pk=message_id).first()
        if message is None or message.delivery is None:
            raise refusals.NotThere
        conversation = open_conversation(message.conversation_id, by=by, permission="inbox.read", is_locked=False)
        channel = message.delivery.channel
        if not may_take_back(by, is_own=message.person_id == by.pk, where=channel):
            raise refusals.NotPermitted
        try:
            is_new = request_removal(delivery_id=message.delivery.pk, by=by, reason=why, at=at)
        except RemovalRefused as refused:
            if refused.code == "not_sent":
                raise refusals.NotSentYet from refused
            raise refusals.CannotDelete(channel=channel.name) from refused
        if is_new:
            record(
                "inbox.take_back_reply",
                by=by,
                subject=conversation,
                contact_id=conversation.identity.contact_id,
                reason=why,
                message=message.pk,
            )
            tell_colleague(conversation, REPLY_DELETED, person_id=message.person_id, by=by, at=at, why=why)
    return is_new


def note_removal(event: RemovalChanged) -> None:
    """React to ``RemovalChanged``: once the network has said that a reply is deleted, it answers no more.

    The network's own word that our post was deleted may come before or after this: the earlier of the two stays.
    """
    rows = Message.objects.select_related("delivery__removal").filter(delivery_id=event.delivery_id)
    message = rows.first()
    if message is None:
        return
    with transaction.atomic():
        # As the intake does: first the origin, then its conversations.
        lock_origin(message.origin)
        message = rows.get()
        conversations = Conversation.objects.select_for_update(no_key=True, of=("self",)).select_related("channel")
        conversation = conversations.get(pk=message.conversation_id)
        removal = message.delivery.removal if message.delivery else None
        said_at = removal.deleted_at if removal and event.state == Removal.State.DELETED else None
        if said_at and apply_deletion(message, said_at):
            recount_and_move(conversation)
        tell(conversation)
