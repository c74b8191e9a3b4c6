"""Who may do what, without a database."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from sotong.access.rules import AUTHORITY_LEVELS, PERMISSIONS, ROLES, Actor, may, permissions_of


@dataclass
class Someone:
    roles: list[str] = field(default_factory=list)
    is_authenticated: bool = True
    is_active: bool = True


@dataclass
class Door:
    is_open: bool

    def admits(self, actor: Actor) -> bool:
        return self.is_open


@pytest.mark.parametrize(
    ("roles", "permission", "expected"),
    [
        (["agent"], "inbox.reply", True),
        (["agent"], "inbox.bulk", False),
        (["agent"], "people.manage", False),
        (["lead"], "inbox.bulk", True),
        (["lead"], "channels.brake", True),
        (["lead"], "channels.manage", False),
        (["approver"], "inbox.read", True),
        (["approver"], "inbox.reply", False),
        (["press_officer"], "channels.brake", True),
        (["rota_manager"], "inbox.read", False),
        (["analyst"], "inbox.read", False),
        (["analyst"], "contacts.read", False),
        (["privacy_officer"], "audit.read", True),
        (["privacy_officer"], "inbox.read", False),
        (["administrator"], "people.manage", True),
        (["administrator"], "inbox.read", False),
        (["administrator"], "contacts.read", False),
        (["administrator"], "inbox.take_back", False),
        (["administrator", "lead"], "inbox.take_back", True),
        (["administrator", "agent"], "inbox.read", True),
        ([], "people.read", False),
        (["wizard"], "people.read", False),
    ],
)
def test_a_role_grants_what_it_says_and_no_more(roles: list[str], permission: str, expected: bool) -> None:
    assert may(Someone(roles), permission) is expected


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_nobody_and_no_longer_anybody_may_nothing(permission: str) -> None:
    everything = list(ROLES)
    assert not may(Someone(everything, is_authenticated=False), permission)
    assert not may(Someone(everything, is_active=False), permission)
    assert not may(object(), permission)  # type: ignore[arg-type]


def test_a_place_refuses_whom_it_does_not_admit() -> None:
    assert may(Someone(["agent"]), "inbox.reply", Door(True))
    assert not may(Someone(["agent"]), "inbox.reply", Door(False))
    assert not may(Someone([]), "inbox.reply", Door(True))


def test_a_misspelt_permission_cannot_pass() -> None:
    with pytest.raises(KeyError):
        may(Someone(["administrator"]), "people.mange")


def test_roles_grant_only_permissions_that_exist_and_each_is_granted_by_someone() -> None:
    granted = permissions_of(ROLES)
    assert granted == set(PERMISSIONS)
    assert AUTHORITY_LEVELS == (1, 2, 3, 4)
