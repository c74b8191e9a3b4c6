"""Questions about people: who may change whom, what a password is worth, whether a link still holds. Pure."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import available_timezones

LINK_LIFE = timedelta(hours=24)
"""How long an invitation or a reset link holds."""

ADMINISTRATOR = "administrator"
OWNER_ROLES = ("administrator", "lead", "agent")
LANGUAGES = ("ko", "en")


class LinkState(StrEnum):
    """What became of a one-time link."""

    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


def address_of(text: str) -> str:
    """An e-mail address in its one form: full-width letters and the Kelvin sign make no second name."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def new_token() -> str:
    """A token for a one-time link: 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token. A plain hash suffices, because a token is as long as the hash."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def link_state(
    *, expires_at: datetime, used_at: datetime | None, withdrawn_at: datetime | None, at: datetime
) -> LinkState:
    """Used and withdrawn are told before expired, because they say more."""
    if used_at is not None:
        return LinkState.USED
    if withdrawn_at is not None:
        return LinkState.WITHDRAWN
    return LinkState.OPEN if at < expires_at else LinkState.EXPIRED


@cache
def _known_zones() -> frozenset[str]:
    """The machine's zones. Asking for them reads hundreds of files, so it is done once."""
    return frozenset(available_timezones())


def is_time_zone(name: str) -> bool:
    """Whether ``name`` is an IANA zone with a place or UTC (not "Etc/…", "posixrules" and the like)."""
    if name == "UTC":
        return True
    return "/" in name and not name.startswith(("Etc/", "SystemV/")) and name in _known_zones()


class Refusal(StrEnum):
    """Why a change to a person is refused."""

    ONESELF = "oneself"
    LAST_ADMINISTRATOR = "last_administrator"
    OWNER = "owner"
    REASON_MISSING = "reason_missing"


def refusal_of_change(
    *,
    by_id: int,
    person_id: int,
    is_owner: bool,
    by_is_owner: bool,
    roles_before: Iterable[str],
    roles_after: Iterable[str],
    stays_active: bool,
    other_administrators: int,
    reason: str,
) -> Refusal | None:
    """Why ``by`` may not change the person's roles, authority or being active; None: they may.

    ``other_administrators``: active people with that role besides the person.
    """
    if by_id == person_id:
        return Refusal.ONESELF
    if is_owner and not by_is_owner:
        return Refusal.OWNER
    loses = ADMINISTRATOR in set(roles_before) and (not stays_active or ADMINISTRATOR not in set(roles_after))
    if loses and other_administrators == 0:
        return Refusal.LAST_ADMINISTRATOR
    if not reason.strip():
        return Refusal.REASON_MISSING
    return None


BROWSERS = (
    ("Edg/", "Edge"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Whale", "Whale"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def device_of(user_agent: str) -> tuple[str, str]:
    """Browser and system by their usual names, as far as a browser's own description tells; empty where it does not."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return browser, system
