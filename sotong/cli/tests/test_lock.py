"""One at a time in a folder: the second is told, a killed one keeps nobody away, and nothing stays behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_a_backup_that_is_being_made_is_not_cleared_away_by_another(tmp_path: Path) -> None:
    unfinished = tmp_path / "sotong-20260501T030000Z.unfinished" / "database.dump"
    unfinished.parent.mkdir()
    unfinished.touch()
    with alone_in(tmp_path, TAKEN), pytest.raises(Refusal, match="Another backup is being made in"):
        make("postgresql://nobody@127.0.0.1:1/none", tmp_path / "data", tmp_path, has_keys=True)
    assert unfinished.exists()
