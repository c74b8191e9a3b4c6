"""The desk under fault, in a process of its own: people who answer, and one who pulls the brake.

Reads one JSON command a line and answers one line: ``connect``, ``allow``, ``hold``, ``lift``, ``stop``. Each reply is
tried with the same token until the product has returned, which means: committed. Every step is written to a log.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sotong.cli.site import set_up

set_up()

from django.db import InterfaceError, OperationalError, connections  # noqa: E402

from sotong.channels.actions.connecting import start_connecting  # noqa: E402
from sotong.channels.actions.deliveries import draw_key  # noqa: E402
from sotong.channels.actions.holds import lift_hold, put_hold, release_held  # noqa: E402
from sotong.channels.models import Channel, Connecting  # noqa: E402
from sotong.inbox.actions.replying import send_reply  # noqa: E402
from sotong.inbox.models import Message  # noqa: E402
from sotong.inbox.rules.refusals import Refusal  # noqa: E402
from sotong.networks import registry  # noqa: E402
from sotong.people.models import Company, Person  # noqa: E402

AGENTS = 3
AWAY = (OperationalError, InterfaceError)


def _now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """The agents work off what has been allowed. Every reply has a text of its own, which tells its effects apart."""

    def __init__(self, log: Path, seed: int) -> None:
        self._log = log.open("a", encoding="utf-8")
        self._lock = threading.Condition()
        self._seed = seed
        self._allowed = self._taken = 0
        self._is_over = False
        self.people = [self._person(number) for number in range(AGENTS)]

    def _person(self, number: int) -> Person:
        Company.objects.get_or_create(pk=1, defaults={"name": "Faults"})
        mail = f"desk{number}@faults.invalid"
        found = Person.objects.filter(email=mail).first()
        return found or Person.objects.create_user(
            mail, None, name=f"desk{number}", roles=["agent", "lead"], is_owner=False, undo_seconds=0
        )

    def note(self, **line: Any) -> None:
        with self._lock:
            self._log.write(json.dumps({"at": time.time(), **line}, ensure_ascii=False) + "\n")
            self._log.flush()

    def allow(self, count: int) -> None:
        with self._lock:
            self._allowed = max(self._allowed, count)
            self._lock.notify_all()

    def take(self) -> int | None:
        with self._lock:
            while self._taken >= self._allowed and not self._is_over:
                self._lock.wait()
            if self._is_over:
                return None
            self._taken += 1
            return self._taken

    def end(self) -> None:
        with self._lock:
            self._is_over = True
            self._lock.notify_all()

    def work(self, person: Person) -> None:
        while (number := self.take()) is not None:
            self.reply(number, person)

    def reply(self, number: int, person: Person) -> None:
        """One reply, whatever it takes. A refusal means that nothing was committed: another conversation is taken."""
        rng = random.Random(f"{self._seed}:{number}")
        text = f"답 #{number:05d}-{self._seed} 확인했어요."
        while True:
            target = patiently(lambda: self.choose(rng))
            if target is None:
                time.sleep(0.2)
                continue
            conversation, tab = target
            token = draw_key(_now())
            self.note(op="invoke", number=number, token=str(token), text=text)
            while True:
                try:
                    made = send_reply(
                        conversation_id=conversation,
                        tab=tab,
                        text=text,
                        token=token,
                        by=person,
                        at=_now(),
                        even_so=True,
                    )
                except Refusal as refusal:
                    self.note(op="refused", number=number, token=str(token), why=type(refusal).__name__)
                    break
                except AWAY as problem:
                    self.note(op="unknown", number=number, token=str(token), why=type(problem).__name__)
                    connections.close_all()
                    time.sleep(0.2)
                else:
                    self.note(op="ok", number=number, token=str(token), text=text, is_repeat=made.is_repeat)
                    return

    def choose(self, rng: random.Random) -> tuple[int, str] | None:
        """A conversation that can be answered, mostly a recent one."""
        rows = Message.objects.filter(direction="inbound", deleted_at=None).order_by("-pk")
        found = list(rows.values_list("conversation_id", "is_direct")[: rng.choice([5, 50, 300])])
        if not found:
            return None
        conversation, is_direct = rng.choice(found)
        return conversation, "direct" if is_direct else "public"


def patiently(work: Any) -> Any:
    """Do it, again and again while the database is away."""
    while True:
        try:
            return work()
        except AWAY:
            connections.close_all()
            time.sleep(0.2)


def connect(network: str, values: dict[str, str], poll_seconds: float) -> dict[str, Any]:
    """Connect a channel as the page does, and wait until it is there."""
    begun = start_connecting(
        manifest=registry.manifest(network), values=values, opens_practice=network == "practice", by=None, at=_now()
    )
    end = time.monotonic() + 60
    while True:
        row = Connecting.objects.get(pk=begun.pk)
        if row.state == "done" and row.channel is not None:
            Channel.objects.filter(pk=row.channel.pk).update(poll_seconds=poll_seconds)
            return {"channel": row.channel.pk, "remote_id": row.channel.remote_id}
        if row.state == "failed" or time.monotonic() > end:
            raise SystemExit(f"the channel was not connected: {row.step} {row.problem} {row.problem_detail}")
        time.sleep(0.1)


def hold(desk: Desk) -> dict[str, float]:
    """Pull the brake as a person; when it was asked for and when it was in force."""
    asked = time.time()
    put_hold(by=desk.people[0], reason="fault run", at=_now())
    return {"asked": asked, "in_force": time.time()}


def lift(desk: Desk) -> dict[str, int]:
    lift_hold(by=desk.people[0], at=_now())
    time.sleep(1.2)  # a sweep that read the hold before may still mark something as held
    return {"released": release_held(by=desk.people[0], at=_now())}


def main() -> None:
    log, seed = Path(sys.argv[1]), int(sys.argv[2])
    desk = Desk(log, seed)
    threads = [threading.Thread(target=desk.work, args=(person,), daemon=True) for person in desk.people]
    for thread in threads:
        thread.start()
    for line in sys.stdin:
        command = json.loads(line)
        verb = command.pop("do")
        answer: dict[str, Any] = {}
        if verb == "connect":
            answer = connect(**command)
        elif verb == "allow":
            desk.allow(command["count"])
        elif verb == "hold":
            answer = patiently(lambda: hold(desk))
        elif verb == "lift":
            answer = patiently(lambda: lift(desk))
        elif verb == "stop":
            break
        print(json.dumps(answer), flush=True)
    desk.end()


if __name__ == "__main__":
    main()
