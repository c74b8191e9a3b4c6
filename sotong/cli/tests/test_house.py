"""The house stands, restarts what dies, and leaves nothing behind. Stand-ins for the product, a real database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from sotong.cli.tests.houses import House, remains
from sotong.postgres.folders import Layout
from sotong.postgres.pidfile import living, written
from sotong.postgres.server import attach
from sotong.postgres.tests.people import is_alive, ordinary_user, until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who may mount and become others")


def running(house: House, name: str) -> int:
    """The process id of a child that runs by now."""
    assert until(lambda: (found := house.child(name)) and found.state == "running", 20.0), house.text
    child = house.child(name)
    assert child is not None
    assert child.pid is not None
    return child.pid


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_everything_within_five_seconds_even_stubborn_children(house, number):
    up = house(STAND_INS="steady stubborn family")
    assert up.says("Ready: http://127.0.0.1:"), up.text
    running(up, "stubborn")
    began = time.monotonic()
    up.send(number)
    assert up.ends() == 0
    assert time.monotonic() - began < 5.0
    assert remains(up.data) == []
    assert "Everything has stopped" in up.text
    assert up.state() is None


def test_children_get_time_to_finish_and_a_second_signal_cuts_it_short(house):
    up = house(STAND_INS="polite stubborn")
    assert up.says("Ready"), up.text
    running(up, "stubborn")
    said = up.data / "log" / "polite.log"
    assert until(lambda: said.exists() and "ready" in said.read_text(), 20.0), up.text
    up.send(signal.SIGTERM)
    assert up.ends() == 0
    assert "goodbye" in said.read_text()
    hasty = house(STAND_INS="stubborn")
    assert hasty.says("Ready"), hasty.text
    running(hasty, "stubborn")
    began = time.monotonic()
    hasty.send(signal.SIGINT)
    assert hasty.says("Stopping")
    hasty.send(signal.SIGINT)
    assert hasty.ends() == 0
    assert time.monotonic() - began < 2.5


def test_kill_nine_leaves_no_orphan_and_the_next_start_recovers(house):
    up = house(STAND_INS="steady stubborn family")
    assert up.says("Ready"), up.text
    url = attach(up.data)
    assert url
    with psycopg.connect(url) as link:
        link.execute("CREATE TABLE kept AS SELECT 'still here' AS line")
    for name in ("steady", "stubborn", "family"):
        running(up, name)
    up.send(signal.SIGKILL)
    up.ends()
    assert until(lambda: not remains(up.data), 5.0), remains(up.data)
    again = house()
    assert again.says("Ready"), again.text
    url = attach(again.data)
    assert url
    with psycopg.connect(url) as link:
        assert link.execute("SELECT line FROM kept").fetchone() == ("still here",)


def test_start_at_once_after_kill_nine_takes_over(house):
    up = house(STAND_INS="stubborn")
    assert up.says("Ready"), up.text
    up.send(signal.SIGKILL)
    again = house(STAND_INS="stubborn")
    assert again.says("Ready"), again.text


def test_second_up_on_the_same_data_names_the_first(house, port):
    up = house()
    assert up.says("Ready"), up.text
    second = house(port=port + 1)
    assert second.ends() == 2
    assert second.said == [
        f"Sotong already runs on this data: http://127.0.0.1:{port} (process {up.process.pid}). "
        "Use that one, or stop it first."
    ]
    assert up.process.poll() is None


def test_taken_port_is_told_in_both_languages_before_anything_starts(house, port):
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        english = house()
        assert english.ends() == 2
        assert english.said == [
            f"Port {port} is taken by another program. End that, or choose another port with SOTONG_PORT."
        ]
        korean = house(LANG="ko_KR.UTF-8", PYTHONUTF8="1")
        assert korean.ends() == 2
        assert korean.said == [
            f"포트 {port}을(를) 다른 프로그램이 쓰고 있어요. 그것을 끝내거나 SOTONG_PORT로 다른 포트를 정해 주세요."
        ]
    assert not (english.data / "postgres").exists()


def test_taken_port_of_an_open_practice_network_is_told_at_the_start(house, data, port):
    (data / "run").mkdir(parents=True)
    (data / "run" / "practice.wanted").touch()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port + 1))
        other.listen()
        up = house(SOTONG_PRACTICE_PORT=str(port + 1))
        assert up.ends() == 2
    assert up.said == [
        f"Port {port + 1} is taken by another program. End that, or choose another port with SOTONG_PRACTICE_PORT."
    ]


def test_host_that_is_not_ours_is_refused(house):
    assert house(SOTONG_HOST="192.0.2.1").ends() == 2
    refused = house(SOTONG_HOST="no such host")
    assert refused.ends() == 2
    assert "Check SOTONG_HOST" in refused.text


def test_setting_out_of_bounds_is_refused_with_its_name():
    up = subprocess.run(
        [sys.executable, "-m", "sotong.cli", "up"],
        env={**os.environ, "SOTONG_PORT": "eighty", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert up.returncode == 2
    assert "SOTONG_PORT" in up.stderr
    assert len(up.stderr.splitlines()) == 1


def test_database_url_that_leads_nowhere_is_refused_without_its_password(house):
    up = house(DATABASE_URL="postgresql://sotong:hunter2@127.0.0.1:1/sotong")
    assert up.ends() == 2
    assert up.said == [
        "The database of DATABASE_URL (127.0.0.1:1/sotong) cannot be reached: Connection refused. "
        "Check its address, user and password, and whether it runs."
    ]
    assert "hunter2" not in up.text
    assert not (up.data / "postgres").exists()


@as_root
def test_full_disk_is_told_in_one_sentence(house, data):
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", data], check=True)
    try:
        up = house()
        assert up.ends() == 2
        assert up.said[-1] == f"The disk that holds {data / 'postgres'} is full; free some space, then start again."
    finally:
        subprocess.run(["umount", data], check=True)


@as_root
def test_disk_without_a_single_byte_is_told_in_one_sentence(house, data):
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=755", "tmpfs", data], check=True)
    try:
        with data.joinpath("filler").open("wb", buffering=0) as filler, pytest.raises(OSError, match="No space"):
            while True:
                filler.write(b"x" * 4096)
        up = house()
        assert up.ends() == 2
        assert len(up.said) == 1
        assert "is full" in up.text
    finally:
        subprocess.run(["umount", data], check=True)


def test_ordinary_user_runs_a_house_and_an_unwritable_folder_is_told(house, data):
    uid, python = ordinary_user()
    refused = house(uid=uid, python=python)
    assert refused.ends() == 2
    assert refused.said == [
        f"The folder {data} cannot be written; make it writable for this user, or set SOTONG_DATA to another folder."
    ]
    os.chown(data.parent, uid, -1)
    up = house(uid=uid, python=python, STAND_INS="family")
    assert up.says("Ready"), up.text
    assert {Path(f"/proc/{pid}").stat().st_uid for pid in remains(data)} == {uid}
    up.send(signal.SIGKILL)
    up.ends()
    assert until(lambda: not remains(data), 5.0)


def test_child_that_dies_is_begun_again_and_what_it_started_is_swept_away(house):
    up = house(STAND_INS="family")
    assert up.says("Ready"), up.text
    first = running(up, "family")
    before = set(remains(up.data))
    os.kill(first, signal.SIGKILL)
    assert up.says("family: ended (SIGKILL); starting again in 0.5 s"), up.text
    second = running(up, "family")
    assert second != first
    child = up.child("family")
    assert child is not None
    assert child.restarts == 1
    assert until(lambda: len(remains(up.data)) == len(before), 5.0)


def test_child_that_cannot_start_is_tried_less_and_less_often_and_its_secrets_stay_out_of_the_log(house):
    up = house(STAND_INS="crash")
    assert up.says("crash: ended (exit 1); starting again in 2 s"), up.text
    assert up.says("Ready")
    log = (up.data / "log" / "crash.log").read_text()
    assert "I cannot go on" in log
    assert "hunter2" not in log
    assert "abcdef" not in log
    assert "hunter2" not in up.text


@pytest.mark.parametrize("below", ["", "깊은곳" * 12], ids=["short path", "long path"])
def test_database_that_is_killed_comes_back_at_the_same_address(house, data, below):
    up = house(data=data / below)
    assert up.says("Ready"), up.text
    url = attach(up.data)
    found = written(Layout(up.data))
    assert found
    os.kill(found.pid, signal.SIGKILL)
    assert up.says("The database runs again."), up.text
    assert attach(up.data) == url
    assert not is_alive(found.pid)


def test_practice_network_runs_while_it_is_wished_for(house):
    up = house()
    assert up.says("Ready"), up.text
    practice = up.child("practice")
    assert practice is not None
    assert practice.state == "off"
    wish = up.data / "run" / "practice.wanted"
    wish.touch()
    pid = running(up, "practice")
    wish.unlink()
    assert until(lambda: not is_alive(pid), 5.0)
    assert until(lambda: (found := up.child("practice")) and found.state == "off", 5.0)


def test_first_run_link_is_on_the_terminal_and_in_no_file(house):
    up = house(STAND_IN_TOKEN="one-time-token")
    assert up.says("Press Ctrl-C to stop."), up.text
    assert f"http://127.0.0.1:{up.port}/first-run/one-time-token/" in up.text
    for file in [*(up.data / "log").iterdir(), *(up.data / "run").iterdir()]:
        if file.is_file():
            assert "one-time-token" not in file.read_text(errors="replace")


def test_ready_is_said_when_the_pages_answer_and_not_when_waiting_is_over(house, data):
    data.mkdir()
    (data / "closed").touch()
    up = house(STAND_IN_READY_WITHIN="0.5")
    assert up.says("The pages do not answer yet"), up.text
    assert not up.says("Ready", 1.5), up.text
    (data / "closed").unlink()
    assert up.says("Ready: http://"), up.text


def test_long_data_path_still_makes_a_house(house, data):
    deep = data / ("깊은곳" * 12)
    up = house(data=deep)
    assert up.says("Ready"), up.text
    up.send(signal.SIGTERM)
    assert up.ends() == 0
    assert not living(Layout(deep))
