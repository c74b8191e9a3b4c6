"""Whom the server runs as. PostgreSQL refuses root, and should: its account can touch its own folder alone."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sotong.postgres.errors import nameless, unreadable

PREFERRED = ("sotong", "postgres", "nobody")
"""Accounts that the server may take as root, in this order; the first that exists."""


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int
    name: str

    @property
    def is_other(self) -> bool:
        """Whether we give up root to become it."""
        return self.uid != os.geteuid()


def account_of(uid: int) -> Account:
    """The account with that id. Raises ``PostgresError`` where it has no name."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise nameless(uid) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def server_account(folder: Path) -> Account:
    """Who runs the server whose files are in ``folder``: the folder's owner where it exists already.

    Raises ``PostgresError`` where the folder belongs to somebody whom we cannot become.
    """
    ours = os.geteuid()
    owner = folder.stat().st_uid if folder.exists() else ours
    if ours != 0:
        if owner != ours:
            raise unreadable(folder, account_of(owner).name)
        return account_of(ours)
    if owner != 0:
        return account_of(owner)
    for name in PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)
    raise nameless(65534)


def may_enter(account: Account, folder: Path) -> bool:
    """Whether that account can really enter ``folder``: tried, not computed, because access lists decide too."""
    if not account.is_other:
        return os.access(folder, os.X_OK)
    tried = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        cwd="/",
        capture_output=True,
        check=False,
    )
    return tried.returncode == 0
