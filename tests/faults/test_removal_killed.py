"""Workers are killed on both sides of a deletion: the wish survives, ends deleted, and is noted once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from sotong.audit.models import Entry
from sotong.channels.actions.removals import request_removal
from sotong.channels.jobs.sending import send_next
from sotong.channels.models import Removal
from sotong.channels.tests.conftest import *  # noqa: F403  (the same cast)
from sotong.jobs.failpoints import EXIT
from tests.faults.nemesis import Worker, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def is_deleted() -> bool:
    connection.close()
    return Removal.objects.filter(state="deleted").exists()


@pytest.mark.parametrize(
    ("failpoint", "calls"), [("channels.remove.before", 1), ("channels.remove.after", 2)], ids=["before", "after"]
)
def test_a_wish_outlives_the_worker_that_was_killed(keyless, make_channel, deliver, person, failpoint, calls):
    channel = make_channel(keyless.url)
    delivery = deliver(channel)
    assert send_next(channel_id=channel.pk)
    request_removal(delivery_id=delivery.pk, by=person("agent"), reason="틀렸어요", at=datetime.now(UTC))
    killed = Worker(failpoint=failpoint)
    assert wait_until(killed.has_died, 30)
    assert killed.process.returncode == EXIT
    assert not is_deleted()
    Removal.objects.update(next_at=Now() - timedelta(seconds=1))
    worker = Worker()
    try:
        assert wait_until(is_deleted, 30)
    finally:
        worker.stop()
    assert len(keyless.call("GET", "/state")["deleted"]) == calls
    assert Entry.objects.filter(action="channels.remove").count() == 1
