"""What stands in the way is told in one sentence of each language."""

from __future__ import annotations

import errno
import os
import subprocess
from pathlib import Path

import pytest

from sotong.postgres.errors import PostgresError, explained, from_os
from sotong.postgres.server import running_server, start
from sotong.postgres.tests.people import KEEPER, ordinary_user, run_python

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who may mount and change owners")


def refusal(data) -> PostgresError:
    with pytest.raises(PostgresError) as caught:
        start(data)
    assert caught.value.korean != caught.value.english
    assert "\n" not in caught.value.english
    return caught.value


@pytest.mark.parametrize(("is_data", "cure"), [(True, "set SOTONG_DATA to another"), (False, "name another folder")])
def test_whatever_else_the_system_says_of_a_folder_comes_with_a_cure(is_data, cure):
    said = from_os(FileNotFoundError(errno.ENOENT, "No such file or directory"), Path("/proc/nope"), is_data=is_data)
    assert cure in said.english
    assert "폴더를 정해 주세요" in said.korean


@as_root
def test_full_disk_is_called_full(data):
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", data], check=True)
    try:
        said = refusal(data)
        assert "is full" in said.english
        assert "가득" in said.korean
        assert not (data / "postgres" / "cluster").exists()
    finally:
        subprocess.run(["umount", data], check=True)


@as_root
def test_disk_that_fills_while_the_cluster_is_made_leaves_nothing_half_done(data):
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m,mode=755", "tmpfs", data], check=True)
    try:
        # Space enough by the count, but no more files: initdb itself meets the wall.
        subprocess.run(["mount", "-o", "remount,nr_inodes=120", data], check=True)
        assert "is full" in refusal(data).english
        assert not (data / "postgres" / "cluster").exists()
        subprocess.run(["mount", "-o", "remount,nr_inodes=0", data], check=True)
        with running_server(data):
            pass
    finally:
        subprocess.run(["umount", data], check=True)


@as_root
def test_read_only_folder_is_called_unwritable(data):
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro,mode=755", "tmpfs", data], check=True)
    try:
        assert f"{data} cannot be written" in refusal(data).english
    finally:
        subprocess.run(["umount", data], check=True)


def test_file_in_the_place_of_the_folder_is_called_unwritable(data):
    data.write_text("not a folder")
    assert "cannot be" in refusal(data).english


@as_root
def test_folder_that_the_account_cannot_reach_is_named_with_a_way_out_and_left_as_it_was(data):
    private = data.parent / "private"
    private.mkdir(mode=0o700)
    said = refusal(private / "data")
    assert "cannot reach" in said.english
    assert "/var/lib/sotong" in said.korean
    assert private.stat().st_mode & 0o777 == 0o700


def test_unwritable_and_foreign_folders_are_told_to_an_ordinary_user(data):
    uid, python = ordinary_user()
    data.mkdir(mode=0o755)
    assert f"{data} cannot be written" in run_python(KEEPER, data, uid=uid, python=python).communicate(timeout=60)[1]
    with running_server(data):
        pass
    data.chmod(0o777)
    assert "belongs to the user" in run_python(KEEPER, data, uid=uid, python=python).communicate(timeout=60)[1]


def test_data_of_another_major_version_is_refused_untouched(data):
    with running_server(data):
        pass
    version = data / "postgres" / "cluster" / "PG_VERSION"
    version.write_text("16\n")
    said = refusal(data)
    assert "made by PostgreSQL 16" in said.english
    assert "18" in said.korean
    assert version.read_text() == "16\n"


def test_last_grave_line_is_what_the_sentence_quotes(tmp_path):
    lines = ["LOG:  starting", "FATAL:  could not create semaphores", "LOG:  database system is shut down"]
    assert explained(lines, tmp_path).english.endswith("FATAL:  could not create semaphores")
