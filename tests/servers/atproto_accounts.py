"""People on the test network: accounts made and used through plain XRPC calls, sharing no code with the connector."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx2

T = TypeVar("T")


@dataclass(frozen=True)
class Account:
    handle: str
    did: str
    password: str
    app_password: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class AtprotoNetwork:
    """The addresses of the running servers, and what people do there."""

    def __init__(self, *, pds: str, appview: str, plc: str, appview_did: str) -> None:
        self.pds = pds
        self.appview = appview
        self.plc = plc
        self.appview_did = appview_did
        self._client = httpx2.Client(trust_env=False, timeout=30)
        self._tokens: dict[str, str] = {}

    def close(self) -> None:
        self._client.close()

    def create_account(self, name: str, *, display_name: str = "") -> Account:
        """An account ``name.test`` with an app password. Names: letters, digits and hyphens."""
        handle, password = f"{name}.test", f"pw-{name}-long-enough"
        made = self._call(
            "com.atproto.server.createAccount",
            {"handle": handle, "email": f"{name}@example.test", "password": password},
        )
        self._tokens[handle] = made["accessJwt"]
        app = self._call("com.atproto.server.createAppPassword", {"name": "sotong"}, as_handle=handle)
        account = Account(handle, made["did"], password, app["password"])
        profile = {"$type": "app.bsky.actor.profile", "displayName": display_name or name}
        self.put(account, "app.bsky.actor.profile", "self", profile)
        return account

    def post(self, account: Account, text: str, **fields: Any) -> dict[str, str]:
        """A post of that account; ``fields`` go into the record as they are. Answers ``{"uri", "cid"}``."""
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": now(), **fields}
        return self._create(account, record)

    def mention(self, account: Account, whom: Account, text: str, **fields: Any) -> dict[str, str]:
        """A post whose first ``@handle`` of ``whom`` is a mention."""
        at = text.index(f"@{whom.handle}")
        start = len(text[:at].encode())
        facet = {
            "index": {"byteStart": start, "byteEnd": start + len(f"@{whom.handle}".encode())},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": whom.did}],
        }
        return self.post(account, text, facets=[facet], **fields)

    def reply(self, account: Account, parent: dict[str, str], text: str, *, root: dict[str, str] | None = None) -> Any:
        refs = {
            name: {"uri": ref["uri"], "cid": ref["cid"]} for name, ref in (("root", root or parent), ("parent", parent))
        }
        return self.post(account, text, reply=refs)

    def like(self, account: Account, post: dict[str, str]) -> dict[str, str]:
        subject = {"uri": post["uri"], "cid": post["cid"]}
        return self._create(account, {"$type": "app.bsky.feed.like", "subject": subject, "createdAt": now()})

    def delete(self, account: Account, uri: str) -> None:
        collection, rkey = uri.split("/")[-2:]
        body = {"repo": account.did, "collection": collection, "rkey": rkey}
        self._call("com.atproto.repo.deleteRecord", body, as_handle=account.handle)

    def put(self, account: Account, collection: str, rkey: str, record: dict[str, Any]) -> dict[str, str]:
        body = {"repo": account.did, "collection": collection, "rkey": rkey, "record": record}
        answer: dict[str, str] = self._call("com.atproto.repo.putRecord", body, as_handle=account.handle)
        return answer

    def upload(self, account: Account, content: bytes, mime: str) -> dict[str, Any]:
        """A blob reference for an ``app.bsky.embed.images`` embed."""
        response = self._client.post(
            f"{self.pds}/xrpc/com.atproto.repo.uploadBlob",
            content=content,
            headers={"content-type": mime, "authorization": f"Bearer {self._tokens[account.handle]}"},
        )
        response.raise_for_status()
        blob: dict[str, Any] = response.json()["blob"]
        return blob

    def posts_of(self, account: Account) -> list[dict[str, Any]]:
        """The post records in that account's repository, newest first: the network's own truth."""
        params: dict[str, Any] = {"repo": account.did, "collection": "app.bsky.feed.post", "limit": 100}
        records: list[dict[str, Any]] = []
        while True:
            page = self.query("com.atproto.repo.listRecords", params)
            records += page["records"]
            if not page.get("cursor"):
                return records
            params["cursor"] = page["cursor"]

    def thread(self, uri: str, *, viewer: Account) -> dict[str, Any]:
        """The thread as the AppView shows it to that account."""
        answer: dict[str, Any] = self.query("app.bsky.feed.getPostThread", {"uri": uri}, as_handle=viewer.handle)
        return answer["thread"] if answer else {}

    def query(self, method: str, params: dict[str, Any], *, as_handle: str = "") -> dict[str, Any]:
        response = self._client.get(f"{self.pds}/xrpc/{method}", params=params, headers=self._headers(as_handle))
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer

    def _create(self, account: Account, record: dict[str, Any]) -> dict[str, str]:
        body = {"repo": account.did, "collection": record["$type"], "record": record}
        answer: dict[str, str] = self._call("com.atproto.repo.createRecord", body, as_handle=account.handle)
        return answer

    def _call(self, method: str, body: dict[str, Any], *, as_handle: str = "") -> dict[str, Any]:
        response = self._client.post(f"{self.pds}/xrpc/{method}", json=body, headers=self._headers(as_handle))
        if response.status_code >= 400:
            raise RuntimeError(f"{method}: {response.status_code} {response.text[:500]}")
        answer: dict[str, Any] = response.json() if response.content else {}
        return answer

    def _headers(self, handle: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self._tokens[handle]}"} if handle else {}


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def wait_for(look: Callable[[], T | None], *, seconds: float = 20, every: float = 0.2) -> T:
    """Look until something is there: the AppView indexes what the PDS took a moment later."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not there after {seconds} s")
        time.sleep(every)
