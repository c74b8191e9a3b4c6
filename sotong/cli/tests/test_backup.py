"""A backup holds everything, a restore brings it back whole, and one that is killed is not mistaken for a house."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from functools import partial
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from sotong.channels.rules.permits import restored_from
from sotong.cli import archive
from sotong.cli.tests.houses import remains
from sotong.postgres.dump import dump
from sotong.postgres.server import running_server
from sotong.postgres.tests.people import CHECKOUT, until

LEFT_OUT = {"people_session", "people_ratelimit", "axes_accessattempt"}
CLOSED = {"people_resetlink", "people_invitation", "people_invitationevent"}
CHANGED_BY_RESTORING = (
    {"channels_hold", "audit_entry", "audit_seal", "event_log", "django_migrations"} | LEFT_OUT | CLOSED
)
FILL = """
from datetime import UTC, datetime
from sotong.people.actions.first_run import found_company, issue_setup_token
from sotong.channels.keys import keyring
found_company(token=issue_setup_token(), company="한소리텔레콤", language="ko", time_zone="Asia/Seoul", name="세아",
    email="sea@hansori.example", password="a long enough password", at=datetime.now(UTC))
keyring()
from django.core.cache import cache
from axes.models import AccessAttempt
from sotong.people.actions.inviting import invite_person
from sotong.people.models import Person, ResetLink
from sotong.people.sessions import SessionStore
sea = Person.objects.get()
session = SessionStore()
session["_auth_user_id"] = str(sea.pk)
session.save()
cache.set("login:203.0.113.9", 1)
AccessAttempt.objects.create(username="sea@hansori.example", ip_address="203.0.113.9", attempt_time=datetime.now(UTC),
    failures_since_start=1)
ResetLink.objects.create(token_hash="a" * 64, person=sea, issued_by=sea, expires_at=datetime.now(UTC))
invite_person(email="jun@hansori.example", name="준", roles=["agent"], authority=1, by=sea, at=datetime.now(UTC))
"""


def environment(data: Path, url: str = "") -> dict[str, str]:
    """``url``: a database of one's own, instead of the embedded one."""
    own = {"DATABASE_URL": url} if url else {}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), "SOTONG_DATA": str(data), "TZ": "UTC", **own}


def sotong(data: Path, *words: str | Path, url: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sotong.cli", *map(str, words)],
        env=environment(data, url),
        capture_output=True,
        text=True,
        check=False,
    )


def done(data: Path, *words: str | Path, url: str = "") -> str:
    result = sotong(data, *words, url=url)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def rows(data: Path) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with running_server(data) as url:
        return rows_of(url)


def rows_of(url: str) -> dict[str, list[str]]:
    with psycopg.connect(url) as link:
        link.execute("SET TIME ZONE 'UTC'")
        names = [name for (name,) in link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        return {
            name: sorted(str(row) for row in link.execute(sql.SQL("SELECT t.* FROM {} t").format(sql.Identifier(name))))
            for name in names
        }


def brake(data: Path) -> tuple[bool, str]:
    with running_server(data) as url, psycopg.connect(url) as link:
        row = link.execute("SELECT is_on, reason FROM channels_hold WHERE scope = 'all'").fetchone()
    assert row
    return row[0], row[1]


@pytest.fixture(scope="module")
def filled():
    """A data folder with a company, keys, a file and a backup of all that, which stands beside it."""
    place = Path(tempfile.mkdtemp(prefix="sotong-backup-", dir="/tmp"))
    place.chmod(0o755)
    data = place / "data"
    done(data, "migrate")
    done(data, "manage", "shell", "-c", FILL)
    (data / "practice").mkdir()
    (data / "practice" / "admin-secret").write_text("admin_hunter1\n")
    (data / "practice" / "truth.jsonl").write_text("{}\n")
    (data / "sotong.toml").write_text('undo_seconds = 7\nsecret_key = "hunter2"\n')
    done(data, "backup", place / "backups")
    yield data
    shutil.rmtree(place)


@pytest.fixture
def fresh(data):
    """Where nothing is yet."""
    return data


def backup_of(filled: Path) -> Path:
    (made,) = (filled.parent / "backups").iterdir()
    return made


@pytest.mark.slow
def test_what_was_backed_up_comes_back_row_for_row_with_the_brake_on(filled, fresh):
    said = done(fresh, "restore", backup_of(filled))
    made = datetime.fromisoformat(json.loads((backup_of(filled) / "backup.json").read_text())["made"])
    assert f"Restored the backup of {made:%Y-%m-%d %H:%M} (UTC) into" in said
    assert "All sending is stopped" in said
    assert "Invitations that were open and are closed now: 1." in said
    before, after = rows(filled), rows(fresh)
    assert before.keys() == after.keys()
    assert before["people_person"]
    for name in before.keys() - CHANGED_BY_RESTORING:
        assert before[name] == after[name], name
    assert set(before["audit_entry"]) < set(after["audit_entry"])
    for name in LEFT_OUT:
        assert before[name], name
        assert not after[name], name
    is_on, reason = brake(fresh)
    assert is_on
    assert restored_from(reason) == made.replace(second=0, microsecond=0)
    assert not brake(filled)[0]
    assert not (fresh / "sotong.toml").exists(), "the settings of another house are not in force"
    assert (fresh / "sotong.toml.from-backup").read_bytes() == (filled / "sotong.toml").read_bytes()
    for name in ("keys/credentials.json", "keys/session.key", "practice/admin-secret", "practice/truth.jsonl"):
        assert (fresh / name).read_bytes() == (filled / name).read_bytes()
        assert (fresh / name).stat().st_mode & 0o077 == 0
    assert not (fresh / "restoring").exists()
    again = sotong(fresh, "restore", backup_of(filled))
    assert again.returncode == 2
    assert "already holds data" in again.stderr
    assert rows(fresh) == after


def began(data: Path, process: subprocess.Popen[bytes]) -> bool:
    return (data / "restoring").exists() or process.poll() is not None


def loads(data: Path, process: subprocess.Popen[bytes]) -> bool:
    """Whether it is filling the database just now (or is over)."""
    seen = subprocess.run(["pgrep", "-P", str(process.pid), "-f", "pg_restore"], capture_output=True, check=False)
    return seen.returncode == 0 or process.poll() is not None


@pytest.mark.slow
def test_restore_that_is_killed_is_no_house_and_goes_on_when_repeated(filled, fresh):
    kills = 0
    for wait, seconds in ((began, 0.0), (loads, 0.0), (loads, 0.1), (loads, 0.3), (began, 2.0)):
        process = subprocess.Popen(
            [sys.executable, "-m", "sotong.cli", "restore", str(backup_of(filled))],
            env=environment(fresh),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert until(partial(wait, fresh, process), 60.0)
        time.sleep(seconds)
        if process.poll() is not None:
            break
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
        assert until(lambda: not remains(fresh), 20.0)
        if not (fresh / "restoring").exists():
            break  # killed after its last step
        refused = sotong(fresh, "up")
        assert refused.returncode == 2
        assert "did not end. If it was interrupted, run sotong restore with the same backup again;" in refused.stderr
        assert "a restore did not end" in sotong(fresh, "doctor").stdout
    assert kills >= 2
    if (fresh / "restoring").exists():
        done(fresh, "restore", backup_of(filled))
    before, after = rows(filled), rows(fresh)
    for name in before.keys() - CHANGED_BY_RESTORING:
        assert before[name] == after[name], name
    assert brake(fresh)[0]


@pytest.mark.slow
def test_backup_that_is_damaged_or_newer_is_refused_before_anything_is_made(filled, fresh, tmp_path):
    made = Path(shutil.copytree(backup_of(filled), tmp_path / "damaged"))
    assert made.stat().st_mode & 0o077 == 0
    with (made / "database.dump").open("ab") as file:
        file.write(b"x")
    refused = sotong(fresh, "restore", made)
    assert refused.returncode == 2
    assert "The backup is damaged: 'database.dump'" in refused.stderr
    assert not fresh.exists()
    assert "together with their keys" not in done(filled, "backup", tmp_path / "keyless", "--without-keys")
    (made,) = (tmp_path / "keyless").iterdir()
    assert {file.name for file in made.rglob("*") if file.is_file()} == {
        "backup.json", "database.dump", "sotong.toml", "truth.jsonl"
    }  # fmt: skip
    assert not any(b"hunter" in file.read_bytes() for file in made.rglob("*") if file.is_file())
    listed = json.loads((made / "backup.json").read_text())
    listed["migrations"].append("inbox.9999_from_the_future")
    (made / "backup.json").write_text(json.dumps(listed))
    refused = sotong(fresh, "restore", made)
    assert refused.returncode == 2
    assert "made by a newer Sotong" in refused.stderr


def test_folder_that_is_no_backup_and_data_that_are_none_are_refused(data, tmp_path):
    refused = sotong(data, "restore", tmp_path)
    assert refused.returncode == 2
    assert "is not a backup of Sotong" in refused.stderr
    refused = sotong(data, "backup", tmp_path)
    assert refused.returncode == 2
    assert "There is nothing in" in refused.stderr
    assert not data.exists()


@pytest.mark.slow
def test_a_folder_that_takes_no_backup_is_told_and_not_by_advice_for_the_data_folder(filled, tmp_path):
    (tmp_path / "file").touch()
    refused = sotong(filled, "backup", tmp_path / "file")
    assert refused.returncode == 2
    assert "or name another folder" in refused.stderr
    assert "SOTONG_DATA" not in refused.stderr


@pytest.mark.slow
def test_an_older_backup_comes_back_without_anybody_signed_in_and_without_an_open_link(filled, fresh, tmp_path):
    made = Path(shutil.copytree(backup_of(filled), tmp_path / "older"))
    with running_server(filled) as url:
        dump(url, made / "database.dump")
    (made / "media").mkdir()
    (made / "media" / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    listed = json.loads((made / "backup.json").read_text())
    (made / "backup.json").unlink()
    archive.write(made, **{name: listed[name] for name in ("version", "made", "migrations")})
    said = done(fresh, "restore", made)
    assert "Everybody has to sign in again" in said
    assert "Not restored, for Sotong does not know them: 'media/photo.jpg'" in said
    with running_server(fresh) as url, psycopg.connect(url) as link:
        for table, still in (
            ("people_session", "true"),
            ("people_resetlink", "used_at IS NULL"),
            ("people_invitation", "accepted_at IS NULL AND withdrawn_at IS NULL"),
        ):
            assert rows(filled)[table]
            assert link.execute(f"SELECT count(*) FROM {table} WHERE {still}").fetchone() == (0,), table
