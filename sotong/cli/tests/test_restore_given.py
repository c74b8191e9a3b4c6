"""A backup into a database of one's own: whole, or refused in a sentence, and never over what is somebody else's."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from sotong.cli.tests.test_backup import (
    CHANGED_BY_RESTORING,
    backup_of,
    done,
    environment,
    filled,
    rows,
    rows_of,
    sotong,
)
from sotong.postgres.tests.people import until

__all__ = ["filled"]
pytestmark = pytest.mark.slow


@pytest.fixture
def given():
    """Makes empty databases on the tests' server, and their addresses."""
    server, made = os.environ["DATABASE_URL"], []

    def make() -> str:
        name = f"sotong_given_{uuid4().hex[:12]}"
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name)))
        made.append(name)
        parts = conninfo_to_dict(server)
        password = f":{parts['password']}" if parts.get("password") else ""
        query = f"?host={parts['host']}" if str(parts.get("host", "")).startswith("/") else ""
        host = "" if query else parts.get("host", "127.0.0.1")
        return f"postgresql://{parts['user']}{password}@{host}:{parts.get('port', 5432)}/{name}{query}"

    yield make
    for name in made:
        drop(server, name)


def drop(server: str, name: str) -> None:
    """The server's own housekeeping may look into it just then, which a common role may not end."""
    until = time.monotonic() + 60
    while True:
        try:
            with psycopg.connect(server, autocommit=True) as link:
                link.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
            return
        except psycopg.errors.InsufficientPrivilege:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def own_table(url: str) -> None:
    with psycopg.connect(url) as link:
        link.execute("CREATE TABLE theirs (told text)")
        link.execute("INSERT INTO theirs VALUES ('ours for years')")


def brake_of(url: str) -> bool:
    with psycopg.connect(url) as link:
        row = link.execute("SELECT is_on FROM channels_hold WHERE scope = 'all'").fetchone()
    assert row
    return bool(row[0])


def same(before: dict[str, list[str]], after: dict[str, list[str]]) -> None:
    assert before.keys() == after.keys()
    for name in before.keys() - CHANGED_BY_RESTORING:
        assert before[name] == after[name], name


def test_it_comes_back_row_for_row_and_from_there_into_an_embedded_one(filled, data, given, tmp_path):
    url = given()
    said = done(data, "restore", backup_of(filled), url=url)
    assert "All sending is stopped" in said
    assert "Start it with the same DATABASE_URL" in said
    before, after = rows(filled), rows_of(url)
    assert before["people_person"]
    same(before, after)
    assert brake_of(url)
    assert not (data / "postgres").exists()
    assert not (data / "restoring").exists()
    assert (data / "keys" / "credentials.json").read_bytes() == (filled / "keys" / "credentials.json").read_bytes()
    done(data, "manage", "verify_audit", url=url)
    done(data, "backup", tmp_path / "second", url=url)
    (made,) = (tmp_path / "second").iterdir()
    embedded = data.with_name("embedded")
    done(embedded, "restore", made)
    same(before, rows(embedded))


def test_what_cannot_be_restored_into_is_told_in_a_sentence_and_nothing_is_made(filled, data, given):
    taken = given()
    own_table(taken)
    host = taken.partition("@")[2].partition("/")[0]
    for url, said in (
        (taken, "already holds data"),
        (f"postgresql://nobody@{host or '127.0.0.1:1'}/sotong_nowhere", "cannot be reached"),
        ("postgresql://nobody@127.0.0.1:1/talk", "cannot be reached: Connection refused"),
        ("postgresql://nobody@127.0.0.1:1", "is not an address of PostgreSQL"),
    ):
        refused = sotong(data, "restore", backup_of(filled), url=url)
        assert (refused.returncode, "Traceback" in refused.stderr) == (2, False), refused.stderr
        assert said in refused.stderr
        assert not (data / "keys").exists()
        assert not (data / "restoring").exists()
    assert rows_of(taken) == {"theirs": ["('ours for years',)"]}


def test_one_that_was_cut_short_goes_on_in_its_own_database_or_an_empty_one_and_in_no_other(filled, data, given):
    made = json.loads((backup_of(filled) / "backup.json").read_text())["made"]
    data.mkdir()
    (data / "restoring").write_text(f"{made}\nelsewhere.example:5432/talk")
    taken, empty = given(), given()
    own_table(taken)
    refused = sotong(data, "restore", backup_of(filled), url=taken)
    assert refused.returncode == 2
    assert "already holds data" in refused.stderr
    assert rows_of(taken) == {"theirs": ["('ours for years',)"]}
    assert (data / "restoring").exists()
    done(data, "restore", backup_of(filled), url=empty)
    same(rows(filled), rows_of(empty))


def fills(process: subprocess.Popen[bytes]) -> bool:
    """Whether it is filling the database just now (or is over)."""
    seen = subprocess.run(["pgrep", "-P", str(process.pid), "-f", "psql"], capture_output=True, check=False)
    return seen.returncode == 0 or process.poll() is not None


def test_one_that_is_killed_leaves_all_or_nothing_and_goes_on_when_repeated(filled, data, given):
    url, kills = given(), 0
    for seconds in (0.0, 0.1, 0.2, 0.4):
        process = subprocess.Popen(
            [sys.executable, "-m", "sotong.cli", "restore", str(backup_of(filled))],
            env=environment(data, url),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert until(partial(fills, process), 60.0)
        time.sleep(seconds)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
        tables = set(rows_of(url))
        assert not tables or "people_person" in tables
        if tables:
            break
    assert kills >= 1
    if (data / "restoring").exists():
        done(data, "restore", backup_of(filled), url=url)
    same(rows(filled), rows_of(url))
    assert brake_of(url)


def test_the_settings_of_the_backed_up_house_are_laid_aside_and_what_is_unknown_is_left_out(filled, data, tmp_path):
    made = Path(shutil.copytree(backup_of(filled), tmp_path / "backup"))
    settings = 'host = "0.0.0.0"\ndebug = "1"\ndatabase_url = "postgresql://so:hunter2@db.example/talk"\n'
    listed = json.loads((made / "backup.json").read_text())
    for name, text in {"sotong.toml": settings, "sotong.toml.fresh": "x", "bin/evil": "x"}.items():
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(text)
        listed["files"][name] = hashlib.sha256(text.encode()).hexdigest()
    (made / "backup.json").write_text(json.dumps(listed))
    data.mkdir()
    (data / "sotong.toml").write_text("claim_minutes = 9\n")
    said = done(data, "restore", made)
    assert "in sotong.toml.from-backup and not in force" in said
    assert "Sotong does not know them: 'bin/evil', 'sotong.toml.fresh'" in said
    assert (data / "sotong.toml").read_text() == "claim_minutes = 9\n"
    assert (data / "sotong.toml.from-backup").read_text() == settings
    assert (data / "sotong.toml.from-backup").stat().st_mode & 0o077 == 0
    assert {file.name for file in data.iterdir()}.isdisjoint({"bin", "sotong.toml.fresh"})
    same(rows(filled), rows(data))
