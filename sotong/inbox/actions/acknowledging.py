"""The automatic acknowledgement: "we have it, a person is looking", once for a conversation that a customer opens."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sotong.inbox.actions.replying import send_automatic
from sotong.inbox.models import Conversation, Message
from sotong.inbox.rules.refusals import Refusal

log = logging.getLogger(__name__)

ACKNOWLEDGED = UUID("6f1a4c1e-6a5b-5d1e-9a57-0c3f7f2b8d10")
"""The name space of the tokens."""
FRESH = timedelta(hours=12)
"""What was written earlier is history, as when a channel is connected: nobody waits for a word about it."""
MOST = 3
WITHIN = timedelta(hours=1)
"""No more than ``MOST`` within that time to one account: another machine may be answering us."""


def acknowledge(*, conversation_id: int, at: datetime) -> Message | None:
    """Send the channel's acknowledgement, unless someone has answered already. Doing it again sends nothing more.

    It stops no clock. None where nothing is to be said, or where the channel does not let it out.
    """
    conversation = Conversation.objects.select_related("channel", "identity").get(pk=conversation_id)
    text = conversation.channel.acknowledgement.strip()
    if not text or not _is_awaited(conversation, at):
        return None
    token = uuid5(
        ACKNOWLEDGED,
        # Names of the outside, not our row's number: another installation must not use the same key for another post.
        "\n".join([
            conversation.origin, conversation.thread_ref, conversation.identity.remote_id,
            conversation.channel.remote_id if conversation.is_direct else "",
        ]),
    )  # fmt: skip
    if _is_a_loop(conversation, token, at):
        log.warning("no acknowledgement in conversation %s: too many to this account", conversation.pk)
        return None
    try:
        return send_automatic(conversation_id=conversation.pk, text=text, token=token, at=at)
    except Refusal as refusal:
        log.warning("no acknowledgement in conversation %s: %s", conversation.pk, refusal.code)
        return None


def _is_awaited(conversation: Conversation, at: datetime) -> bool:
    since = conversation.waiting_since
    is_open = conversation.state == Conversation.State.OPEN and not conversation.has_answer
    return is_open and since is not None and since >= at - FRESH


def _is_a_loop(conversation: Conversation, token: UUID, at: datetime) -> bool:
    lately = Message.objects.filter(
        conversation__identity=conversation.identity_id, is_automatic=True, posted_at__gt=at - WITHIN
    )
    return lately.exclude(token=token).count() >= MOST
