"""The stand-in network itself. Nothing but the standard library; shares no code with the product.

``python server.py PORT TRUTH [--keyless]``. With keys, the same key by the same account is one post for ever; keyless,
every request that arrives is a post. Faults are drawn per request from a seeded generator (``POST /control``).
"""

from __future__ import annotations

import json
import random
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Network:
    """The network's state; the truth file holds one line for each effect."""

    def __init__(self, truth: Path, has_keys: bool) -> None:
        self.has_keys = has_keys
        self.lock = threading.Lock()
        self.truth = truth.open("a", encoding="utf-8")
        self.posts: dict[tuple[str, str], str] = {}
        self.feed: list[dict[str, Any]] = []
        self.deleted: list[str] = []
        """One for each deletion that was asked for and done, also of what was gone."""
        self.count = 0
        self.faults: dict[str, Any] = {}
        self.injected: dict[str, int] = {}
        self.random = random.Random(1)

    def effect(self, account: str, body: dict[str, Any]) -> str:
        with self.lock:
            known = self.posts.get((account, body["key"]))
            if known is not None and self.has_keys:
                return known
            self.count += 1
            name = f"post-{self.count}"
            self.posts[account, body["key"]] = name
            line = {"account": account, "key": body["key"], "id": name, "text": body["text"], "at": time.time()}
            self.truth.write(json.dumps(line) + "\n")
            self.truth.flush()
            return name

    def strike(self, *kinds: str) -> str:
        """The fault that this request meets, or ""."""
        with self.lock:
            for kind in kinds:
                if self.random.random() < float(self.faults.get(kind, 0)):
                    self.injected[kind] = self.injected.get(kind, 0) + 1
                    return kind
        return ""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    network: Network

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            # The client died or gave up; the truth file has what happened.
            self.close_connection = True

    def drop(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    @property
    def account(self) -> str:
        return self.headers.get("X-Account", "us")

    def refused(self) -> bool:
        fault = self.network.strike("unauthorized", "rate_limited", "server_error", "rejected")
        if fault == "unauthorized":
            self.answer(401, {"error": "token"})
        elif fault == "rate_limited":
            self.answer(429, {"error": "slow"}, {"Retry-After": str(self.network.faults.get("retry_after", 2))})
        elif fault == "server_error":
            self.answer(503, {"error": "busy"})
        elif fault == "rejected":
            self.answer(400, {"error": "refused"})
        return bool(fault)

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(path.query).items()}
        if path.path == "/state":
            state = {"count": self.network.count, "injected": self.network.injected, "deleted": self.network.deleted}
            self.answer(200, state)
            return
        if self.network.strike("hang_read"):
            time.sleep(float(self.network.faults.get("hang_seconds", 5)))
            self.drop()
            return
        if self.network.strike("unauthorized_read"):
            self.answer(401, {"error": "token"})
        elif path.path == "/me":
            self.answer(200, {"id": f"id-{self.account}", "handle": self.account})
        elif path.path == "/find":
            found = self.network.posts.get((self.account, query["key"]))
            if found in self.network.deleted and not self.network.strike("still_there"):
                found = None
            self.answer(200 if found else 404, {"id": found})
        elif path.path == "/feed":
            since = int(query.get("after") or 0)
            items = self.network.feed[since : since + 50]
            more = since + 50 < len(self.network.feed)
            self.answer(200, {"items": items, "cursor": str(since + len(items)), "more": more})
        else:
            self.answer(404, {})

    def do_DELETE(self) -> None:
        """Deletes a post; what is gone already is 404."""
        if self.refused():
            return
        name = self.path.removeprefix("/posts/")
        is_new = name not in self.network.deleted
        self.network.deleted.append(name)
        if self.network.strike("drop_after"):
            self.drop()
        else:
            self.answer(200 if is_new else 404, {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        network = self.network
        if self.path == "/control":
            network.faults = body
            network.random = random.Random(body.get("seed", 1))
            self.answer(200, {})
        elif self.path == "/arrive":
            network.feed.extend(body["items"])
            self.answer(200, {"count": len(network.feed)})
        elif self.path == "/posts":
            self.post(body)
        else:
            self.answer(404, {})

    def post(self, body: dict[str, Any]) -> None:
        if self.refused():
            return
        network = self.network
        fault = network.strike("drop_before", "late", "hang", "drop_after", "html")
        if fault == "drop_before":
            self.drop()
            return
        if fault == "late":
            threading.Timer(float(network.faults.get("late_seconds", 1)), network.effect, (self.account, body)).start()
            self.drop()
            return
        name = network.effect(self.account, body)
        if fault == "hang":
            time.sleep(float(network.faults.get("hang_seconds", 5)))
            self.drop()
        elif fault == "drop_after":
            self.drop()
        elif fault == "html":
            self.send_response(200)
            self.send_header("Content-Length", "6")
            self.end_headers()
            self.wfile.write(b"<html>")
        else:
            time.sleep(float(network.faults.get("latency", 0)))
            self.answer(201, {"id": name})


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


def main() -> None:
    Handler.network = Network(Path(sys.argv[2]), "--keyless" not in sys.argv)
    server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
