"""The network's word that our reply is there, put on the message."""

from __future__ import annotations

from sotong.channels.actions.arrivals import offer_again
from sotong.channels.models import Delivery
from sotong.channels.rules.outcomes import VOUCHED
from sotong.inbox.actions.arriving import early_for
from sotong.inbox.models import Message, MessageVersion
from sotong.inbox.rules.versions import network_order


def forget_address(message: Message) -> None:
    """Take off the address that a person gave and the network did not bear out."""
    if message.url and not message.remote_id:
        message.url = ""
        message.save(update_fields=["url"])


def adopt_receipt(message: Message, delivery: Delivery) -> None:
    """Copy the address of a delivery that was sent, and its id, which is not known of a post that a person vouched for.

    When the intake saw the post before we knew its id, it is there a second time, as written by someone of us on the
    network: that row gives its values to ours and goes. What came early of it, such as its deletion, is read again.
    The caller holds the origin's lock (``lock_origin``).
    """
    if delivery.problem in VOUCHED:
        message.url = delivery.url
        message.save(update_fields=["url"])
        return
    remote_id = delivery.remote_id[:500]
    twins = Message.objects.filter(origin=message.origin, remote_id=remote_id)
    if message.remote_id == remote_id or twins.filter(delivery__isnull=False).exists():
        # Known already; or another reply of ours has it, whose words are not this one's.
        return
    message.remote_id = remote_id
    message.network_order = network_order(message.remote_id)
    message.revision = delivery.revision[:200]
    message.url = delivery.url
    message.posted_at = delivery.sent_at or message.posted_at
    seen = twins.first()
    if seen is not None:
        message.posted_at, message.revision, message.revised_at = seen.posted_at, seen.revision, seen.revised_at
        message.text, message.edited_at, message.deleted_at = seen.text, seen.edited_at, seen.deleted_at
        message.thread_ref, message.url = seen.thread_ref, seen.url or message.url
        MessageVersion.objects.filter(message=seen).update(message=message)
        seen.delete()
    message.save(
        update_fields=[
            "remote_id", "network_order", "revision", "revised_at", "url", "posted_at", "text", "edited_at",
            "deleted_at", "thread_ref",
        ]
    )  # fmt: skip
    offer_again(ids=[arrival.pk for arrival in early_for(message.origin, [message.remote_id])])
