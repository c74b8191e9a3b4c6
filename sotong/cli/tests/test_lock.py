"""One at a time in a folder: the second is told, a killed one keeps nobody away, and nothing stays behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from sotong.cli import backup
from sotong.cli.backup import make
from sotong.cli.lock import alone_in
from sotong.cli.words import Refusal
from sotong.postgres.tests.people import CHECKOUT

HOLD = """
import sys, time
from pathlib import Path
from sotong.cli.lock import alone_in
with alone_in(Path(sys.argv[1]), Exception()):
    print("in", flush=True)
    time.sleep(60)
"""
TAKEN = Refusal("둘째", "second")


def test_the_second_is_refused_until_the_first_is_done(tmp_path: Path) -> None:
    with alone_in(tmp_path, TAKEN):
        with pytest.raises(Refusal, match="second"), alone_in(tmp_path, TAKEN):
            raise AssertionError
        with pytest.raises(Refusal, match="second"), alone_in(tmp_path, TAKEN):
            raise AssertionError
    with alone_in(tmp_path, TAKEN):
        pass
    assert not list(tmp_path.iterdir())


def test_one_that_was_killed_keeps_nobody_away(tmp_path: Path) -> None:
    held = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE)
    assert held.stdout is not None
    assert held.stdout.readline() == b"in\n"
    with pytest.raises(Refusal, match="second"), alone_in(tmp_path, TAKEN):
        raise AssertionError
    held.send_signal(signal.SIGKILL)
    held.communicate()
    with alone_in(tmp_path, TAKEN):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_in_the_locks_place_is_not_followed(tmp_path: Path, is_there: bool) -> None:
    folder, elsewhere = tmp_path / "backups", tmp_path / "elsewhere"
    folder.mkdir()
    if is_there:
        elsewhere.touch()
    (folder / ".sotong.lock").symlink_to(elsewhere)
    with pytest.raises(Refusal, match=r"\.sotong\.lock is a link"), alone_in(folder, TAKEN):
        raise AssertionError
    assert elsewhere.exists() == is_there
    assert (folder / ".sotong.lock").is_symlink()


def test_two_backups_of_one_second_have_two_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "datetime", SimpleNamespace(now=lambda _zone: datetime(2026, 5, 1, 3, tzinfo=UTC)))
    monkeypatch.setattr(backup, "dump", lambda _url, file, **_options: file.touch())
    monkeypatch.setattr(backup, "_migrations", lambda _url: [])
    (tmp_path / "data").mkdir()
    made = [make("", tmp_path / "data", tmp_path / "backups", has_keys=True) for _ in range(3)]
    names = ["sotong-20260501T030000Z", "sotong-20260501T030000Z-2", "sotong-20260501T030000Z-3"]
    assert [one.name for one in made] == names
    assert sorted(one.name for one in (tmp_path / "backups").iterdir()) == names


def test_a_backup_that_is_being_made_is_not_cleared_away_by_another(tmp_path: Path) -> None:
    unfinished = tmp_path / "sotong-20260501T030000Z.unfinished" / "database.dump"
    unfinished.parent.mkdir()
    unfinished.touch()
    with alone_in(tmp_path, TAKEN), pytest.raises(Refusal, match="Another backup is being made in"):
        make("postgresql://nobody@127.0.0.1:1/none", tmp_path / "data", tmp_path, has_keys=True)
    assert unfinished.exists()
