"""What a reply is made of: the channel that answers, the message that is answered, the delivery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sotong.access.rules import may
from sotong.channels.actions.deliveries import DeliveryRefused, create_delivery
from sotong.channels.models import Channel, Delivery
from sotong.channels.records import OutboundImage, post_ref, remote_account
from sotong.inbox.actions.conversations import channels_of
from sotong.inbox.models import Conversation, DraftImage, Message
from sotong.inbox.rules import refusals
from sotong.people.models import Person


def answering_channel(conversation: Conversation, by: Person, wanted: int | None) -> Channel:
    """The channel that answers: the conversation's own, else another of its channels that this person may use.

    Raises ``BadValue`` for one that is not the conversation's, ``NotPermitted`` when none is left.
    """
    channels = channels_of(conversation)
    if wanted is not None:
        channels = [channel for channel in channels if channel.pk == wanted]
        if not channels:
            raise refusals.BadValue(field="channel")
    allowed = [channel for channel in channels if may(by, "inbox.reply", where=channel)]
    if not allowed:
        raise refusals.NotPermitted
    return allowed[0]


def answered_message(conversation: Conversation, tab: str, target_id: int | None) -> Message | None:
    """The message that a public reply answers; None for a direct message, which answers the person.

    Raises ``TargetGone`` when its author deleted it, ``NoTarget`` where nothing public is there.
    """
    if tab == "direct":
        return None
    rows = Message.objects.filter(conversation=conversation, is_direct=False).exclude(remote_id="")
    if target_id is not None:
        target = rows.exclude(direction=Message.Direction.NOTE).filter(pk=target_id).first()
        if target is None:
            raise refusals.BadValue(field="target")
        if target.deleted_at is not None:
            raise refusals.TargetGone
        return target
    theirs = rows.filter(direction=Message.Direction.INBOUND).order_by("-posted_at", "-network_order", "-pk")
    newest = theirs.filter(deleted_at__isnull=True).first()
    if newest is None:
        raise refusals.TargetGone if theirs.exists() else refusals.NoTarget
    return newest


def outgoing(images: Sequence[DraftImage]) -> list[OutboundImage]:
    """A draft's images as they go out."""
    return [
        OutboundImage(mime=row.mime, content=bytes(row.content), width=row.width, height=row.height, alt=row.alt)
        for row in images
    ]


def plan_delivery(
    conversation: Conversation,
    channel: Channel,
    *,
    kind: str,
    tab: str,
    text: str,
    key: UUID,
    target: Message | None,
    images: Sequence[OutboundImage] = (),
    by: Person | None,
    due_at: datetime,
    at: datetime,
) -> Delivery:
    """The delivery of a reply; whatever the channel refuses becomes a ``Refusal`` for the person at the desk."""
    identity = conversation.identity
    in_reply_to = direct_to = None
    if tab == "direct":
        direct_to = remote_account(
            remote_id=identity.remote_id, handle=identity.handle, display_name=identity.name, url=identity.url
        )
    elif target is not None:
        thread_ref = target.thread_ref or conversation.thread_ref
        in_reply_to = post_ref(remote_id=target.remote_id, revision=target.revision, thread_ref=thread_ref)
    try:
        return create_delivery(
            channel=channel,
            kind=kind,
            key=key,
            text=text,
            in_reply_to=in_reply_to,
            direct_to=direct_to,
            media=images,
            language=channel.language,
            by=by,
            due_at=due_at,
            at=at,
        )
    except DeliveryRefused as refused:
        raise _refusal(refused.code, channel) from refused


def _refusal(code: str, channel: Channel) -> refusals.Refusal:
    """The channel's code as a sentence for the person at the desk."""
    named = {
        "empty": refusals.EmptyText,
        "too_long": refusals.TooLong,
        "too_many_bytes": refusals.TooLong,
        "cannot_direct": refusals.NoDirect,
        "cannot_reply": refusals.WrongTab,
        "key_taken": refusals.AlreadySent,
        "images_refused": refusals.ImagesRefused,
        "image_type": refusals.ImagesRefused,
        "image_bytes": refusals.ImagesRefused,
        "alt_too_long": refusals.ImagesRefused,
    }
    return named.get(code, refusals.ChannelShut)(channel=channel.name, code=code)
