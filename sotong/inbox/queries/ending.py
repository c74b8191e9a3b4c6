"""What is to be known before a conversation is ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from django.db.models import F, Q

from sotong.channels.models import Delivery
from sotong.channels.queries.outcomes import scopes_on
from sotong.channels.rules.permits import BRAKE
from sotong.inbox.models import Message
from sotong.inbox.queries.threads import Thread

SETTLED = frozenset({"", "sent", "cancelled"})


def not_surely_sent(ids: Collection[int]) -> Counter[tuple[int, str]]:
    """How many replies by people in these conversations have not left, or are not known to have, by conversation and
    state: "held", "unconfirmed" or "failed".

    Only those after the last that counts. What is on its way counts, and a conversation opens again where it does not
    arrive; but while sending is stopped, what is due will be held.
    """
    stands = Q(delivery__state__in=["held", "unconfirmed", "failed"], pk__gt=F("conversation__answered_id"))
    if not scopes_on().isdisjoint({BRAKE, Delivery.Kind.REPLY}):
        stands |= Q(delivery__state=Delivery.State.DUE)
    rows = Message.objects.filter(stands, conversation__in=ids, is_automatic=False, deleted_at__isnull=True)
    found: Counter[tuple[int, str]] = Counter()
    for conversation_id, state in rows.values_list("conversation_id", "delivery__state"):
        found[conversation_id, "held" if state == Delivery.State.DUE else state] += 1
    return found


def unsent_in(found: Thread) -> Counter[str]:
    """The same of a thread that was read, by state alone."""
    if not found.older and all(message.delivery_state in SETTLED for message in found.messages):
        return Counter()
    counted = not_surely_sent([found.conversation.pk])
    return Counter({state: n for (_conversation, state), n in counted.items()})
