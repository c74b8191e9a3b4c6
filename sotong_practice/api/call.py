"""One API call: who asks, with what, and the small things every handler needs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sotong_practice.api.fields import Fields
from sotong_practice.exchange import Answer, Request
from sotong_practice.network import Network, hash_of
from sotong_practice.refusals import Refusal
from sotong_practice.rules import read_time
from sotong_practice.state.reading import account_by_handle, account_by_token
from sotong_practice.state.things import Account


@dataclass(kw_only=True)
class Call:
    """``visible_after``: seconds that a fault asks new things to stay hidden; ``is_late``: landing after its answer."""

    network: Network
    request: Request
    base: str
    account: Account | None = None
    is_admin: bool = False
    visible_after: float = 0
    is_late: bool = False

    @property
    def viewer(self) -> Account:
        """The account that acts. Raises ``Refusal`` (``account_needed``)."""
        if self.account is None:
            raise Refusal(403, "account_needed")
        return self.account

    def need_admin(self) -> None:
        if not self.is_admin:
            raise Refusal(403, "admin_only")

    def fields(self) -> Fields:
        return Fields(self.request.json())

    def time_in(self, fields: Fields) -> datetime | None:
        """The ``at`` of a replay."""
        raw = fields.maybe_text("at")
        if raw is None:
            return None
        if not self.is_admin:
            raise Refusal(403, "at_refused")
        return read_time(raw)

    def note_read(self, what: str, ids: Sequence[str], **more: Any) -> None:
        """Writes the read-out into the truth file."""
        reader = self.account.id if self.account is not None else "admin"
        self.network.record("read", account=reader, what=what, ids=list(ids), **more)

    def account_named(self, handle: str) -> Account:
        account = account_by_handle(self.network.tables, handle)
        if account is None:
            raise Refusal(404, "account_unknown")
        return account


Handler = Callable[..., Awaitable[Answer]]


def identify(call: Call) -> None:
    """Finds out who asks. Raises ``Refusal`` 401 for a missing, unknown or revoked token."""
    scheme, _, secret = call.request.headers.get("authorization", "").partition(" ")
    secret = secret.strip()
    if scheme.lower() != "bearer" or not secret:
        raise Refusal(401, "token_missing")
    if secret.startswith("admin_"):
        if not call.network.is_admin(secret):
            raise Refusal(401, "token_unknown")
        call.is_admin = True
        acting = call.request.headers.get("x-practice-as")
        if acting is not None:
            call.account = call.account_named(acting.removeprefix("@"))
        return
    found = account_by_token(call.network.tables, hash_of(secret))
    if found is None:
        raise Refusal(401, "token_unknown")
    account, is_revoked = found
    if is_revoked:
        raise Refusal(401, "token_revoked")
    call.account = account
