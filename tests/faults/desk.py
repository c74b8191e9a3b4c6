"""The desk under fault, in a process of its own: people who answer, and one who pulls the brake.

Reads one JSON command a line and answers one line: ``connect``, ``allow``, ``hold``, ``lift``, ``stop``. Each reply is
posted to the product's own endpoint with the same token until it says that it is done, which means: committed. Every
step is written to a log.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.house import person_with_session
from sotong.cli.site import set_up

set_up()

from django.conf import settings  # noqa: E402
from django.db import InterfaceError, OperationalError, connections  # noqa: E402

from sotong.channels.actions.connecting import start_connecting  # noqa: E402
from sotong.channels.actions.deliveries import draw_key  # noqa: E402
from sotong.channels.actions.holds import lift_hold, put_hold, release_held  # noqa: E402
from sotong.channels.models import Channel, Connecting  # noqa: E402
from sotong.inbox.models import Message  # noqa: E402
from sotong.networks import registry  # noqa: E402
from sotong.people.models import Person  # noqa: E402
from sotong.settings.options import options  # noqa: E402

AGENTS = 3
DONE = 204
REFUSED = {404, 409, 410, 422}
"""The product's own refusals. Whatever else comes instead of an answer says nothing about the reply."""
AWAY = (OperationalError, InterfaceError)


def _now() -> datetime:
    return datetime.now(UTC)


class Agent:
    """A signed-in person and a browser's connection to the web port."""

    def __init__(self, number: int) -> None:
        self.person, self._cookie = person_with_session(f"desk{number}@faults.invalid", ["agent", "lead"])
        Person.objects.filter(pk=self.person.pk).update(undo_seconds=0)
        self._connection: http.client.HTTPConnection | None = None

    def post(self, path: str, **fields: str) -> int:
        """The status of the answer; 0 when there was none."""
        secret = "f" * 32
        headers = {
            "Cookie": f"{self._cookie}; {settings.CSRF_COOKIE_NAME}={secret}",
            "X-CSRFToken": secret,
            "HX-Request": "true",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            if self._connection is None:
                self._connection = http.client.HTTPConnection("127.0.0.1", options().port, timeout=30)
            self._connection.request("POST", path, urlencode(fields), headers)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            return 0
        return answer.status


class Desk:
    """The agents work off what has been allowed. Every reply has a text of its own, which tells its effects apart."""

    def __init__(self, log: Path, seed: int) -> None:
        self._log = log.open("a", encoding="utf-8")
        self._lock = threading.Condition()
        self._seed = seed
        self._allowed = self._taken = 0
        self._is_over = False
        self.agents = [Agent(number) for number in range(AGENTS)]

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

    def work(self, agent: Agent) -> None:
        while (number := self.take()) is not None:
            self.reply(number, agent)

    def reply(self, number: int, agent: Agent) -> None:
        """One reply, whatever it takes. A refusal means that nothing was committed: another conversation is taken."""
        rng = random.Random(f"{self._seed}:{number}")
        text = f"답 #{number:05d}-{self._seed} 확인했어요."
        while True:
            target = patiently(lambda: self.choose(rng))
            if target is None:
                time.sleep(0.2)
                continue
            conversation, tab = target
            token = str(draw_key(_now()))
            self.note(op="invoke", number=number, token=token, text=text)
            status = 0
            while status not in {DONE, *REFUSED}:
                path = f"/inbox/{conversation}/reply"
                status = agent.post(path, tab=tab, text=text, token=token, even_so="on")
                if status == DONE:
                    self.note(op="ok", number=number, token=token, text=text)
                    return
                if status not in REFUSED:
                    self.note(op="unknown", number=number, token=token, status=status)
                    time.sleep(0.2)
            self.note(op="refused", number=number, token=token, status=status)

    def choose(self, rng: random.Random) -> tuple[int, str] | None:
        """A conversation that can be answered, mostly a recent one."""
        rows = Message.objects.filter(direction="inbound", deleted_at=None).order_by("-pk")
        found = list(rows.values_list("conversation_id", "is_direct")[: rng.choice([20, 300, 1000])])
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
    put_hold(by=desk.agents[0].person, reason="fault run", at=_now())
    return {"asked": asked, "in_force": time.time()}


def lift(desk: Desk) -> dict[str, int]:
    lift_hold(by=desk.agents[0].person, at=_now())
    time.sleep(1.2)  # a sweep that read the hold before may still mark something as held
    return {"released": release_held(by=desk.agents[0].person, at=_now())}


def main() -> None:
    log, seed = Path(sys.argv[1]), int(sys.argv[2])
    desk = Desk(log, seed)
    threads = [threading.Thread(target=desk.work, args=(agent,), daemon=True) for agent in desk.agents]
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
