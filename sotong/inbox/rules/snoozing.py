"""Until when a conversation may be put off in one click."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

HOURS = {"hour": 1, "three_hours": 3}
MORNINGS = ("tomorrow", "monday")
CHOICES = (*HOURS, *MORNINGS)
MORNING = 9


def snoozed_until(choice: str, now: datetime) -> datetime:
    """The moment that ``choice`` (of ``CHOICES``) means when it is pressed at ``now`` (aware, in the viewer's zone).

    Hours are hours that pass; mornings are those of the viewer's clock, and Monday is the next one, never today.
    """
    if choice in HOURS:
        return (now.astimezone(UTC) + timedelta(hours=HOURS[choice])).astimezone(now.tzinfo)
    days = {"tomorrow": 1, "monday": 7 - now.weekday()}[choice]
    return (now + timedelta(days=days)).replace(hour=MORNING, minute=0, second=0, microsecond=0)
