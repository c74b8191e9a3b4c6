"""What is to be known before a conversation is ended."""

from __future__ import annotations

from collections import Counter

from sotong.inbox.models import Message
from sotong.inbox.models.messages import NOT_SURELY_SENT
from sotong.inbox.queries.threads import Thread

SETTLED = frozenset({"", "sent", "cancelled"})


def not_surely_sent(found: Thread) -> Counter[str]:
    """How many replies by people have not left, or are not known to have, by the state of their delivery."""
    if not found.older and all(message.delivery_state in SETTLED for message in found.messages):
        return Counter()
    rows = Message.objects.filter(NOT_SURELY_SENT, conversation=found.conversation)
    return Counter(rows.values_list("delivery__state", flat=True))
