"""Making a cluster, and saying who may connect to it."""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from sotong.postgres.account import Account
from sotong.postgres.errors import explained, from_os, wrong_version
from sotong.postgres.folders import Layout
from sotong.postgres.launch import launch
from sotong.postgres.programs import MAJOR

OWNER = "postgres"
"""The role that may do anything; for backups and upgrades only."""
ROLE = "sotong"
"""The role that the product uses; it owns its database and nothing else."""
DATABASE = "sotong"
PEER = "sotong"


def bare_environment() -> Mapping[str, str]:
    """What the server's programs see: nothing of ours, and messages in the language that we read."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def make_cluster(layout: Layout, programs: Path, account: Account, *, durable: bool) -> None:
    """Make the cluster where there is none yet, whole or not at all. Raises ``PostgresError``."""
    if layout.cluster.exists():
        return
    try:
        if layout.unfinished.exists():
            shutil.rmtree(layout.unfinished)
    except OSError as problem:
        raise from_os(problem, layout.folder) from problem
    arguments = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth=reject"]
    arguments += [f"--username={OWNER}", f"--pgdata={layout.unfinished}", "--no-instructions"]
    if not durable:
        arguments.append("--no-sync")
    said = ""
    # The second is for systems whose C library has no C.UTF-8; sorting and case come from PostgreSQL's own either way.
    for locale in ("C.UTF-8", "C"):
        process = launch(
            [programs / "initdb", f"--locale={locale}", *arguments],
            account=account,
            environment=bare_environment(),
            folder=layout.folder,
        )
        said = process.communicate()[0].decode("utf-8", errors="replace")
        if process.returncode == 0:
            layout.unfinished.rename(layout.cluster)
            return
        if "invalid locale" not in said:
            break
    shutil.rmtree(layout.unfinished, ignore_errors=True)
    raise explained(said.splitlines(), layout.folder)


def check_version(layout: Layout) -> None:
    """Raises ``PostgresError`` where another major version made the cluster, or it cannot be read."""
    try:
        found = (layout.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    except OSError as problem:
        raise from_os(problem, layout.cluster) from problem
    if found != str(MAJOR):
        raise wrong_version(layout.cluster, found, MAJOR)


def write_admission(layout: Layout, account: Account) -> None:
    """Only root and the server's own account connect, and the kernel says who is who: there is no password to lose."""
    names = {account.name, pwd.getpwuid(0).pw_name}
    lines = [f'{PEER} "{name}" {role}\n' for name in sorted(names) for role in (ROLE, OWNER)]
    try:
        _write(layout.folder / "hba.conf", f"local all all peer map={PEER}\n", account)
        _write(layout.folder / "ident.conf", "".join(lines), account)
        _write(layout.starter, str(os.getpid()), account)
    except OSError as problem:
        raise from_os(problem, layout.folder) from problem


def _write(file: Path, text: str, account: Account) -> None:
    fresh = file.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    if account.is_other:
        os.chown(fresh, account.uid, account.gid)
    fresh.chmod(0o600)
    fresh.rename(file)


def make_database(socket: Path, *, may_create: bool) -> None:
    """The product's role and database, where they are missing. ``may_create``: the role may make databases (tests)."""
    with psycopg.connect(host=str(socket), user=OWNER, dbname="postgres", autocommit=True, connect_timeout=30) as link:
        if not link.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            link.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
        if may_create:
            link.execute(sql.SQL("ALTER ROLE {} CREATEDB").format(sql.Identifier(ROLE)))
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            link.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))
