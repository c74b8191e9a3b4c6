"""Runs the stand-in network as a process of its own."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from sotong.networks import registry

registry.add("counting", "sotong.channels.tests.stand_in")
registry.add("blind", "sotong.channels.tests.stand_in.blind")


class StandIn:
    """A running stand-in network."""

    def __init__(self, folder: Path, *options: str, port: int = 0) -> None:
        self.truth_file = folder / "truth.jsonl"
        self.process = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("server.py"), str(port), self.truth_file, *options],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def call(self, method: str, path: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request(method, path, json.dumps(body) if body is not None else None)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer

    def fault(self, **faults: Any) -> None:
        """From now on: probabilities by kind, and their settings."""
        self.call("POST", "/control", faults)

    def arrive(self, *items: dict[str, Any]) -> None:
        """Put items into the feed."""
        self.call("POST", "/arrive", {"items": items})

    def injected(self) -> dict[str, int]:
        found: dict[str, int] = self.call("GET", "/state")["injected"]
        return found

    def effects(self) -> list[dict[str, Any]]:
        """What truly happened."""
        return [json.loads(line) for line in self.truth_file.read_text().splitlines()]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(5)
