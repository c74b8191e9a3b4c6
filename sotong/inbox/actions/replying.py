"""Answering: a reply leaves once, may be taken back while it waits, and is told how it fared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sotong.audit.actions import record
from sotong.channels.actions.deliveries import cancel_delivery, key_of
from sotong.channels.events import DeliveryChanged
from sotong.channels.models import Delivery
from sotong.contacts.actions.identities import lock_origin
from sotong.inbox.actions.claiming import hold_for
from sotong.inbox.actions.composing import answered_message, answering_channel, outgoing, plan_delivery
from sotong.inbox.actions.drafts import EVERYTHING, Screen, next_token, restore_draft, use_up
from sotong.inbox.actions.handing import tell_colleague, untell_colleague
from sotong.inbox.actions.opening import open_conversation, tell
from sotong.inbox.actions.receipts import adopt_receipt, forget_address
from sotong.inbox.actions.standing import recount, recount_and_move, save
from sotong.inbox.models import Conversation, Draft, Message
from sotong.inbox.notices import REPLY_LEFT
from sotong.inbox.rules import refusals
from sotong.inbox.rules.standing import NEVER_LEFT, is_given_up, state_after_reply
from sotong.people.models import Person
from sotong.settings.options import options

TABS = ("public", "direct")


@dataclass(frozen=True)
class Reply:
    """What ``send_reply`` made, or had made before: ``is_repeat`` for the same token again."""

    message: Message
    undo_until: datetime
    is_repeat: bool = False

    @property
    def state(self) -> str:
        """Of its delivery: what may be said of the reply."""
        return self.message.delivery.state if self.message.delivery else ""


def undo_seconds(person: Person) -> int:
    """How long a person's replies wait before they leave."""
    return person.undo_seconds if person.undo_seconds is not None else options().undo_seconds


def send_reply(
    *,
    conversation_id: int,
    tab: str,
    text: str,
    token: UUID,
    by: Person,
    at: datetime,
    target_id: int | None = None,
    channel_id: int | None = None,
    seen_upto: int | None = None,
    even_so: bool = False,
    screen: Screen = EVERYTHING,
) -> Reply:
    """Answer the customer by "public" reply or "direct" message; it leaves when the undo window has passed.

    The same ``token`` again returns the first message, whoever was faster, as long as that has left or still may: one
    token makes one delivery, ever. Of a reply that was taken back (``TakenBack``) or surely did not leave
    (``DidNotLeave``) it makes no other: it may be the late copy of a request that nobody wants any more. Of the
    person's draft of that tab, what was on ``screen`` goes: its images with the reply, and its text. ``target_id``: the
    message to answer; by default the customer's newest that is still there. ``channel_id``: which of the
    conversation's channels answers. ``seen_upto``: the newest inbound message that the person had on screen; a newer
    one is reported first. ``even_so``: send although someone else holds the claim or something new came. An unclaimed
    conversation becomes the sender's.

    Raises a ``Refusal``; the draft is then untouched.
    """
    if tab not in TABS:
        raise refusals.WrongTab
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by)
        earlier = Message.objects.select_related("delivery").filter(token=token).first()
        if earlier is not None:
            return _earlier(earlier, conversation, tab, by, text)
        if not even_so:
            _check_news(conversation, seen_upto)
        hold_for(conversation, by=by, even_so=even_so, refusal=refusals.ReplyHeldByOther)
        channel = answering_channel(conversation, by, channel_id)
        target = answered_message(conversation, tab, target_id)
        draft = Draft.objects.filter(person=by, conversation=conversation, tab=tab).first()
        due_at = at + timedelta(seconds=undo_seconds(by))
        delivery = plan_delivery(
            conversation, channel, kind="reply", tab=tab, text=text, key=key_of(token, at), target=target,
            images=outgoing(screen.shown(draft)), by=by, due_at=due_at, at=at,
        )  # fmt: skip
        message = _write(conversation, delivery, target, tab=tab, by=by, token=token, at=at)
        use_up(draft, text=text, screen=screen)
        recount([conversation])
        conversation.state = state_after_reply(conversation.state)
        conversation.snoozed_until = None
        save([conversation])
        record(
            "inbox.send_reply", by=by, subject=conversation, contact_id=conversation.identity.contact_id,
            message=message.pk, delivery=delivery.pk, tab=tab, channel=channel.pk, even_so=even_so,
        )  # fmt: skip
        tell(conversation)
    return Reply(message, due_at)


def _earlier(message: Message, conversation: Conversation, tab: str, by: Person, text: str) -> Reply:
    if message.conversation_id != conversation.pk or message.person_id != by.pk:
        raise refusals.BadValue(field="token")
    if message.delivery is not None and message.delivery.state in NEVER_LEFT:
        is_cancelled = message.delivery.state == Delivery.State.CANCELLED
        token = next_token(conversation_id=conversation.pk, tab=tab, by=by)
        raise (refusals.TakenBack if is_cancelled else refusals.DidNotLeave)(token=token)
    if message.text != text.strip():
        raise refusals.AlreadySent(message_id=message.pk)
    due_at = message.delivery.due_at if message.delivery else message.posted_at
    return Reply(message, due_at, is_repeat=True)


def _write(
    conversation: Conversation,
    delivery: Delivery,
    target: Message | None,
    *,
    tab: str,
    by: Person | None,
    token: UUID,
    at: datetime,
) -> Message:
    """Raises ``BadValue`` when the token was used in another conversation at this very moment."""
    values = {
        "conversation": conversation,
        "direction": Message.Direction.OUTBOUND,
        "is_direct": tab == "direct",
        "is_automatic": by is None,
        "person": by,
        "text": delivery.text,
        "language": delivery.language,
        "in_reply_to": target.remote_id if target else "",
        "origin": conversation.origin,
        "posted_at": at,
        "delivery": delivery,
    }
    message, is_new = Message.objects.get_or_create(token=token, defaults=values)
    if not is_new:
        raise refusals.BadValue(field="token")
    return message


def _check_news(conversation: Conversation, seen_upto: int | None) -> None:
    if seen_upto is None or conversation.last_inbound_id <= seen_upto:
        return
    newer = Message.objects.filter(
        conversation=conversation, direction=Message.Direction.INBOUND, pk__gt=seen_upto, deleted_at__isnull=True
    )
    if count := newer.count():
        raise refusals.NewMessages(count=count, newest_id=conversation.last_inbound_id)


def undo_reply(*, message_id: int, by: Person, at: datetime) -> Draft:
    """Take a reply back while it still waits; its text and images return to the person's draft.

    Whatever the person has typed meanwhile stays and follows the text that came back. Raises ``UndoTooLate`` when the
    reply has left or is leaving, ``UndoneBefore`` when it was taken back already, ``DidNotLeave`` when it could not
    leave, ``NotPermitted`` for someone else's.
    """
    with transaction.atomic():
        message = Message.objects.select_related("delivery").filter(pk=message_id).first()
        if message is None or message.delivery is None:
            raise refusals.NotThere
        open_conversation(message.conversation_id, by=by, is_locked=False)
        if message.person_id != by.pk:
            raise refusals.NotPermitted
        # The delivery first, then the conversation: the order in which the sender locks them too.
        if not cancel_delivery(delivery_id=message.delivery.pk, by=by, at=at):
            raise _why_not_undone(message.delivery.pk)
        conversation = open_conversation(message.conversation_id, by=by)
        record(
            "inbox.undo_reply",
            by=by,
            subject=conversation,
            contact_id=conversation.identity.contact_id,
            message=message.pk,
        )
        return restore_draft(message=message, by=by, at=at)


def _why_not_undone(delivery_id: int) -> refusals.Refusal:
    state = Delivery.objects.values_list("state", flat=True).get(pk=delivery_id)
    if state == Delivery.State.CANCELLED:
        return refusals.UndoneBefore()
    return refusals.DidNotLeave() if state == Delivery.State.FAILED else refusals.UndoTooLate()


def send_automatic(*, conversation_id: int, text: str, token: UUID, at: datetime) -> Message | None:
    """Answer by itself, such as "we have it, a person is looking". ``text`` must say that it is automatic.

    It never stops the first-response clock, changes no state and claims nothing. The same ``token`` again returns the
    first message. None where the message to answer is gone. Raises a ``Refusal`` as ``send_reply`` does.
    """
    with transaction.atomic():
        rows = Conversation.objects.select_related("channel", "identity").select_for_update(no_key=True, of=("self",))
        conversation = rows.get(pk=conversation_id)
        earlier = Message.objects.filter(token=token).first()
        if earlier is not None:
            return earlier
        tab = "direct" if conversation.is_direct else "public"
        try:
            target = answered_message(conversation, tab, None)
        except refusals.TargetGone:
            return None
        delivery = plan_delivery(
            conversation, conversation.channel, kind="automatic", tab=tab, text=text, target=target,
            key=key_of(token, conversation.first_inbound_at or at), by=None, due_at=at, at=at,
        )  # fmt: skip
        message = _write(conversation, delivery, target, tab=tab, by=None, token=token, at=at)
        recount([conversation])
        save([conversation])
        record(
            "inbox.send_automatic",
            by=None,
            actor="inbox",
            subject=conversation,
            contact_id=conversation.identity.contact_id,
            message=message.pk,
        )
        tell(conversation)
    return message


def note_delivery(event: DeliveryChanged) -> None:
    """React to ``DeliveryChanged``: what became of a reply shows in its conversation.

    A reply that did not leave, or of which nobody knows that it did, no longer counts as an answer, and the customer
    waits again: what was resolved opens, except for a doubt that has only begun and may pass. A colleague who wrote
    what someone decides not to send is told. Deliveries of other areas are passed over.
    """
    if event.state == Delivery.State.SENDING:
        return
    message = Message.objects.select_related("delivery").filter(delivery_id=event.delivery_id).first()
    if message is None or message.delivery is None:
        return
    with transaction.atomic():
        # As the intake does: first the origin, then its conversations. Someone who settles several deliveries holds
        # more than one conversation, and so does the intake, in an order of its own.
        lock_origin(message.origin)
        if event.state == Delivery.State.SENT:
            adopt_receipt(message, message.delivery)
        if event.state == Delivery.State.UNCONFIRMED:
            forget_address(message)
        if event.state == Delivery.State.CANCELLED:
            Message.objects.filter(pk=message.pk).update(indexed_at=None)
        rows = Conversation.objects.select_for_update(no_key=True, of=("self",))
        conversation = rows.select_related("channel", "identity").get(pk=message.conversation_id)
        recount_and_move(
            conversation,
            has_given_up=message.delivery.settled_at is not None
            and not message.is_automatic
            and is_given_up(event.was, event.state),
            may_pass=event.was == Delivery.State.SENDING and event.state == Delivery.State.UNCONFIRMED,
        )
        if event.was == Delivery.State.UNCONFIRMED:
            # It may have been let rest; what its author was told of that is true no more.
            untell_colleague(conversation, REPLY_LEFT, person_id=message.person_id, at=timezone.now())
        if event.by_id is not None and message.delivery.settled_at is not None:
            by, is_sure = Person.objects.get(pk=event.by_id), event.state == Delivery.State.CANCELLED
            tell_colleague(
                conversation, REPLY_LEFT, person_id=message.person_id, by=by, at=message.delivery.settled_at,
                is_sure=is_sure,
            )  # fmt: skip
        tell(conversation)
