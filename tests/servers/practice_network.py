"""The practice network as a process of its own, with a data folder that goes away, and what people do there."""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2

from tests.servers.processes import Ports, running


class PracticeNetwork:
    def __init__(self, url: str, data: Path) -> None:
        self.url = url
        self.data = data
        self._secret = (data / "admin-secret").read_text().strip()
        self._client = httpx2.Client(base_url=url, trust_env=False, timeout=30)

    def close(self) -> None:
        self._client.close()

    def create_account(self, handle: str, *, kind: str = "customer") -> dict[str, Any]:
        """``{"account": …, "token": …}``."""
        body = {"handle": handle, "display_name": handle, "kind": kind}
        made: dict[str, Any] = self.call("POST", "/api/accounts", body)
        return made

    def call(self, verb: str, path: str, body: Any = None, *, as_handle: str = "") -> Any:
        """As the administrator, or as that account."""
        headers = {"authorization": f"Bearer {self._secret}"}
        if as_handle:
            headers["x-practice-as"] = as_handle
        response = self._client.request(verb, path, json=body, headers=headers)
        if response.status_code >= 400:
            raise RuntimeError(f"{verb} {path}: {response.status_code} {response.text[:300]}")
        return response.json() if response.content else None

    def truth(self) -> list[dict[str, Any]]:
        """What has happened, in order."""
        return [json.loads(line) for line in (self.data / "truth.jsonl").read_text().splitlines()]

    def effects(self, key: str) -> int:
        """How many posts and messages were made with that key, by the truth file."""
        made = ("post", "reply", "direct")
        return sum(line.get("key") == key and line["kind"] in made for line in self.truth())


@contextlib.contextmanager
def practice_network(ports: str = "14350-14399") -> Iterator[PracticeNetwork]:
    with tempfile.TemporaryDirectory(prefix="sotong-practice-") as folder:
        data, port = Path(folder) / "data", Ports(ports).take()
        command = [sys.executable, "-m", "sotong_practice", "--port", str(port), "--host", "127.0.0.1"]
        log = Path(folder) / "log"
        with running([*command, "--data", str(data)], log=log, cwd=Path(__file__).parents[2]) as process:
            url = f"http://127.0.0.1:{port}"
            _wait(url, process, log)
            network = PracticeNetwork(url, data)
            try:
                yield network
            finally:
                network.close()


def _wait(url: str, process: Any, log: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"{url}/api/health", trust_env=False, timeout=2).status_code == 200:
                return
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the practice network did not start:\n" + log.read_text()[-2000:])
        time.sleep(0.1)
