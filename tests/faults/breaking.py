"""The same checks on deliberately broken workers: a check that notices none of them proves nothing."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from tests.faults.running import Run

REPLIES = 30
POSTS = 12


@dataclass(frozen=True)
class Caught:
    """How many ``what`` the judgement found in the work of a broken ``build``."""

    build: str
    what: str
    count: int


def catch_broken(run: Run) -> list[Caught]:
    """Each broken build takes the worker's place in the standing house. The run's own report is finished before."""
    caught = [] if run.network.name == "bluesky" else [_intake(run, "cursor_first")]
    # Bluesky's connector reads ten minutes back from its cursor, so a cursor that ran ahead loses nothing there.
    caught.append(_intake(run, "settled_first", besides="new_key_each_time"))
    caught.append(_sender(run, "new_key_each_time"))
    return caught


def _sender(run: Run, build: str) -> Caught:
    """The build is in place already; half its answers are lost."""
    already = set(run.judge().doubled)
    run.network.cut_answers()
    run.desk.ask("allow", count=run.size.outbound + REPLIES)
    end = time.monotonic() + 60
    while not (doubled := set(run.judge().doubled) - already) and time.monotonic() < end:
        time.sleep(0.3)
    run.network.calm()
    run.say(f"{build}: {len(doubled)} doubled")
    return Caught(build, "doubled", len(doubled))


FAILPOINTS = {"settled_first": "channels.settle_arrivals.inside", "cursor_first": "channels.arrivals.inside"}


def _intake(run: Run, build: str, *, besides: str = "") -> Caught:
    """It dies at the worst moment, once; a post that is written later shows that nothing more will come."""
    already = set(run.judge().lost)
    run.network.mark = build
    run.house.break_worker("+".join(filter(None, [build, besides])))
    run.house.arm(f"{FAILPOINTS[build]}:1")
    run.house.kill("worker")
    restarts = run.house.part("worker").restarts
    rng = random.Random(run.seed)
    for number in range(POSTS):
        run.network.write(rng, number)
    end = time.monotonic() + 60
    while run.house.part("worker").restarts == restarts and time.monotonic() < end:
        time.sleep(0.1)
    run.age(time.time(), time.time())
    while run.network.write(rng, POSTS) not in {"post", "reply"}:
        continue
    last = f"%{build}{POSTS} %"
    while not run.ask_database("SELECT count(*) FROM inbox_message WHERE text LIKE %s", [last]):
        if time.monotonic() > end:
            raise RuntimeError(f"nothing comes in any more with {build}")
        time.sleep(0.2)
    lost = set(run.judge().lost) - already
    run.say(f"{build}: {len(lost)} lost")
    return Caught(build, "lost", len(lost))
