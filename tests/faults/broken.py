"""Deliberately broken workers, which a fault run must notice. Each is an error that others have made."""

from __future__ import annotations

import dataclasses
import uuid
from argparse import Namespace
from datetime import datetime
from typing import Any

from sotong.cli import worker
from sotong.cli.site import set_up


def new_key_each_time() -> None:
    """An ordinary retrying sender: whatever went wrong, it sends again, and every attempt has a key of its own."""
    from sotong.channels.actions import attempts
    from sotong.channels.jobs import sending
    from sotong.channels.rules.outcomes import Outcome

    begin = attempts.begin_attempt

    def begin_with_new_key(**given: Any) -> Any:
        intent = begin(**given)
        if not isinstance(intent, attempts.Intent):
            return intent
        # Keeps the time inside a UUIDv7, as drawing a new key does.
        fresh = uuid.UUID(intent.post.idempotency_key).int & ~((1 << 62) - 1) | (uuid.uuid4().int & ((1 << 62) - 1))
        return dataclasses.replace(
            intent, post=dataclasses.replace(intent.post, idempotency_key=str(uuid.UUID(int=fresh)))
        )

    def send_again(error: BaseException, **_given: object) -> Outcome:
        return Outcome(state="due", problem=type(error).__name__[:30], wait=0.1)

    vars(sending)["begin_attempt"] = begin_with_new_key
    vars(attempts)["after"] = send_again


def settled_first() -> None:
    """An intake that ticks arrivals off before anyone has taken them: what dies in between is never taken."""
    from django.db import transaction

    from sotong.bus.actions import announce
    from sotong.channels import jobs
    from sotong.channels.actions.arrivals import BATCH
    from sotong.channels.events import ArrivalsRecorded
    from sotong.channels.models import Arrival
    from sotong.jobs.failpoints import reach

    def settle(*, channel_id: int, at: datetime, limit: int = BATCH) -> int:
        waiting = Arrival.objects.filter(channel_id=channel_id, state=Arrival.State.RECORDED, item__isnull=False)
        ids = tuple(waiting.order_by("id").values_list("id", flat=True)[:limit])
        Arrival.objects.filter(pk__in=ids).update(state=Arrival.State.PROCESSED, settled_at=at)
        reach("channels.settle_arrivals.inside")
        with transaction.atomic():
            if ids:
                announce(ArrivalsRecorded(channel_id=channel_id, arrival_ids=ids))
        return len(ids)

    vars(jobs)["settle_arrivals"] = settle


def cursor_first() -> None:
    """An intake that moves the cursor before the arrivals are stored."""
    from sotong.channels.actions import arrivals
    from sotong.channels.jobs import polling
    from sotong.channels.models import Channel
    from sotong.jobs.failpoints import reach
    from sotong.networks.contract import Page

    record = arrivals.record_arrivals

    def move_then_record(*, channel_id: int, page: Page, at: datetime, since: str | None = None) -> int:
        if not page.items:
            return record(channel_id=channel_id, page=page, at=at, since=since)
        Channel.objects.filter(pk=channel_id).update(cursor=page.cursor)
        reach("channels.arrivals.inside")
        return record(channel_id=channel_id, page=page, at=at)

    vars(polling)["record_arrivals"] = move_then_record


BROKEN = {build.__name__: build for build in (new_key_each_time, settled_first, cursor_first)}


def run_broken(name: str) -> None:
    """``name``: one of ``BROKEN``, or several joined by "+"."""
    set_up()
    for build in name.split("+"):
        BROKEN[build]()
    worker.run(Namespace(queues="", concurrency=4))
