"""Plays the customers of a scenario into a running practice network, through its public API and nothing else."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sotong_practice.scenario import Scenario, Step

TIMEOUT = 10.0
"""Seconds to wait for one answer."""


class PlayError(RuntimeError):
    """The practice network is not there, or refused a step; the message says which and why."""


class Player:
    """One run. ``run`` makes the keys of this run's posts its own, so that a scenario can be played again."""

    def __init__(self, address: str, data: Path, run: str, accounts: Mapping[str, str]) -> None:
        self.address = address.rstrip("/")
        self.run = run
        self.accounts = dict(accounts)
        """Purpose of a channel → handle of our account there."""
        self.played: dict[str, str] = {}
        """Step id → post id."""
        try:
            self.secret = (data / "admin-secret").read_text(encoding="ascii").strip()
        except OSError as problem:
            raise PlayError(f"the practice network was never opened here ({data})") from problem

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, actor: str = "") -> Any:
        """One call as the administrator, or as ``actor``. Raises ``PlayError``."""
        request = urllib.request.Request(self.address + path, method=method)  # noqa: S310 (the address is ours)
        request.add_header("Authorization", f"Bearer {self.secret}")
        if actor:
            request.add_header("X-Practice-As", actor)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                text = answer.read()
        except urllib.error.HTTPError as problem:
            raise PlayError(
                f"{method} {path}: {problem.code} {problem.read().decode(errors='replace')[:300]}"
            ) from problem
        except OSError as problem:
            raise PlayError(f"the practice network does not answer at {self.address}: {problem}") from problem
        return json.loads(text) if text else None

    def make_people(self, scenario: Scenario) -> None:
        """Make the customers that do not exist yet."""
        for handle, name in scenario.people.items():
            self.call(
                "POST",
                "/api/accounts",
                {"handle": handle, "display_name": name, "kind": "customer", "exist_ok": True},
            )

    def play(self, step: Step, at: datetime | None) -> str:
        """Play a customer's step; returns the id of the post. ``at``: the post's own time, or None for now."""
        body: dict[str, Any] = {"text": step.text, "key": f"{self.run}.{step.id}"}
        if at is not None:
            body["at"] = at.isoformat().replace("+00:00", "Z")
        if step.do == "direct":
            body["to"] = self._account(step)
            made = self.call("POST", "/api/messages", body, actor=step.by)
        elif step.do == "reply":
            body["reply_to"] = self.last_in_thread(step)
            made = self.call("POST", "/api/posts", body, actor=step.by)
        else:
            body["text"] = f"@{self._account(step)} {step.text}"
            made = self.call("POST", "/api/posts", body, actor=step.by)
        self.played[step.id] = made["id"]
        return str(made["id"])

    def _account(self, step: Step) -> str:
        handle = self.accounts.get(step.to) or next(iter(self.accounts.values()), "")
        if not handle:
            raise PlayError(f"{step.id}: no channel is connected to the practice network")
        return handle

    def last_in_thread(self, step: Step) -> str:
        """The newest post of the thread that ``step`` goes on with, so that an answer answers the answer."""
        root = self.played.get(step.thread)
        if root is None:
            raise PlayError(f"{step.id}: {step.thread} was not played")
        posts = self.call("GET", f"/api/posts/{root}/thread?limit=100")["posts"]
        ours = [post for post in posts if not post["deleted"] and post["author"]["handle"] != step.by]
        return str(ours[-1]["id"] if ours else root)
