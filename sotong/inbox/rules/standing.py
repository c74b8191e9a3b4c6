"""Where a conversation stands after its messages."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

State = Literal["open", "pending", "on_hold", "resolved"]

NEVER_LEFT = frozenset({"failed", "cancelled"})
"""States of a delivery that surely did not leave, and will not."""
COUNTS_NOT = NEVER_LEFT | {"held", "unconfirmed"}
"""States of a delivery with which our reply does not count as an answer: it stands still until a person decides, and
until then the customer waits. What is on its way counts.
"""
MAY_LEAVE = frozenset({"held", "unconfirmed"})
"""States of a delivery that does not count, and may still reach the customer, or has."""
TROUBLE = ("failed", "unconfirmed", "held")
"""Delivery states that the list shows, the gravest first."""


def is_waiting(
    *, message_id: int, posted_at: datetime, is_deleted: bool, answered_id: int, answered_at: datetime | None
) -> bool:
    """Whether a customer's message still waits for a person.

    A reply from the desk answers what had been received before it (``answered_id``); one written on the network itself
    answers what had been posted before it (``answered_at``).
    """
    if is_deleted or message_id <= answered_id:
        return False
    return answered_at is None or posted_at >= answered_at


def state_after_inbound(state: str, *, has_waiting: bool) -> str:
    """A new message that waits opens whatever state the conversation was in."""
    return "open" if has_waiting else state


def state_after_history(state: str, *, has_waiting: bool, has_answer: bool) -> str:
    """After a change to what is already there (a deletion, an answer of ours found on the network).

    Only open and pending follow from the messages; on_hold and resolved are a person's word and stay.
    """
    if state not in {"open", "pending"}:
        return state
    return "pending" if has_answer and not has_waiting else "open"


def is_given_up(was: str, state: str) -> bool:
    """Whether a reply that might still have reached the customer will not, or is left unconfirmed for good."""
    return was in MAY_LEAVE and state in NEVER_LEFT | {"unconfirmed"}


def is_open_again(state: str, *, was_waiting: bool, is_waiting: bool, has_given_up: bool = False) -> bool:
    """Whether a resolved conversation opens because of what became of one of our replies.

    The change itself must have taken something from the customer who waits: an answer that counted, or
    (``has_given_up``) a reply that stood still when a person ended the conversation.
    """
    return state == "resolved" and is_waiting and (has_given_up or not was_waiting)


def state_after_reply(state: str) -> str:
    """After a person's reply it is the customer's turn; what waits for a third party goes on waiting for it."""
    return state if state == "on_hold" else "pending"


def gravest_trouble(states: set[str]) -> str:
    """The state to show among those of a conversation's replies; "" where all is well."""
    return next((state for state in TROUBLE if state in states), "")


def default_outcome(*, has_answer: bool) -> str:
    """How a conversation ended when nobody says."""
    return "solved" if has_answer else "no_answer_needed"
