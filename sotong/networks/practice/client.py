"""HTTP only: one function an endpoint of ``sotong_practice/API.md``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from sotong.egress.door import Egress, Response
from sotong.networks.calling import ask, decoded
from sotong.networks.practice.faults import problem

READ_TIMEOUT = 15.0
WRITE_TIMEOUT = 20.0


@dataclass(frozen=True, kw_only=True)
class Client:
    server: str
    egress: Egress
    token: str = field(repr=False)

    def me(self) -> dict[str, Any]:
        return self._read("/api/me")

    def feed(self, *, cursor: str, limit: int) -> dict[str, Any]:
        """What concerns the account, oldest first; without a cursor the latest ``limit`` items."""
        params: dict[str, str | int] = {"limit": limit}
        return self._read("/api/feed", {**params, "cursor": cursor} if cursor else params)

    def search(self, query: str, *, after: str, limit: int) -> dict[str, Any]:
        return self._read("/api/search", {"q": query, "after": after, "limit": limit})

    def post(self, post_id: str) -> dict[str, Any]:
        return self._read(f"/api/posts/{quote(post_id, safe='')}")

    def by_key(self, key: str) -> dict[str, Any]:
        return self._read(f"/api/by-key/{quote(key, safe='')}")

    def create_post(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """The same ``key`` is the same post for ever."""
        return self._write("POST", "/api/posts", body)

    def create_message(self, body: Mapping[str, Any]) -> dict[str, Any]:
        return self._write("POST", "/api/messages", body)

    def upload(self, content: bytes, mime: str) -> dict[str, Any]:
        """An image that no post uses is no effect."""
        response = self._send(
            "POST", "/api/media", is_write=False, headers={"content-type": mime}, content=content, timeout=60.0
        )
        return decoded(response, call="POST /api/media", is_write=False)

    def delete_post(self, post_id: str) -> None:
        self._send("DELETE", f"/api/posts/{quote(post_id, safe='')}", is_write=True, timeout=WRITE_TIMEOUT)

    def delete_message(self, message_id: str) -> None:
        self._send("DELETE", f"/api/messages/{quote(message_id, safe='')}", is_write=True, timeout=WRITE_TIMEOUT)

    def _read(self, path: str, params: Mapping[str, str | int] | None = None) -> dict[str, Any]:
        response = self._send("GET", path, is_write=False, params=params, timeout=READ_TIMEOUT)
        return decoded(response, call=f"GET {_name(path)}", is_write=False)

    def _write(self, verb: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        response = self._send(verb, path, is_write=True, json=body, timeout=WRITE_TIMEOUT)
        return decoded(response, call=f"{verb} {_name(path)}", is_write=True)

    def _send(
        self, verb: str, path: str, *, is_write: bool, headers: Mapping[str, str] | None = None, **options: Any
    ) -> Response:
        sent = {"accept": "application/json", "authorization": f"Bearer {self.token}", **(headers or {})}
        call = f"{verb} {_name(path)}"
        url = f"{self.server}{path}"
        response = ask(self.egress, verb, url, call=call, is_write=is_write, headers=sent, **options)
        trouble = problem(response, call=call, is_write=is_write)
        if trouble is not None:
            raise trouble
        return response


def _name(path: str) -> str:
    return "/".join(path.split("/")[:3])
