"""The databases of ``script/bench inbox``: made once per schema, generator and seed, and kept in the bench's cache.

The data are drawn inside PostgreSQL (``corpus.sql``) with indexes and constraints taken away and made again after.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from bench import words
from bench.house import ROOT, cache
from sotong.postgres.cluster import OWNER, ROLE
from sotong.postgres.server import Server, start

SQL = Path(__file__).with_name("corpus.sql")
LOADED = [
    "contacts_contact",
    "contacts_identity",
    "inbox_conversation",
    "channels_delivery",
    "inbox_message",
    "inbox_messageversion",
    "inbox_messagemedia",
    "inbox_labelling",
    "inbox_readmark",
]
"""Tables that are loaded in bulk."""
FEW = [
    "people_team",
    "people_person",
    "people_team_members",
    "channels_channel",
    "channels_channel_teams",
    "inbox_label",
    "inbox_cannedresponse",
]
AREAS = ("contacts", "channels", "inbox")
EMPTY = {"b": "false", "n": "0", "s": "''", "a": "'{}'", "d": "now()", "u": "'{}'", "j": "'{}'"}


def fingerprint(seed: int) -> str:
    """Changes with the generator, the seed and the migrations of what is loaded; others a house applies itself."""
    seen = hashlib.sha256(str(seed).encode())
    migrations = [file for area in AREAS for file in (ROOT / "sotong" / area / "migrations").glob("*.py")]
    for file in sorted(migrations):
        seen.update(file.relative_to(ROOT).as_posix().encode() + file.read_bytes())
    for file in (SQL, Path(words.__file__), words.FILE, ROOT / "sotong/language/tokens.py"):
        seen.update(file.read_bytes())
    return seen.hexdigest()[:10]


def cluster() -> Path:
    """The data folder of the server that keeps the databases."""
    return cache() / "inbox"


def ensure(sizes: list[int], seed: int) -> dict[int, str]:
    """The name of the database with that many conversations, made where it is missing; says on stderr what it does."""
    names = {size: f"inbox_{size}_{fingerprint(seed)}" for size in sizes}
    loaded = cluster() / "loaded"
    if loaded.exists() and set(names.values()) <= set(loaded.read_text(encoding="utf-8").split()):
        return names
    server = start(cluster(), durable=False, may_create=True)
    try:
        with _owner(server, "postgres") as link:
            have = {row[0] for row in link.execute("SELECT datname FROM pg_database").fetchall()}
            for size in sizes:
                if names[size] in have:
                    continue
                for stale in (name for name in have if name.removeprefix("unfinished_").startswith(f"inbox_{size}_")):
                    link.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(stale)))
                began = time.monotonic()
                print(f"loading {size:,} conversations (once; kept in {cluster()}) …", file=sys.stderr, flush=True)
                _make(server, link, names[size], size, seed)
                print(f"loaded in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
            rows = link.execute("SELECT datname FROM pg_database").fetchall()
            loaded.write_text("\n".join(row[0] for row in rows), encoding="utf-8")
    finally:
        server.stop(patience=300)
    return names


@contextmanager
def serving() -> Iterator[Server]:
    """The server of the databases with the product's own settings."""
    server = start(cluster(), may_create=True)
    try:
        yield server
    finally:
        server.stop(patience=60)


def url_of(server: Server, name: str) -> str:
    """The address under which the product reaches a database of the corpus."""
    return server.url.replace(f"/{ROLE}?", f"/{name}?", 1)


@contextmanager
def _owner(server: Server, name: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(host=str(server.socket), user=OWNER, dbname=name, autocommit=True) as link:
        yield link


def _make(server: Server, link: psycopg.Connection, name: str, size: int, seed: int) -> None:
    """One database, under another name until it is whole."""
    unfinished = f"unfinished_{name}"
    link.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(unfinished)))
    link.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(unfinished), sql.Identifier(ROLE)))
    environment = {**os.environ, "DATABASE_URL": url_of(server, unfinished), "SOTONG_DATA": str(cluster() / "site")}
    done = subprocess.run(
        [sys.executable, "-m", "sotong.cli", "migrate"], cwd=ROOT, env=environment, capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"the corpus could not be migrated: {done.stderr.decode(errors='replace')[-2000:]}")
    with psycopg.connect(url_of(server, unfinished), autocommit=True) as into:
        _load(into, size, seed)
    with _owner(server, unfinished) as whole:
        whole.execute("VACUUM (ANALYZE)")
        whole.execute("CHECKPOINT")
    link.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name)))


def _load(into: psycopg.Connection, size: int, seed: int) -> None:
    into.execute("SET maintenance_work_mem = '1500MB'")
    into.execute("SET work_mem = '512MB'")
    into.execute("SET max_parallel_maintenance_workers = 2")
    _vocabulary(into)
    filled = _fill_defaults(into)
    with _bare(into):
        for statement in _statements(SQL.read_text(encoding="utf-8"), size, seed):
            into.execute(statement.encode())
        _number_on(into)
    for table, column in filled:
        into.execute(
            sql.SQL("ALTER TABLE {} ALTER {} DROP DEFAULT").format(sql.Identifier(table), sql.Identifier(column))
        )


def _statements(text: str, size: int, seed: int) -> list[str]:
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("--"))
    whole = "\n".join(lines).replace(":conversations", str(size)).replace(":seed", str(seed))
    return [statement for statement in whole.split(";") if statement.strip()]


def _vocabulary(into: psycopg.Connection) -> None:
    into.execute("CREATE TABLE bench_fragment (id int PRIMARY KEY, language text, rank int, text text, terms text[])")
    into.execute("CREATE TABLE bench_name (id int PRIMARY KEY, name text, latin text, terms text[])")
    with into.cursor() as cursor, cursor.copy("COPY bench_fragment FROM STDIN") as copy:
        for row in words.fragments():
            copy.write_row(row)
    with into.cursor() as cursor, cursor.copy("COPY bench_name FROM STDIN") as copy:
        for named in words.names():
            copy.write_row(named)
    into.execute("ANALYZE bench_fragment, bench_name")


def _fill_defaults(into: psycopg.Connection) -> list[tuple[str, str]]:
    """Give columns that the product fills in itself an empty default while loading; returns which."""
    rows = into.execute(
        """
        SELECT c.relname, a.attname, CASE WHEN t.typcategory = 'U' AND t.typname <> 'jsonb' THEN 's'
            ELSE lower(t.typcategory::text) END
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
        WHERE c.relname = ANY(%s) AND a.attnum > 0 AND a.attnotnull AND NOT a.atthasdef AND a.attidentity = ''
            AND NOT a.attisdropped AND t.typname <> 'uuid' AND NOT (a.attname ~ '_id$' AND t.typcategory = 'N')
        """,
        [[*LOADED, *FEW]],
    ).fetchall()
    for table, column, sort in rows:
        into.execute(
            sql.SQL("ALTER TABLE {} ALTER {} SET DEFAULT {}").format(
                sql.Identifier(table), sql.Identifier(column), sql.SQL(EMPTY[sort])
            )
        )
    return [(table, column) for table, column, _ in rows]


@contextmanager
def _bare(into: psycopg.Connection) -> Iterator[None]:
    """The bulk tables without triggers, constraints and indexes; all are made again at the end."""
    keys = into.execute(
        """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype::text FROM pg_constraint
        WHERE (conrelid = ANY(%(t)s::regclass[]) AND contype IN ('p', 'u', 'f'))
            OR (confrelid = ANY(%(t)s::regclass[]) AND contype = 'f')
        ORDER BY contype
        """,
        {"t": LOADED},
    ).fetchall()  # by letter: foreign, primary, unique
    indexes = into.execute(
        """
        SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s)
            AND indexname NOT IN (SELECT conname FROM pg_constraint)
        """,
        [LOADED],
    ).fetchall()
    for table, name, _, _ in keys:
        into.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
    for name, _ in indexes:
        into.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    for table in LOADED:
        into.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
    yield
    for table in LOADED:
        into.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
    for _, definition in indexes:
        into.execute(definition.encode())
    for table, name, definition, _ in sorted(keys, key=lambda key: key[3] == "f"):
        into.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}".encode())


def _number_on(into: psycopg.Connection) -> None:
    """The next row that the product makes gets the next number."""
    for table in (*LOADED, *FEW):
        into.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))".encode())
