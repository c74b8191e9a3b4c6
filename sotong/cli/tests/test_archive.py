"""A backup's list is read as what a stranger may have written: only what a backup holds is ever restored."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from sotong.cli import archive
from sotong.cli.words import Refusal


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A backup with a dump and a key, not yet listed."""
    folder = tmp_path.resolve() / "backup"
    (folder / "keys").mkdir(parents=True)
    (folder / "database.dump").write_bytes(b"PGDMP")
    (folder / "keys" / "session.key").write_bytes(b"secret")
    return folder


def listed(folder: Path) -> archive.Archive:
    return archive.write(folder, version="1", made="2026-05-01T03:00:00+00:00", migrations=["people.0001_initial"])


def said(folder: Path) -> str:
    with pytest.raises(Refusal) as refused:
        archive.read(folder)
    return refused.value.english


def test_what_was_written_is_read(made: Path) -> None:
    wrote = listed(made)
    assert archive.read(made) == wrote


@pytest.mark.parametrize(
    "name",
    [
        "postgres/cluster/postgresql.auto.conf", "./postgres/cluster/x", "static/design/evil.js", "run/house.sock",
        "log/web.log", "restoring",
    ],
)  # fmt: skip
def test_what_is_made_anew_at_each_start_is_in_no_backup(made: Path, name: str) -> None:
    (made / name).parent.mkdir(parents=True, exist_ok=True)
    (made / name).write_text("archive_command='id'")
    wanted = archive.checksum(made / name)
    listed(made)
    rewrite(made, files=lambda files: {**files, name: wanted})
    assert "no backup holds" in said(made)


@pytest.mark.parametrize("name", ["../outside", "keys/../../outside", "/etc/hostname", "", "."])
def test_what_lies_elsewhere_is_in_no_backup(made: Path, name: str) -> None:
    listed(made)
    rewrite(made, files=lambda files: {**files, name: "0"})
    assert "no backup holds" in said(made)


def test_a_link_is_not_followed(made: Path, tmp_path: Path) -> None:
    (tmp_path / "passwords").write_text("x")
    (made / "media").symlink_to(tmp_path)
    listed(made)
    rewrite(made, files=lambda files: {**files, "media/passwords": archive.checksum(tmp_path / "passwords")})
    assert "is damaged: 'media/passwords'" in said(made)


@pytest.mark.parametrize("name", ["keys/\0", "\0", "keys/\ud800", "keys/" + "k" * 300])
def test_a_name_that_no_file_can_have_is_refused_in_a_sentence(made: Path, name: str) -> None:
    listed(made)
    rewrite(made, files=lambda files: {**files, name: "0"})
    assert said(made).encode().endswith(b"Use another backup.")


@pytest.mark.parametrize("text", ["[" * 200_000, "{}", "\0", '{"version": "1", "made": "0001-01-01T00:00:00+14:00"'])
def test_a_list_that_cannot_be_read_is_refused_in_a_sentence(made: Path, text: str) -> None:
    (made / "backup.json").write_text(text)
    assert "is not a backup of Sotong" in said(made)


def test_a_moment_that_no_clock_shows_is_refused_in_a_sentence(made: Path) -> None:
    archive.write(made, version="1", made="0001-01-01T00:00:00+14:00", migrations=[])
    assert "is not a backup of Sotong" in said(made)


def test_without_the_database_there_is_nothing_to_list(made: Path) -> None:
    (made / "database.dump").unlink()
    with pytest.raises(Refusal, match="Nothing is backed up"):
        listed(made)
    assert not (made / "backup.json").exists()


def test_all_of_it_is_for_the_owners_eyes_alone(made: Path) -> None:
    for place in made.rglob("*"):
        place.chmod(0o755)
    listed(made)
    assert {place.stat().st_mode & 0o077 for place in [made, *made.rglob("*")]} == {0}


@pytest.mark.parametrize("files", [{}, [], ["database.dump"], None, {"database.dump": None}, {"keys/session.key": "0"}])
def test_a_list_without_the_database_and_its_sum_is_refused_in_a_sentence(made: Path, files: Any) -> None:
    listed(made)
    rewrite(made, files=lambda _: files)
    assert "it must name database.dump and every file with its checksum" in said(made)


@pytest.mark.parametrize(
    ("name", "is_kept"),
    [
        ("keys/session.key", True), ("media/a/b.jpg", False), ("practice/world.db", True), ("sotong.toml", True),
        ("run/practice.wanted", True), ("run/other", False), ("sotong.toml/x", False), ("keys", False),
        ("bin/evil", False), ("evil", False), ("database.dump", False),
    ],
)  # fmt: skip
def test_only_what_a_backup_copies_is_restored(name: str, is_kept: bool) -> None:
    assert archive.is_kept(name) is is_kept


def test_what_is_copied_is_what_is_restored(tmp_path: Path) -> None:
    for name in (
        "keys/a",
        "practice/b/c",
        "practice/admin-secret",
        "sotong.toml",
        "run/practice.wanted",
        "run/x",
        "mine",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    kept = {str(file) for file in archive.kept_files(tmp_path, has_keys=True)}
    assert kept == {"keys/a", "practice/b/c", "practice/admin-secret", "sotong.toml", "run/practice.wanted"}
    assert all(archive.is_kept(name) for name in kept)
    assert Path("mine") in archive.found_files(tmp_path), "a folder with somebody's file is not empty"
    told = {str(file) for file in archive.kept_files(tmp_path, has_keys=False)}
    assert told == {"practice/b/c", "run/practice.wanted"}, "no file of secrets, and no settings as they are"


def test_settings_without_secrets_still_say_the_rest() -> None:
    told = archive.harmless(
        '# old password: hunter1\nsecret_key = """\nhunter2\n"""\n"oidc_client_secret" = "hunter3"\nport = 9000\n'
        'database_url = "postgresql://so:hunter4@db.example/talk"\noidc_name = "회사 \\"계정\\""\ndebug = true\n'
    )
    assert "hunter" not in told
    assert tomllib.loads(told) == {"port": 9000, "oidc_name": '회사 "계정"', "debug": True}
    assert "Secrets left out: database_url, secret_key, oidc_client_secret" in told


def rewrite(folder: Path, *, files: Any) -> None:
    """Change the list as a forger would."""
    said = json.loads((folder / "backup.json").read_text())
    said["files"] = files(said["files"])
    (folder / "backup.json").write_text(json.dumps(said))
