"""Work of the inbox. A job is a hint; what is left to do is in the rows, and a sweep looks again."""

from __future__ import annotations

from datetime import UTC, datetime

from sotong.inbox.actions.acknowledging import acknowledge
from sotong.inbox.actions.claiming import release_expired
from sotong.inbox.actions.resolving import wake_conversations
from sotong.inbox.jobs.indexing import index
from sotong.inbox.jobs.media import fetch_waiting
from sotong.jobs.face import enqueue, job, periodic, wake_up

__all__ = ["index"]


def _now() -> datetime:
    return datetime.now(UTC)


@periodic("inbox.release_expired", cron="* * * * * */10")
def release() -> None:
    """Give back the conversations whose claim ran out."""
    release_expired(at=_now())


@periodic("inbox.wake_snoozed", cron="* * * * * */15")
def wake() -> None:
    """Bring back the conversations whose time has come."""
    wake_conversations(at=_now())


@periodic("inbox.sweep_media", cron="* * * * * */30")
def sweep_media() -> None:
    """Fetch what a lost job left, and what is due for another try."""
    fetch_waiting()


@wake_up("inbox.fetch_media")
def fetch_media() -> None:
    """Customers posted images."""
    if fetch_waiting():
        enqueue("inbox.fetch_media", once="inbox.fetch_media")


@job("inbox.acknowledge")
def acknowledge_opened(conversation_ids: list[int]) -> None:
    """Customers opened these conversations on channels that acknowledge by themselves."""
    for conversation_id in conversation_ids:
        acknowledge(conversation_id=conversation_id, at=_now())
