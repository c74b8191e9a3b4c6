"""The connector: glue between the contract and ``signin``, ``reading`` and ``publishing``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from sotong.egress.door import Egress
from sotong.egress.rules import server_address
from sotong.networks import errors, foreign
from sotong.networks.bluesky import feed, parse
from sotong.networks.bluesky.client import POSTS, Client
from sotong.networks.bluesky.manifest import DEFAULT_SERVER, MANIFEST
from sotong.networks.bluesky.publishing import Publishing
from sotong.networks.bluesky.reading import Reading, listed
from sotong.networks.bluesky.signin import SignIn, Tokens
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

NO_SUCH_KEY = "2222222222222"
"""A record key of the year 1970: nothing lies there, so deleting it shows the right to write and changes nothing."""


class BlueskyConnector:
    manifest = MANIFEST
    origin = "bluesky"
    """Addresses of records begin with a DID and are unique over all servers."""

    def __init__(
        self, credentials: Mapping[str, str], session: Session, *, egress: Egress, now: Callable[[], datetime]
    ) -> None:
        self._now = now
        self._sign_in = SignIn(
            Client(server=server_of(credentials), egress=egress, now=now),
            handle=credentials["handle"],
            app_password=credentials["app_password"],
            session=session,
        )
        self._reading = Reading(self._sign_in, now=now)
        self._publishing = Publishing(self._sign_in)

    def whoami(self) -> RemoteAccount:
        """The account, from its own server; name and picture from the AppView when that knows them already."""
        mine = self._sign_in.call(lambda client, tokens: client.get_session(tokens.access))
        try:
            account = parse.account(mine)
        except Malformed as error:
            raise errors.Temporary("the server answered without an account") from error
        try:
            profile = self._sign_in.call(lambda client, tokens: client.get_profile(tokens.access, account.remote_id))
            shown = parse.account(profile)
        except (errors.NetworkError, Malformed):
            return account
        return replace(account, display_name=shown.display_name, avatar_url=shown.avatar_url)

    def fetch(self, cursor: str) -> Page:
        return self._reading.notifications(cursor)

    def search(self, query: str, cursor: str) -> Page:
        return self._reading.search(query, cursor)

    def read_webhook(self, request: WebhookRequest) -> Page:
        raise errors.Unsupported("webhooks")

    def reread(self, raw: bytes, observed_at: datetime) -> InboundItem | Unreadable:
        return self._reading.again(raw, observed_at)

    def publish(self, post: OutboundPost) -> Receipt:
        return self._publishing.publish(post)

    def find(self, idempotency_key: str) -> Receipt | None:
        return self._publishing.find(idempotency_key)

    def delete(self, remote_id: str) -> None:
        did, collection, rkey = _split(remote_id)

        def remove(client: Client, tokens: Tokens) -> None:
            if did != tokens.did or collection != POSTS:
                raise errors.Rejected("that post is not ours")
            client.delete_record(tokens.access, did, rkey)

        self._sign_in.call(remove)

    def measure(self, remote_id: str) -> Metrics:
        _split(remote_id)
        view = self._reading.views([remote_id]).get(remote_id)
        if view is None:
            raise errors.Gone("the post is not there")

        return Metrics(
            likes=foreign.count(view, "likeCount"),
            reposts=foreign.count(view, "repostCount"),
            replies=foreign.count(view, "replyCount"),
            quotes=foreign.count(view, "quoteCount"),
            measured_at=self._now(),
        )

    def probes(self) -> Mapping[str, Callable[[], str]]:
        return {"account": lambda: f"@{self.whoami().handle}", "fetch": self._newest, "publish": self._may_write}

    def _newest(self) -> str:
        answer = self._sign_in.call(lambda client, tokens: client.list_notifications(tokens.access, cursor="", limit=1))
        items, _ = listed(answer, "notifications")
        when = feed.time_of(items[0]) if items else None
        return when.isoformat(timespec="seconds") if when else "0"

    def _may_write(self) -> str:
        def write(client: Client, tokens: Tokens) -> str:
            client.delete_record(tokens.access, tokens.did, NO_SUCH_KEY)
            return f"@{tokens.handle}"

        return self._sign_in.call(write)


def open_connector(
    credentials: Mapping[str, str],
    session: Session,
    *,
    egress: Egress | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> BlueskyConnector:
    way_out = egress or Egress(allowed_origins=[server_of(credentials)])
    return BlueskyConnector(credentials, session, egress=way_out, now=now)


def server_of(credentials: Mapping[str, str]) -> str:
    """The server's address. Raises ``Blocked`` where it is none."""
    return server_address(credentials.get("base_url") or DEFAULT_SERVER)


def _split(remote_id: str) -> tuple[str, str, str]:
    try:
        return parse.split_uri(remote_id)
    except Malformed as error:
        raise errors.Rejected("not the address of a post on this network") from error
