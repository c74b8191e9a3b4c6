"""Starting, killing and calling a real practice network in its own process."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sotong_practice.truth import FILE_NAME, Record, read_truth

PORTS = range(14210, 14300)
START_SECONDS = 20.0


@dataclass
class Answered:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...] = ()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Practice:
    """One data folder, and the process that serves it now."""

    folder: Path
    options: list[str] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts on the port it had, or on a free one; returns once it answers."""
        ports = [self.port] if self.port else random.sample(PORTS, len(PORTS))
        for port in ports:
            process = self.spawn(port)
            deadline = time.monotonic() + START_SECONDS
            while time.monotonic() < deadline and process.poll() is None:
                if self._answers(port):
                    self.process, self.port = process, port
                    return
                time.sleep(0.02)
            if process.poll() is None:
                process.kill()
            said = process.communicate()[1].decode()
            if "--port" not in said:
                raise RuntimeError(said)
        raise RuntimeError("no free port")

    def spawn(self, port: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "sotong_practice", "--port", str(port), "--data", str(self.folder)]
        root = Path(__file__).parents[2]
        return subprocess.Popen(
            [*command, *self.options],
            cwd=root,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def _answers(self, port: int) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/api/health")
            health = json.loads(connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            return False
        finally:
            connection.close()
        # Somebody else's network may listen there: ours names the world of our folder.
        truth = self.folder / FILE_NAME
        return truth.exists() and f'"world":"{health["world"]}"' in truth.read_text()

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()
        self.process = None

    def stop(self) -> float:
        """SIGTERM; the seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.terminate()
        self.process.communicate(timeout=10)
        self.process = None
        return time.monotonic() - began

    def truth(self) -> Iterator[Record]:
        return read_truth(self.folder / FILE_NAME)

    def records(self, *kinds: str) -> list[Record]:
        return [record for record in self.truth() if record["kind"] in kinds]

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answered:
        """One request on its own connection. Raises ``OSError`` or ``HTTPException`` when no answer comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            cookies = tuple(answer.headers.get_all("Set-Cookie") or ())
            return Answered(answer.status, dict(answer.headers), answer.read(), cookies)
        finally:
            connection.close()

    def caller(self, token: str, **headers: str) -> Caller:
        return Caller(self, token, {name.replace("_", "-"): value for name, value in headers.items()})

    @property
    def secret(self) -> str:
        return (self.folder / "admin-secret").read_text().strip()

    @property
    def admin(self) -> Caller:
        return self.caller(self.secret)

    def acting_as(self, handle: str) -> Caller:
        """The administrator in the name of an account."""
        return self.caller(self.secret, X_Practice_As=handle)

    def account(self, handle: str, name: str = "", kind: str = "customer") -> Caller:
        """A new account with its token."""
        made = self.admin.post("/api/accounts", handle=handle, display_name=name or handle, kind=kind)
        assert made.status == 201, made.text
        return self.caller(made.json["token"])


@dataclass
class Caller:
    """Somebody with a token."""

    practice: Practice
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answered:
        raw = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        sent = {"Authorization": f"Bearer {self.token}", **self.headers, **headers}
        if raw is not None:
            sent.setdefault("Content-Type", "application/json")
        return self.practice.request(method, path, raw, sent)

    def get(self, path: str, **headers: str) -> Answered:
        return self.call("GET", path, **headers)

    def post(self, path: str, **body: Any) -> Answered:
        return self.call("POST", path, body)

    def write(self, text: str, **more: Any) -> dict[str, Any]:
        """A post that must succeed."""
        made = self.post("/api/posts", text=text, **more)
        assert made.status in {200, 201}, made.text
        post: dict[str, Any] = made.json
        return post

    def feed(self, cursor: str = "start", **query: Any) -> dict[str, Any]:
        more = "".join(f"&{name}={value}" for name, value in query.items())
        answer = self.get(f"/api/feed?cursor={cursor}{more}")
        assert answer.status == 200, answer.text
        page: dict[str, Any] = answer.json
        return page

    def whole_feed(self, cursor: str = "start", limit: int = 50) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        while True:
            page = self.feed(cursor, limit=limit)
            items += page["items"]
            cursor = page["cursor"]
            if not page["has_more"]:
                return items

    def fault(self, kind: str, **setting: Any) -> None:
        assert self.call("PUT", f"/api/admin/faults/{kind}", {"probability": 1, **setting}).status == 200
