"""Speaks to the stand-in network over a real socket."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from sotong.channels.tests.stand_in.manifest import MANIFEST
from sotong.networks import errors
from sotong.networks.contract import (
    InboundItem,
    InboundKind,
    Manifest,
    Metrics,
    OutboundPost,
    Page,
    Receipt,
    RemoteAccount,
    Session,
    Unreadable,
    WebhookRequest,
)

TIMEOUT = 3.0


class CountingConnector:
    manifest: Manifest = MANIFEST

    def __init__(self, credentials: Mapping[str, str], session: Session) -> None:
        self.place = urlsplit(credentials["url"])
        self.account = credentials.get("account", "us")
        self.session = session

    @property
    def origin(self) -> str:
        return f"http://{self.place.netloc}"

    def _call(self, method: str, path: str, body: Any = None) -> tuple[int, Any, http.client.HTTPResponse]:
        """One request. Whatever breaks after the connection stands is ``Unknown``; before it, ``Temporary``."""
        connection = http.client.HTTPConnection(self.place.hostname or "", self.place.port, timeout=TIMEOUT)
        try:
            connection.connect()
        except OSError as problem:
            raise errors.Temporary("no connection") from problem
        try:
            data = json.dumps(body) if body is not None else None
            connection.request(method, path, data, {"X-Account": self.account})
            response = connection.getresponse()
            return response.status, json.loads(response.read()), response
        except (OSError, http.client.HTTPException, ValueError) as problem:
            raise errors.Unknown(type(problem).__name__) from problem
        finally:
            connection.close()

    def _checked(self, method: str, path: str, body: Any = None) -> Any:
        status, answer, response = self._call(method, path, body)
        if status == 401:
            raise errors.Unauthorized("the token is dead")
        if status == 429:
            raise errors.RateLimited("slow down", retry_after=float(response.headers["Retry-After"]))
        if status == 400:
            raise errors.Rejected("refused")
        if status >= 500:
            raise errors.Temporary(f"status {status}")
        return answer if status != 404 else None

    def whoami(self) -> RemoteAccount:
        me = self._checked("GET", "/me")
        return RemoteAccount(remote_id=me["id"], handle=me["handle"], display_name=me["handle"].title())

    def fetch(self, cursor: str) -> Page:
        page = self._checked("GET", f"/feed?after={cursor}")
        return Page(items=tuple(read(raw) for raw in page["items"]), cursor=page["cursor"], has_more=page["more"])

    def publish(self, post: OutboundPost) -> Receipt:
        made = self._checked("POST", "/posts", {"key": post.idempotency_key, "text": post.text})
        return Receipt(remote_id=made["id"], url=f"{self.origin}/{made['id']}")

    def find(self, idempotency_key: str) -> Receipt | None:
        found = self._checked("GET", f"/find?key={idempotency_key}")
        return Receipt(remote_id=found["id"], url=f"{self.origin}/{found['id']}") if found else None

    def read_webhook(self, request: WebhookRequest) -> Page:
        raise errors.Unsupported

    def delete(self, remote_id: str) -> None:
        if self._checked("DELETE", f"/posts/{remote_id}") is None:
            raise errors.Gone("it was gone already")

    def measure(self, remote_id: str) -> Metrics:
        raise errors.Unsupported

    def search(self, query: str, cursor: str) -> Page:
        raise errors.Unsupported

    def reread(self, raw: bytes, observed_at: datetime) -> InboundItem | Unreadable:
        """The mended parser: it takes texts without an author."""
        return read({"author": "someone", **json.loads(raw)})

    def probes(self) -> Mapping[str, Callable[[], str]]:
        return {"account": lambda: self.whoami().handle, "feed": lambda: f"{len(self.fetch('').items)}"}


def read(raw: dict[str, Any]) -> InboundItem | Unreadable:
    now = datetime.now(UTC)
    data = json.dumps(raw).encode()
    if "author" not in raw:
        return Unreadable(remote_id=str(raw.get("id", "")), raw=data, why="the author is missing", observed_at=now)
    return InboundItem(
        kind=InboundKind(raw.get("kind", "post")),
        remote_id=raw["id"],
        revision=raw.get("revision", ""),
        thread_ref=raw.get("thread", raw["id"]),
        author=RemoteAccount(remote_id=raw["author"], handle=raw["author"]),
        text=raw.get("text", ""),
        posted_at=now,
        observed_at=now,
        raw=data,
    )


def open_connector(credentials: Mapping[str, str], session: Session) -> CountingConnector:
    return CountingConnector(credentials, session)
