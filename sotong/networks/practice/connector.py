"""The connector: glue between the contract and ``client``, ``parse`` and ``render``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from sotong.egress.door import Egress
from sotong.egress.rules import server_address
from sotong.networks import errors, foreign
from sotong.networks.contract import (
    InboundItem,
    Metrics,
    OutboundPost,
    Page,
    Receipt,
    RemoteAccount,
    Session,
    Unreadable,
    WebhookRequest,
)
from sotong.networks.foreign import Malformed
from sotong.networks.practice import parse, render
from sotong.networks.practice.client import Client
from sotong.networks.practice.faults import CursorLost, KeyUnknown
from sotong.networks.practice.manifest import DEFAULT_SERVER, MANIFEST

PAGE_LIMIT = 100
FROM_THE_START = "start"


class PracticeConnector:
    manifest = MANIFEST
    origin = "practice"
    """Ids hold the name of their world and never come back, so they are unique over all servers."""

    def __init__(self, credentials: Mapping[str, str], *, egress: Egress, now: Callable[[], datetime]) -> None:
        self._now = now
        self._handle = credentials["handle"].strip().removeprefix("@").lower()
        self._client = Client(server=server_of(credentials), egress=egress, token=credentials["token"].strip())

    def whoami(self) -> RemoteAccount:
        try:
            account = parse.account(self._client.me())
        except Malformed as error:
            raise errors.Temporary("the network answered without an account") from error
        if account.handle != self._handle:
            raise errors.Unauthorized(f"the token belongs to @{account.handle}")
        return account

    def fetch(self, cursor: str) -> Page:
        """A cursor of a world that is gone starts the new one from its beginning."""
        try:
            answer = self._client.feed(cursor=cursor, limit=PAGE_LIMIT)
        except CursorLost:
            answer = self._client.feed(cursor=FROM_THE_START, limit=PAGE_LIMIT)
        observed_at = self._now()
        return _page(
            answer, "items", lambda raw: parse.read_item(raw, observed_at=observed_at), observed_at=observed_at
        )

    def search(self, query: str, cursor: str) -> Page:
        try:
            answer = self._client.search(query, after=cursor or FROM_THE_START, limit=PAGE_LIMIT)
        except CursorLost:
            answer = self._client.search(query, after=FROM_THE_START, limit=PAGE_LIMIT)
        observed_at = self._now()
        return _page(
            answer, "posts", lambda raw: parse.read_post(raw, raw=raw, observed_at=observed_at), observed_at=observed_at
        )

    def read_webhook(self, request: WebhookRequest) -> Page:
        raise errors.Unsupported("webhooks")

    def reread(self, raw: bytes, observed_at: datetime) -> InboundItem | Unreadable:
        def read(item: Mapping[str, Any]) -> InboundItem | None:
            return parse.read_item(item, observed_at=observed_at)

        return foreign.read_again(raw, read, remote_id=_id_of, observed_at=observed_at)

    def publish(self, post: OutboundPost) -> Receipt:
        render.check(post)
        media_ids = [self._upload(media.content or b"", media.mime) for media in post.media]
        body = render.body(post, media_ids=media_ids)
        if post.direct_to is not None:
            answer, thread = self._client.create_message(body), "exchange"
        else:
            answer, thread = self._client.create_post(body), "root"
        try:
            return parse.receipt(answer, thread=thread)
        except Malformed as error:
            raise errors.Unknown("the network took the post and did not say where it is") from error

    def find(self, idempotency_key: str) -> Receipt | None:
        """Also finds a post that was deleted since: it had been published."""
        try:
            found = self._client.by_key(idempotency_key)
        except KeyUnknown:
            return None
        try:
            if found.get("kind") == "direct":
                return parse.receipt(foreign.mapping(found, "message"), thread="exchange")
            return parse.receipt(foreign.mapping(found, "post"), thread="root")
        except Malformed as error:
            raise errors.Temporary("the network's answer has no post") from error

    def delete(self, remote_id: str) -> None:
        try:
            self._client.delete_post(remote_id)
        except errors.Gone:  # ids are unique over all kinds: then it is a direct message
            self._client.delete_message(remote_id)

    def measure(self, remote_id: str) -> Metrics:
        post = self._client.post(remote_id)
        if post.get("deleted") is True:
            raise errors.Gone("the post was deleted")
        try:
            return parse.metrics(post, measured_at=self._now())
        except Malformed as error:
            raise errors.Temporary("the network's answer has no counts") from error

    def probes(self) -> Mapping[str, Callable[[], str]]:
        return {"account": lambda: f"@{self.whoami().handle}", "fetch": self._newest, "publish": self._may_write}

    def _upload(self, content: bytes, mime: str) -> str:
        try:
            return foreign.name(self._client.upload(content, mime), "id")
        except Malformed as error:
            raise errors.Temporary("the network took the image and gave it no id") from error

    def _newest(self) -> str:
        items = self._client.feed(cursor="", limit=1).get("items")
        newest = items[-1] if isinstance(items, list) and items else None
        when = foreign.moment(newest.get("at")) if isinstance(newest, dict) else None
        return when.isoformat(timespec="seconds") if when else "0"

    def _may_write(self) -> str:
        """An empty post: refused for its emptiness only after the right to write was looked at."""
        try:
            self._client.create_post({"text": ""})
        except errors.Rejected:
            return f"@{self._handle}"
        raise errors.Temporary("the network took an empty post")


def open_connector(
    credentials: Mapping[str, str],
    session: Session,
    *,
    egress: Egress | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> PracticeConnector:
    """Its tokens do not rotate, so nothing is kept in the session."""
    way_out = egress or Egress(allowed_origins=[server_of(credentials)])
    return PracticeConnector(credentials, egress=way_out, now=now)


def server_of(credentials: Mapping[str, str]) -> str:
    """The server's address. Raises ``Blocked`` where it is none. Plain http: it has no certificate in any house."""
    return server_address(credentials.get("base_url") or DEFAULT_SERVER, takes_plain=True)


def _page(answer: Mapping[str, Any], name: str, read: Any, *, observed_at: datetime) -> Page:
    raws, cursor = answer.get(name), answer.get("cursor")
    if not isinstance(raws, list) or not isinstance(cursor, str):
        raise errors.Temporary(f"the network answered without {name} or cursor")
    items = foreign.read_each(raws, read, remote_id=_id_of, observed_at=observed_at)
    return Page(items=tuple(items), cursor=cursor, has_more=answer.get("has_more") is True)


def _id_of(raw: Mapping[str, Any]) -> str:
    """The post or message inside, so that a later good copy of it is known as the same thing."""
    for inner in (raw.get("post"), raw.get("message"), raw):
        found = inner.get("id") if isinstance(inner, dict) else None
        if isinstance(found, str) and 0 < len(found) <= foreign.NAME_MAX:
            return foreign.clean(found)
    return ""
