"""Who looks at a page: the browser's accounts, its language and theme, and the proof that a form is its own."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from sotong_practice.exchange import Request
from sotong_practice.network import Network, hash_of
from sotong_practice.state.reading import accounts_of_session
from sotong_practice.state.things import Account

SESSION, WHO, SEEN, LANGUAGE, THEME, ADMIN = "practice", "who", "seen", "lang", "theme", "practice_admin"
THEMES = ("system", "light", "dark")
KEEP_SECONDS = 180 * 24 * 3600


@dataclass(kw_only=True)
class Visitor:
    """``session``: the browser's secret (fresh for a newcomer). ``accounts``: all that this browser may speak as."""

    session: str
    is_new: bool
    accounts: list[Account]
    account: Account | None
    language: str
    theme: str
    is_admin: bool
    form_token: str
    cookies: list[str] = field(default_factory=list)

    def keep(self, name: str, value: str, *, seconds: int = KEEP_SECONDS) -> None:
        """A cookie to send along; scripts of a page cannot read it."""
        self.cookies.append(f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax")


def meet(network: Network, request: Request) -> Visitor:
    """The visitor behind a request. A newcomer's session is kept in the cookie alone until there is an account."""
    cookies = request.cookies
    session = cookies.get(SESSION, "")
    is_new = not (20 <= len(session) <= 100 and session.isascii())
    if is_new:
        session = secrets.token_urlsafe(32)
    found = [] if is_new else accounts_of_session(network.tables, hash_of(session))
    language = cookies.get(LANGUAGE, "")
    theme = cookies.get(THEME, "system")
    visitor = Visitor(
        session=session,
        is_new=is_new,
        accounts=found,
        account=_chosen(found, cookies.get(WHO, "")),
        language=language if language in {"ko", "en"} else request.language,
        theme=theme if theme in THEMES else "system",
        is_admin=hmac.compare_digest(cookies.get(ADMIN, "").encode(), admin_proof(network).encode()),
        form_token=network.seal(f"form:{session}"),
    )
    if is_new:
        visitor.keep(SESSION, session)
    return visitor


def current_account(network: Network, request: Request) -> Account | None:
    cookies = request.cookies
    session = cookies.get(SESSION, "")
    return _chosen(accounts_of_session(network.tables, hash_of(session)), cookies.get(WHO, "")) if session else None


def admin_proof(network: Network) -> str:
    """What the browser of somebody who knew the administrator's secret holds."""
    return network.seal("admin")


def _chosen(accounts: list[Account], handle: str) -> Account | None:
    named = [account for account in accounts if account.handle == handle] or accounts[-1:]
    return named[0] if named else None
