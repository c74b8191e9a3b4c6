"""T1, short: workers are killed at every failpoint and at random while messages come in and go out."""

from __future__ import annotations

import os

import pytest
from django.db import connection

from sotong.channels.models import Arrival, Channel, Delivery
from sotong.channels.rules.timing import lease_length
from sotong.channels.tests.conftest import *  # noqa: F403  (the same cast)
from sotong.channels.tests.stand_in.manifest import MANIFEST
from sotong.channels.tests.stand_in.process import StandIn
from tests.faults.nemesis import Report, Worker, check, let_time_pass, run_kills, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

KILLS = int(os.environ.get("SOTONG_KILLS", "21"))
SEED = int(os.environ.get("SOTONG_SEED", "7"))
LANDING = MANIFEST.limits.landing_time_max.total_seconds()
FAULTS = {"drop_after": 0.05, "drop_before": 0.05, "html": 0.03, "server_error": 0.05}


def whole_run(
    network: StandIn, channel, deliver, *, kills: int, deliveries: int, broken: str = "", late: float = 0.05
) -> Report:
    items = [{"id": f"in-{number}", "author": "kim", "text": f"글 {number}"} for number in range(deliveries)]
    share = -(-deliveries // kills)

    def load(number: int) -> None:
        connection.close()
        # The one that was killed may have been asking for news: its lease would make the next ones wait.
        Channel.objects.filter(pk=channel.pk).update(poll_lease_until=None)
        mine = items[number * share : (number + 1) * share]
        network.arrive(*mine[: share // 2])
        for item in mine:
            deliver(channel, f"답 {item['id']}", thread=f"in-{int(item['id'][3:]) % 40}")
        network.arrive(*mine[share // 2 :])

    network.fault(seed=SEED, latency=0.02, late_seconds=1.5, late=late, **FAULTS)
    done = run_kills(kills=kills, seed=SEED, load=load, broken=broken)
    network.fault()
    let_time_pass(lease_length(MANIFEST.limits.landing_time_max).total_seconds(), LANDING)
    worker = Worker(broken=broken)
    try:
        wait_until(is_drained, 60)
    finally:
        worker.stop()
    report = check(channel, network.effects(), [item["id"] for item in items])
    report.kills = done
    print(f"seed {SEED}: {dict(done)}; {dict(report.states)}; {report.effects} effects; faults {network.injected()}")
    return report


def is_drained() -> bool:
    connection.close()
    left = Delivery.objects.filter(state__in=["due", "sending", "unconfirmed"]).exists()
    return not left and not Arrival.objects.filter(state="recorded").exists()


def test_nothing_is_lost_and_nothing_doubled_when_workers_die(keyless, make_channel, deliver):
    channel = make_channel(keyless.url)
    report = whole_run(keyless, channel, deliver, kills=KILLS, deliveries=400)
    assert report.violations == []
    assert sum(report.kills.values()) - report.kills["not reached"] >= KILLS * 0.8, "too few of the planned kills"
    assert report.states["sent"] == 400


@pytest.mark.parametrize("broken", ["retry_on_timeout", "short_lease"])
def test_a_broken_sender_is_noticed(keyless, make_channel, deliver, broken):
    channel = make_channel(keyless.url)
    # Effects that come late are what both of them stumble over; a busy machine sends too few others in between.
    report = whole_run(keyless, channel, deliver, kills=3, deliveries=150, broken=broken, late=0.25)
    assert any("doubled" in line for line in report.violations)
