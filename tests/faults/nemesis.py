"""Kills workers on a seeded schedule and checks the database against the network's truth file."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

import sotong
from sotong.channels.models import Arrival, Channel, Delivery
from sotong.jobs import failpoints

ROOT = Path(sotong.__file__).parents[1]
SCRIPT = Path(__file__).with_name("worker.py")


class Worker:
    """One worker process of ours."""

    def __init__(self, *, broken: str = "", failpoint: str = "") -> None:
        settings = connection.settings_dict
        place = f"{settings['HOST']}:{settings['PORT']}" if settings["PORT"] else ""
        query = "" if place else f"?host={settings['HOST']}"
        url = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{place}/{settings['NAME']}{query}"
        env = {**os.environ, "DATABASE_URL": url, "SOTONG_FAILPOINTS": failpoint, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, str(SCRIPT)]
        self.process = subprocess.Popen([*command, *(["--broken", broken] if broken else [])], env=env, cwd=ROOT)

    def has_died(self) -> bool:
        return self.process.poll() is not None

    def kill(self) -> None:
        """kill -9."""
        if not self.has_died():
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass
class Report:
    """What a run did and what the checker found. ``violations`` must be empty."""

    kills: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    effects: int = 0
    violations: list[str] = field(default_factory=list)


def wait_until(is_true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_true():
            return True
        time.sleep(0.1)
    return is_true()


def run_kills(*, kills: int, seed: int, load: Callable[[int], None], broken: str = "") -> Counter[str]:
    """Start workers one after another; each dies at a failpoint or, every third one, at a random moment.

    ``load(n)`` gives the nth of them something to do.
    """
    rng = random.Random(seed)
    done: Counter[str] = Counter()
    names = list(failpoints.FLOW)
    rng.shuffle(names)
    for number in range(kills):
        load(number)
        if number % 3 == 2:
            worker = Worker(broken=broken)
            time.sleep(1.5 + rng.random() * 2)
            worker.kill()
            done["random"] += 1
            continue
        name = names[(number - number // 3) % len(names)]
        worker = Worker(broken=broken, failpoint=f"{name}:{rng.randint(1, 2)}")
        if wait_until(worker.has_died, 6):
            assert worker.process.returncode == failpoints.EXIT, worker.process.returncode
            done[name] += 1
        else:
            worker.kill()
            done["not reached"] += 1
    return done


def let_time_pass(seconds: float, landing: float) -> None:
    """After every worker is dead and everything that can land has landed: leases are ``seconds`` older."""
    time.sleep(landing)
    table = Delivery._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET lease_until = lease_until - %s * interval '1 second' WHERE lease_until IS NOT NULL",
            [seconds],
        )
        cursor.execute(
            f"UPDATE {Channel._meta.db_table} SET poll_lease_until = NULL, next_poll_at = now(), paused_until = NULL"
        )


def check(channel: Channel, effects: list[dict[str, Any]], arrived: list[str]) -> Report:
    """The invariants: I1 inbound exactly once, I2 at most one effect, sent ⇔ exactly one, I4 nothing rests."""
    report = Report()
    per_key = Counter(line["key"] for line in effects)
    report.effects = len(effects)
    for delivery in Delivery.objects.filter(channel=channel):
        count = per_key.pop(str(delivery.key), 0)
        report.states[delivery.state] += 1
        if count > 1:
            report.violations.append(f"doubled: {delivery.pk} has {count} effects")
        if delivery.state == "sent" and count != 1:
            report.violations.append(f"sent without effect: {delivery.pk}")
        if delivery.state == "failed" and count:
            report.violations.append(f"falsely failed: {delivery.pk}")
        if delivery.state in {"due", "sending"}:
            report.violations.append(f"left {delivery.state}: {delivery.pk}")
    report.violations += [f"an effect that nobody asked for: {key}" for key in per_key]
    found = Counter(Arrival.objects.filter(channel=channel, state="processed").values_list("remote_id", flat=True))
    report.violations += [f"lost: {name}" for name in arrived if name not in found]
    report.violations += [f"stored twice: {name}" for name, count in found.items() if count > 1]
    return report
