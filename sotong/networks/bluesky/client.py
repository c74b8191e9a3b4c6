"""HTTP only: one function an XRPC endpoint. Raises the errors of ``networks.errors`` and of ``faults``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sotong.egress.door import Egress, Response
from sotong.networks import errors
from sotong.networks.bluesky.faults import problem
from sotong.networks.calling import ask, decoded

POSTS = "app.bsky.feed.post"
READ_TIMEOUT = 20.0
WRITE_TIMEOUT = 30.0
UPLOAD_TIMEOUT = 60.0


@dataclass(frozen=True, kw_only=True)
class Client:
    """One PDS. ``token`` arguments are access tokens, except where said otherwise."""

    server: str
    egress: Egress
    now: Callable[[], datetime]

    def create_session(self, identifier: str, password: str) -> dict[str, Any]:
        body = {"identifier": identifier, "password": password}
        return self._post("com.atproto.server.createSession", body, is_write=False)

    def refresh_session(self, refresh_token: str) -> dict[str, Any]:
        return self._post("com.atproto.server.refreshSession", None, token=refresh_token, is_write=False)

    def get_session(self, token: str) -> dict[str, Any]:
        return self._get("com.atproto.server.getSession", {}, token)

    def get_profile(self, token: str, actor: str) -> dict[str, Any]:
        return self._get("app.bsky.actor.getProfile", {"actor": actor}, token)

    def resolve_handle(self, token: str, handle: str) -> str:
        """The DID behind a handle. Raises ``Rejected`` or ``Gone`` for a handle that is nobody's."""
        answer = self._get("com.atproto.identity.resolveHandle", {"handle": handle}, token)
        did = answer.get("did")
        if not isinstance(did, str) or not did.startswith("did:"):
            raise errors.Temporary("resolveHandle answered without a DID")
        return did

    def list_notifications(self, token: str, *, cursor: str, limit: int) -> dict[str, Any]:
        """Newest first. ``priority`` is said outright: the account's own setting could hide strangers from us."""
        params: dict[str, str | int | bool | list[str]] = {"limit": limit, "priority": False}
        if cursor:
            params["cursor"] = cursor
        return self._get("app.bsky.notification.listNotifications", params, token)

    def get_posts(self, token: str, uris: Sequence[str]) -> dict[str, Any]:
        """Up to 25 posts as the AppView shows them; those that are gone are left out."""
        return self._get("app.bsky.feed.getPosts", {"uris": list(uris)}, token)

    def get_author_feed(self, token: str, actor: str, *, limit: int) -> dict[str, Any]:
        """An account's posts and replies with their counts, newest first."""
        return self._get("app.bsky.feed.getAuthorFeed", {"actor": actor, "limit": limit}, token)

    def get_post_thread(self, token: str, uri: str, *, depth: int) -> dict[str, Any]:
        """A post and what lies below it, ``depth`` levels deep."""
        params: dict[str, str | int | bool | list[str]] = {"uri": uri, "depth": depth, "parentHeight": 0}
        return self._get("app.bsky.feed.getPostThread", params, token)

    def search_posts(self, token: str, query: str, *, cursor: str, limit: int) -> dict[str, Any]:
        """Newest first."""
        params: dict[str, str | int | bool | list[str]] = {"q": query, "sort": "latest", "limit": limit}
        if cursor:
            params["cursor"] = cursor
        return self._get("app.bsky.feed.searchPosts", params, token)

    def get_record(self, token: str, repo: str, rkey: str) -> dict[str, Any]:
        """One of the posts of a repository, from the PDS itself. Raises ``Gone`` when there is none."""
        params = {"repo": repo, "collection": POSTS, "rkey": rkey}
        return self._get("com.atproto.repo.getRecord", params, token)

    def put_new_record(self, token: str, repo: str, rkey: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Create the post at that key. The same record again is no change and answers the same; where another record
        lies there, ``swapRecord: null`` ("only if nothing is there") makes it ``Occupied`` instead of an overwrite.
        """
        body = {"repo": repo, "collection": POSTS, "rkey": rkey, "record": record, "swapRecord": None}
        return self._post("com.atproto.repo.putRecord", body, token=token, is_write=True)

    def delete_record(self, token: str, repo: str, rkey: str) -> None:
        """Deleting what is not there is no error."""
        body = {"repo": repo, "collection": POSTS, "rkey": rkey}
        self._post("com.atproto.repo.deleteRecord", body, token=token, is_write=True, may_be_empty=True)

    def upload_blob(self, token: str, content: bytes, mime: str) -> dict[str, Any]:
        """A blob that no record uses yet is no effect: the server drops it after a while."""
        response = self._send(
            "POST",
            "com.atproto.repo.uploadBlob",
            token=token,
            content=content,
            headers={"content-type": mime},
            is_write=False,
            timeout=UPLOAD_TIMEOUT,
        )
        blob = decoded(response, call="uploadBlob", is_write=False).get("blob")
        if not isinstance(blob, dict):
            raise errors.Temporary("uploadBlob answered without a blob")
        return blob

    def _get(self, method: str, params: Mapping[str, str | int | bool | list[str]], token: str) -> dict[str, Any]:
        response = self._send("GET", method, params=params, token=token, is_write=False, timeout=READ_TIMEOUT)
        return decoded(response, call=method, is_write=False)

    def _post(
        self,
        method: str,
        body: Mapping[str, Any] | None,
        *,
        token: str = "",
        is_write: bool,
        may_be_empty: bool = False,
    ) -> dict[str, Any]:
        response = self._send("POST", method, token=token, json=body, is_write=is_write, timeout=WRITE_TIMEOUT)
        if may_be_empty and not response.content.strip():
            return {}
        return decoded(response, call=method, is_write=is_write)

    def _send(
        self,
        verb: str,
        method: str,
        *,
        token: str,
        is_write: bool,
        timeout: float,
        headers: Mapping[str, str] | None = None,
        **body: Any,
    ) -> Response:
        sent = {"accept": "application/json", **(headers or {})}
        if token:
            sent["authorization"] = f"Bearer {token}"
        response = ask(
            self.egress,
            verb,
            f"{self.server}/xrpc/{method}",
            call=method,
            is_write=is_write,
            headers=sent,
            timeout=timeout,
            **body,
        )
        trouble = problem(response, call=method, is_write=is_write, now=self.now())
        if trouble is not None:
            raise trouble
        return response
