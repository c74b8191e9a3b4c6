"""Permissions, roles and the one authorisation function. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

PERMISSIONS: dict[str, str] = {
    "inbox.read": "read conversations of the channels that one may use",
    "inbox.reply": "claim, answer, note, resolve, snooze, label",
    "inbox.take_back": "take back what others have sent",
    "inbox.assign": "assign conversations to others and take over claims",
    "inbox.bulk": "change many conversations at once",
    "inbox.canned": "write canned responses",
    "contacts.read": "see contacts and their history",
    "channels.read": "see channels and their state",
    "channels.manage": "connect, change and close channels",
    "channels.brake": "stop all sending, and release it",
    "channels.decide": "decide about unconfirmed and set-aside items",
    "people.read": "see who works here",
    "people.manage": "invite people, change roles, teams and authority",
    "audit.read": "read the audit trail",
    "company.manage": "change the company's name, language and time zone",
    "practice.open": "open and close the practice network",
}

_DESK = frozenset({"inbox.read", "inbox.reply", "contacts.read", "channels.read", "people.read"})

ROLES: dict[str, frozenset[str]] = {
    "agent": _DESK,
    "lead": _DESK
    | {"inbox.take_back", "inbox.assign", "inbox.bulk", "inbox.canned", "channels.brake", "channels.decide"},
    "approver": frozenset({"inbox.read", "contacts.read", "channels.read", "people.read"}),
    "press_officer": _DESK | {"inbox.take_back", "channels.brake"},
    "host": frozenset({"inbox.read", "channels.read", "people.read"}),
    "moderator": frozenset({"inbox.read", "contacts.read", "channels.read", "people.read"}),
    "subject_owner": frozenset({"inbox.read", "people.read"}),
    "rota_manager": frozenset({"people.read"}),
    "voice_manager": frozenset({"inbox.read", "contacts.read", "people.read"}),
    "analyst": frozenset({"channels.read", "people.read"}),
    "privacy_officer": frozenset({"contacts.read", "people.read", "audit.read"}),
    "administrator": frozenset(
        {
            "channels.read",
            "channels.manage",
            "channels.brake",
            "channels.decide",
            "people.read",
            "people.manage",
            "audit.read",
            "company.manage",
            "practice.open",
            "inbox.canned",
        }
    ),
}
"""Least rights: an administrator runs the house and does not thereby read customers' conversations."""

AUTHORITY_LEVELS = (1, 2, 3, 4)
"""Who may promise what, apart from the role: 1 explains, 2 small amends, 3 price and date, 4 the company."""


class Actor(Protocol):
    """Whoever asks: a person, or nobody."""

    @property
    def is_authenticated(self) -> bool: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def roles(self) -> Iterable[str]: ...


class Place(Protocol):
    """A thing that restricts who may use it, such as a channel."""

    def admits(self, actor: Actor) -> bool: ...


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """All permissions that these roles grant together; an unknown role grants nothing."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))


def may(actor: Actor, permission: str, where: Place | None = None) -> bool:
    """Whether ``actor`` may do ``permission`` (at ``where``, when given).

    Raises ``KeyError`` for a permission that does not exist, so that a misspelt one cannot pass.
    """
    if permission not in PERMISSIONS:
        raise KeyError(permission)
    if not (getattr(actor, "is_authenticated", False) and getattr(actor, "is_active", False)):
        return False
    if permission not in permissions_of(getattr(actor, "roles", ())):
        return False
    return where is None or where.admits(actor)
