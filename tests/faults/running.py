"""One run: customers, agents and the nemesis at once, then the brake, then calm, then the judgement."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from sotong.jobs.failpoints import FLOW
from tests.faults.house import FAILPOINT_EXIT, ROOT, House
from tests.faults.judging import Report, judge, read_kept, read_log
from tests.faults.networks import Network
from tests.servers.processes import die_with_parent

REACHED_WITHIN = 25.0
POLLS_OF_THE_DEAD = "UPDATE channels_channel SET poll_lease_until = NULL, next_poll_at = now()"
"""Seconds in which an armed worker must come to its failpoint; else it is counted as not reached."""
LANDED = 2.0
"""Seconds after which everything has landed on these networks: longer than their latest late effect."""
WATCHED = 4.0
"""Seconds that the network is watched under the brake."""


@dataclass(frozen=True)
class Size:
    """How much of everything. ``kills``: at random moments; ``failpoints``: deaths besides."""

    inbound: int
    outbound: int
    kills: dict[str, int]
    failpoints: int
    is_small: bool = False


def part_of(whole: int, part: int, parts: int) -> int:
    """How much of the whole is allowed after so many parts."""
    return whole * part // parts


class Desk:
    """The desk's process (``desk.py``)."""

    def __init__(self, house: House, log: Path, seed: int) -> None:
        self.log = log
        env = {**os.environ, "DATABASE_URL": house.database_url, "SOTONG_DATA": str(house.data)}
        env |= {"SOTONG_PORT": str(house.port), "SOTONG_PRACTICE_PORT": str(house.practice_port)}
        command = [sys.executable, "-m", "tests.faults.desk", str(log), str(seed)]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=die_with_parent(os.getpid(), signal.SIGTERM),  # noqa: PLW1509
        )

    def ask(self, verb: str, **fields: Any) -> dict[str, Any]:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": verb, **fields}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the desk has died")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def acknowledged(self) -> int:
        return len(read_log(self.log)[0])

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


class Customers:
    """People who write on the network, as far as the run has got."""

    def __init__(self, network: Network, seed: int) -> None:
        self._network, self._rng = network, random.Random(seed)
        self._allowed = threading.Semaphore(0)
        self._given = 0
        self.wrote: Counter[str] = Counter()
        self.problem: Exception | None = None
        threading.Thread(target=self._work, daemon=True).start()

    def allow(self, count: int) -> None:
        if count > self._given:
            self._allowed.release(count - self._given)
            self._given = count

    def _work(self) -> None:
        while True:
            self._allowed.acquire()
            try:
                self.wrote[self._network.write(self._rng, sum(self.wrote.values()))] += 1
            except Exception as problem:  # noqa: BLE001  (told where the run waits for it)
                self.problem = problem
                return
            time.sleep(0.01)

    def wait(self, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while sum(self.wrote.values()) < self._given:
            if self.problem:
                raise RuntimeError("a customer could not write") from self.problem
            if time.monotonic() > end:
                raise RuntimeError("the customers did not get done")
            time.sleep(0.05)


class Run:
    """What is kept of a run for its verdict: ``kills`` by part, ``struck`` and ``missed`` failpoints."""

    def __init__(self, house: House, network: Network, desk: Desk, size: Size, seed: int) -> None:
        self.house, self.network, self.desk, self.size, self.seed = house, network, desk, size, seed
        self.kills: Counter[str] = Counter()
        self.struck: Counter[str] = Counter()
        self.missed: list[str] = []
        self.injected: dict[str, int] = {}
        self.brake_seconds = self.settled_after = 0.0
        self.braked = self.leaked = self.deadlocks = 0
        self.channel = self.acknowledged = 0
        self.tangles: list[str] = []
        self.customers = Customers(network, seed)
        self._began = time.monotonic()

    @property
    def wrote(self) -> Counter[str]:
        return self.customers.wrote

    def whole(self) -> Report:
        values = self.network.values()
        self.channel = self.desk.ask("connect", network=self.network.name, values=values, poll_seconds=1.0)["channel"]
        self.network.stir(self.seed)
        self.say("connected")
        kept_back = max(40, self.size.outbound // 8)
        self._kill_all(self.size.outbound - kept_back)
        self.customers.wait()
        self._wait_acknowledged(self.size.outbound - kept_back)
        self.say(f"killed: {dict(self.kills)} {dict(self.struck)}")
        dead_before = time.time()
        self._brake(self.size.outbound)
        self.say(f"brake: {self.brake_seconds:.2f} s")
        report = self.settle(dead_before)
        self.acknowledged = self.desk.acknowledged()
        said = (self.house.data / "log" / "postgres.log").read_text().splitlines()
        self.deadlocks = sum("deadlock detected" in line for line in said)
        self.tangles = [line for line in said if "waits for" in line or "while locking" in line][:12]
        found = [*report.lost, *report.doubled, *report.untrue, *report.waiting]
        self.say(f"settled after {self.settled_after:.1f} s; {dict(report.states)}; {len(found)} {found[:5]}")
        return report

    def say(self, what: str) -> None:
        """How far it is, for whoever waits; the verdict goes to the other stream."""
        sys.stderr.write(f"{time.monotonic() - self._began:6.1f} s  {self.network.name}  {what}\n")

    def _kill_all(self, outbound: int) -> None:
        """Kill by the seeded plan; the work is spread over it."""
        rng = random.Random(self.seed)
        plan = [kind for kind, count in self.size.kills.items() for _ in range(count)]
        rng.shuffle(plan)
        names = rng.sample(FLOW, self.size.failpoints)
        self._allow(outbound, 1, len(plan) + 1)
        time.sleep(1)
        for number, kind in enumerate(plan, 1):
            if number % 3:
                self._let_work(part_of(outbound, number, len(plan) + 1))
            self.house.wait_running(kind)
            time.sleep(rng.uniform(0.05, 1.0 if self.size.is_small else 3.0))
            failpoint = names.pop() if kind == "worker" and names else ""
            if failpoint:
                # A small run has too little work for a life to get to most places twice.
                self.house.arm(f"{failpoint}:{1 if self.size.is_small else rng.randint(1, 2)}")
            self.house.kill(kind)
            self.kills[kind] += 1
            self._allow(outbound, number + 1, len(plan) + 1)
            if failpoint:
                self._await_failpoint(failpoint)
            if number % 10 == 0:
                self.say(f"{number} of {len(plan)} kills, {self.desk.acknowledged()} replies acknowledged")

    def _allow(self, outbound: int, part: int, parts: int) -> None:
        self.customers.allow(part_of(self.size.inbound, part, parts))
        self.desk.ask("allow", count=part_of(outbound, part, parts))

    def _let_work(self, allowed: int) -> None:
        """Two kills of three wait until most of what was asked for has left, so that every life has its work."""
        end = time.monotonic() + (4 if self.size.is_small else 8)
        while time.monotonic() < end:
            with contextlib.suppress(psycopg.Error, OSError):
                if self.ask_database("SELECT count(*) FROM channels_delivery WHERE state = 'sent'") >= allowed * 0.8:
                    return
            time.sleep(0.1)

    def _await_failpoint(self, name: str) -> None:
        """Wait for the armed life and its death; a life that does not get there is ended."""
        self.house.wait_running("worker")
        restarts = self.house.part("worker").restarts
        if self.size.is_small:
            with self.house.connect() as connection:
                connection.execute(POLLS_OF_THE_DEAD)
        end = time.monotonic() + REACHED_WITHIN
        while time.monotonic() < end:
            part = self.house.part("worker")
            if part.restarts > restarts:
                if part.last_exit == FAILPOINT_EXIT:
                    self.struck[name] += 1
                    return
                restarts = part.restarts
            time.sleep(0.05)
        self.missed.append(name)
        # It must not strike later, when the run counts on nobody dying any more.
        self.house.kill("worker")

    def _wait_acknowledged(self, count: int, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while self.desk.acknowledged() < count:
            if time.monotonic() > end:
                raise RuntimeError(f"only {self.desk.acknowledged()} of {count} replies were acknowledged")
            time.sleep(0.1)

    def _brake(self, outbound: int) -> None:
        """Under load, stop all sending; when the network's last effect was; then let it go."""
        self.house.wait_running("worker")
        self.network.slow(0.15)
        self.desk.ask("allow", count=outbound)
        self._wait_acknowledged(outbound)
        before = sum(self.network.truth().effects.values())
        end = time.monotonic() + 60
        while sum(self.network.truth().effects.values()) < before + 5 and time.monotonic() < end:
            time.sleep(0.05)
        held = self.desk.ask("hold")
        time.sleep(WATCHED)
        self.brake_seconds = max(0.0, self.network.last_effect() - held["asked"])
        begun = "SELECT count(*) FROM channels_attempt WHERE started_at > to_timestamp(%s)"
        self.leaked = self.ask_database(begun, [held["in_force"]])
        waiting = "SELECT count(*) FROM channels_delivery WHERE state IN ('due', 'held')"
        self.braked = self.ask_database(waiting)
        self.injected = self.network.injected()
        self.network.calm()
        self.desk.ask("lift")

    def ask_database(self, query: str, values: list[Any] | None = None) -> int:
        with self.house.connect() as connection:
            row = connection.execute(query, values).fetchone()
        assert row is not None
        return int(row[0])

    def settle(self, dead_before: float) -> Report:
        """Wait until everything has its end, and judge."""
        began = time.monotonic()
        limit = 45.0 if self.size.is_small else 480.0
        if self.size.is_small:
            self.age(dead_before, time.time())
        while True:
            report = self.judge()
            self.settled_after = time.monotonic() - began
            if report.is_settled or self.settled_after > limit:
                return report
            time.sleep(0.5)

    def age(self, dead_before: float, calm_since: float) -> None:
        """A small run has no time for back-offs and leases: what is surely over becomes as old as it must be.

        Sending that began before the last kill is nobody's any more; what is in doubt since before the network was calm
        has landed or never will.
        """
        time.sleep(LANDED)
        last = "(SELECT max(started_at) FROM channels_attempt a WHERE a.delivery_id = d.id)"
        query = (
            "UPDATE channels_delivery d SET lease_until = now(), next_look_at = now()"
            f" WHERE state = %s AND {last} < to_timestamp(%s)"
        )
        with self.house.connect() as connection:
            connection.execute(query, ["sending", dead_before])
            connection.execute(query, ["unconfirmed", calm_since])
            connection.execute("UPDATE channels_delivery SET due_at = now() WHERE state = 'due'")
            connection.execute(POLLS_OF_THE_DEAD)

    def judge(self) -> Report:
        with self.house.connect() as connection:
            kept = read_kept(connection, self.channel, self.desk.log)
        return judge(kept, self.network.truth(), has_revisions=self.network.name == "practice")
