"""The search index follows the messages: at once by a hint, and by sweeps that look again."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

from sotong.inbox.actions.indexing import BATCH, index_again, index_messages
from sotong.jobs.face import enqueue, periodic, wake_up
from sotong.language.client import LanguageClient, client_of_machine


class Step(Protocol):
    """One batch; returns how many messages it looked at."""

    def __call__(self, client: LanguageClient | None, *, at: datetime) -> int: ...


LONGEST = 20.0
"""Seconds after which a job makes way for others and goes on later."""


@wake_up("inbox.index_messages")
def index() -> None:
    """Messages are new or changed."""
    if _in_batches(index_messages):
        enqueue("inbox.index_messages", once="inbox.index_messages")


@periodic("inbox.sweep_index", cron="* * * * * */5")
def sweep() -> None:
    """Index what no hint named: edits, deletions, conversations whose channels changed, and what a lost job left."""
    _in_batches(index_messages)


@periodic("inbox.sweep_without_kiwi", cron="* * * * * 45")
def sweep_without_kiwi() -> None:
    """Index again, with Kiwi, what was indexed while it was away."""
    _in_batches(index_again)


def _in_batches(step: Step) -> bool:
    """Work until nothing is left; True: the time was over first."""
    client, until = client_of_machine(), time.monotonic() + LONGEST
    while step(client, at=datetime.now(UTC)) == BATCH:
        if time.monotonic() > until:
            return True
    return False
