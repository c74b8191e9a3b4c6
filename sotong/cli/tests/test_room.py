"""A disk that fills while the house runs is named once."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from sotong.cli.room import FULL, Room


def test_a_full_disk_is_said_once_and_so_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    room = Room(tmp_path)
    for free, words in (
        (FULL, ""),
        (FULL - 1, "The disk is nearly full (64 MB left)."),
        (0, ""),
        (2 * FULL, "The disk has room again (128 MB)."),
        (2 * FULL, ""),
    ):
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder, free=free: SimpleNamespace(free=free))
        room.look()
        said = "".join(capsys.readouterr())
        assert words in said if words else not said


def test_a_folder_that_is_gone_does_not_end_the_house(tmp_path: Path) -> None:
    Room(tmp_path / "gone").look()
