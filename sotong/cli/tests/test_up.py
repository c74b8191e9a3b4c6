"""The real house, from nothing to its first page, as root and as an ordinary user."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from sotong.cli.places import Places
from sotong.cli.questions import over_socket
from sotong.cli.tests.houses import House, remains
from sotong.cli.up import plans
from sotong.cli.watch import PATIENCE
from sotong.postgres.tests.people import CHECKOUT, ordinary_user, until
from sotong.settings.options import options

UP = ("sotong.cli", "up")
CHILDREN = ("web", "live", "worker", "language")


def fetch(port: int, path: str) -> tuple[int, str]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        link.request("GET", path)
        answer = link.getresponse()
        return answer.status, answer.read().decode()
    finally:
        link.close()


def runs(up: House, name: str) -> bool:
    found = up.child(name)
    return found is not None and found.state == "running"


def errand(up: House, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sotong.cli", *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(CHECKOUT), "SOTONG_DATA": str(up.data)},
        capture_output=True,
        text=True,
        check=False,
    )


def stopped_within(up: House, seconds: float) -> None:
    began = time.monotonic()
    up.send(signal.SIGINT)
    assert up.ends() == 0
    assert time.monotonic() - began < seconds
    assert remains(up.data) == []


@pytest.mark.parametrize("who", ["this user", "ordinary user"])
def test_one_command_brings_the_first_run_page_and_ctrl_c_ends_it(house, data, port, who):
    uid, python = (None, sys.executable) if who == "this user" else ordinary_user()
    if uid is not None:
        os.chown(data.parent, uid, -1)
    up = house(words=UP, uid=uid, python=python, SOTONG_PRACTICE_PORT=str(port + 1))
    assert up.says("Press Ctrl-C to stop.", 180), up.text
    link = re.search(rf"http://127\.0\.0\.1:{port}(/first-run/[^/]+/)", up.text)
    assert link
    status, page = fetch(port, link[1])
    assert status == 200
    assert "<form" in page
    assert fetch(port, "/first-run/not-the-token/")[0] == 410
    for name in CHILDREN:
        assert until(partial(runs, up, name)), up.text
    assert link[1].split("/")[2] not in "".join(file.read_text() for file in (data / "log").glob("*.log"))
    # An open event stream never ends by itself; it must not hold the house up.
    with socket.create_connection(("127.0.0.1", port)) as stream:
        stream.sendall(b"GET /live/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert stream.recv(64).startswith(b"HTTP/1.1")
        stopped_within(up, 5.0)


def test_killed_house_leaves_nothing_behind_and_the_next_one_is_quick(house, port):
    up = house(words=UP, SOTONG_PRACTICE_PORT=str(port + 1))
    assert up.says("Ready", 180), up.text
    (up.data / "run" / "practice.wanted").touch()
    for name in (*CHILDREN, "practice"):
        assert until(partial(runs, up, name)), up.text
    assert until(lambda: fetch_ok(port + 1), 20.0)
    up.send(signal.SIGKILL)
    up.ends()
    assert until(lambda: not remains(up.data), 5.0), remains(up.data)
    (up.data / "sotong.toml").write_text("web_threads = 150\n")
    again = house(words=UP, SOTONG_PRACTICE_PORT=str(port + 1))
    assert again.says("Ready", 60), again.text
    assert until(lambda: fetch_ok(port + 1), 20.0)
    checked = errand(again, "doctor", "--json")
    found = {one["what"]: one["level"] for one in json.loads(checked.stdout)["findings"]}
    assert found["migrations"] == found["live socket"] == found["database"] == "ok", checked.stdout
    assert found["connections"] == "ok", checked.stdout  # the server was started with room for 150 threads
    shown = errand(again, "manage", "showmigrations", "bus", "--plan")
    assert "[X]  bus.0001_" in shown.stdout, shown.stderr
    stopped_within(again, 5.0)


def test_web_worker_that_is_killed_comes_back_with_its_listener(house, port):
    up = house(words=UP, SOTONG_PRACTICE_PORT=str(port + 1))
    assert up.says("Ready", 180), up.text
    web = up.child("web")
    assert web is not None
    inner = subprocess.run(["pgrep", "-P", str(web.pid)], capture_output=True, text=True, check=True).stdout.split()
    os.kill(int(inner[0]), signal.SIGKILL)
    assert up.says("web: ended (exit 1)"), up.text
    assert until(lambda: fetch_ok(port), 30.0)


@pytest.mark.slow
def test_worker_that_hangs_is_killed_and_works_again(house, port):
    up = house(words=UP, SOTONG_PRACTICE_PORT=str(port + 1))
    assert up.says("Ready", 180), up.text
    works = over_socket(up.data / "run" / "worker.sock")
    assert until(partial(works, 2.0), 30.0), up.text
    time.sleep(2 * PATIENCE.every)  # the house has heard it too
    before = up.child("worker")
    assert before is not None
    os.kill(before.pid, signal.SIGSTOP)
    assert not works(2.0)
    assert up.says("worker: did not answer for", 90), up.text
    assert until(partial(works, 2.0), 30.0), up.text
    assert {one.name for one in up.state().processes if one.restarts} == {"worker"}


def fetch_ok(port: int) -> bool:
    try:
        return fetch(port, "/")[0] < 500
    except OSError:
        return False


def test_the_practice_network_is_lent_the_font_of_the_pages(tmp_path: Path) -> None:
    [practice] = [
        plan
        for plan in plans(Places(options=replace(options(), data=tmp_path), sockets=tmp_path))
        if plan.name == "practice"
    ]
    font = Path(practice.command[practice.command.index("--font") + 1])
    assert font.read_bytes()[:4] == b"wOF2"
