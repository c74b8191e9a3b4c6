"""script/faults crash: kill -9 of worker, web and database while messages come in and go out. Nothing is lost, nothing
is doubled.

A whole house (``sotong up`` with its embedded database) is connected to a network. Customers write there, agents
answer, and a seeded nemesis kills the house's parts at random moments and at failpoints on both sides of each effect.
Afterwards the network's own truth is held against the database. In the same run, deliberately broken workers take
over and must be noticed.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.verdict import Verdict, flags
from sotong.jobs.failpoints import FLOW
from tests.faults.breaking import Caught, catch_broken
from tests.faults.house import KINDS, standing_house
from tests.faults.judging import Report
from tests.faults.networks import Bluesky, Network, Practice
from tests.faults.running import Desk, Run, Size
from tests.servers.atproto_network import atproto_network
from tests.servers.cutting_proxy import cutting_proxy
from tests.servers.practice_network import PracticeNetwork
from tests.servers.processes import MissingServer

SMALL = Size(inbound=120, outbound=120, kills={"worker": 2, "web": 1, "postgres": 1}, failpoints=2, is_small=True)
FULL = Size(inbound=1000, outbound=1000, kills={"worker": 26, "web": 17, "postgres": 17}, failpoints=len(FLOW))
UNCONFIRMED = 0.01
"""Of the replies; what the network cannot tell within the time is told to a person."""
FAULTS = 0.03
"""Lost, late and senseless answers of the network, of the replies."""
BRAKE = 2.0
LEASES = {"practice": 100.0, "bluesky": 160.0}
"""Seconds that a dead worker's delivery may rest: call, longest landing time and margins. Nothing rests longer than
this and 60 s (I4)."""


@contextlib.contextmanager
def opened(name: str, practice_port: int, data: Path) -> Iterator[Network]:
    """The network, ready to be connected."""
    if name == "bluesky":
        with atproto_network() as servers, cutting_proxy(servers.pds) as proxy:
            yield Bluesky(servers, proxy)
        return
    (data / "run" / "practice.wanted").touch()
    url, secret = f"http://127.0.0.1:{practice_port}", data / "practice" / "admin-secret"
    end = time.monotonic() + 30
    while not (secret.exists() and _is_open(url, data / "practice")):
        if time.monotonic() > end:
            raise RuntimeError("the practice network did not open")
        time.sleep(0.1)
    network = PracticeNetwork(url, data / "practice")
    yield Practice(network)
    network.close()


def _is_open(url: str, folder: Path) -> bool:
    network = PracticeNetwork(url, folder)
    try:
        network.call("GET", "/api/health")
    except Exception:  # noqa: BLE001  (whatever it says, it is not open yet)
        return False
    finally:
        network.close()
    return True


def one_network(name: str, size: Size, seed: int, verdict: Verdict) -> None:
    """The whole run on one network."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="sotong-crash-") as folder, contextlib.ExitStack() as stack:
        Path(folder).chmod(0o711)  # the database runs as another user when the run is root's
        data = Path(folder) / "house"
        house = stack.enter_context(standing_house(data, is_hasty=size.is_small))
        network = stack.enter_context(opened(name, house.practice_port, data))
        desk = Desk(house, Path(folder) / "desk.jsonl", seed)
        stack.callback(desk.stop)
        run = Run(house, network, desk, size, seed)
        report = run.whole()
        seconds = time.monotonic() - began
        caught = catch_broken(run)
    _tell(verdict, name, run, report, caught, seconds)


def _tell(verdict: Verdict, name: str, run: Run, report: Report, caught: list[Caught], seconds: float) -> None:
    size = run.size
    verdict.facts |= {
        f"{name}: operations": f"{sum(run.wrote.values())} in {dict(run.wrote)}, {run.acknowledged} out",
        f"{name}: kills": f"{dict(run.kills)}; failpoints {dict(run.struck)}, not reached {run.missed or 'none'}",
        f"{name}: network faults": run.injected,
        f"{name}: replies": f"{dict(report.states)}; {report.effects} effects on the network",
        f"{name}: inbox": f"{report.received} messages; {report.gone_unread} taken back before they could be read",
        f"{name}: shortened": "leases of the dead, back-offs, the supervisor's pauses" if size.is_small else "nothing",
    }
    for kind in ("lost", "doubled", "untrue", "unexplained", "waiting"):
        found: list[str] = getattr(report, kind)
        if found:
            verdict.facts[f"{name}: {kind}"] = found[:12]
    unconfirmed = report.states["unconfirmed"] / max(1, size.outbound)
    verdict.hold(f"{name} inbound", sum(run.wrote.values()), "", size.inbound, at_most=False)
    verdict.hold(f"{name} replies", run.acknowledged, "", size.outbound, at_most=False)
    for part in KINDS:
        verdict.hold(f"{name} kills of {part}", run.kills[part], "", size.kills[part], at_most=False)
    verdict.hold(f"{name} failpoint deaths", sum(run.struck.values()), "", int(size.failpoints * 0.75), at_most=False)
    if run.tangles:
        verdict.facts[f"{name}: deadlocks"] = run.tangles
    injected = sum(run.injected.values())
    verdict.hold(f"{name} network faults", injected, "", int(size.outbound * FAULTS), at_most=False)
    verdict.hold(f"{name} lost", len(report.lost), "", 0)
    verdict.hold(f"{name} doubled", len(report.doubled), "", 0)
    verdict.hold(f"{name} untrue states", len(report.untrue), "", 0)
    verdict.hold(f"{name} failed without a cause", len(report.unexplained), "", 0)
    verdict.hold(f"{name} unconfirmed", unconfirmed * 100, "%", UNCONFIRMED * 100)
    verdict.hold(f"{name} never settled", len(report.waiting) - report.states["unconfirmed"], "", 0)
    verdict.hold(f"{name} brake", run.brake_seconds, "s", BRAKE)
    verdict.hold(f"{name} begun under the brake", run.leaked, "", 0)
    verdict.hold(f"{name} waiting under brake", run.braked, "", 10, at_most=False)
    verdict.hold(f"{name} settled after", run.settled_after, "s", 60 if size.is_small else LEASES[name] + 60)
    verdict.hold(f"{name} deadlocks", run.deadlocks, "", 0)
    for one in caught:
        verdict.hold(f"{name} {one.build}: {one.what}", one.count, "", 1, at_most=False)
    bound = 3 / max(1, sum(run.wrote.values()) + size.outbound)
    verdict.tell(f"{name} 3/n bound of each zero", bound * 100, "%")
    verdict.tell(f"{name} run without broken builds", seconds, "s")


def main() -> int:
    parser = flags("crash", __doc__ or "")
    parser.add_argument("--network", choices=["practice", "bluesky", "both"], default="")
    asked = parser.parse_args()
    size = SMALL if asked.small else FULL
    chosen = asked.network or ("practice" if asked.small else "both")
    began = time.monotonic()
    verdict = Verdict("crash", {"seed": asked.seed, "networks": chosen, "planned": str(size)})
    for name in ("practice", "bluesky") if chosen == "both" else (chosen,):
        try:
            one_network(name, size, asked.seed, verdict)
        except MissingServer as problem:
            verdict.facts[f"{name}: not run"] = str(problem)
            verdict.hold(f"{name} was run", 0, "", 1, at_most=False)
    verdict.tell("seconds", time.monotonic() - began, "s")
    return verdict.finish(as_json=asked.json)


if __name__ == "__main__":
    sys.exit(main())
