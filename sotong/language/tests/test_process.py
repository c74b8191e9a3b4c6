"""The life of the real language process: hanging, killed, stopped, left alone; and its clients meanwhile."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sotong.language.client import BATCH_SECONDS, LanguageClient
from sotong.language.search import analyse_query, analyse_texts
from sotong.language.tests.conftest import ROOT, Running

POST = "요금제를 바꾸고 싶은데 데이터가 자꾸 터져서 너무 불편해요. 고객센터에 전화해도 안 받아요 ㅠㅠ"


def test_only_its_own_user_may_open_the_socket(language: Running) -> None:
    assert stat.S_IMODE(language.socket_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(language.socket_path.parent.stat().st_mode) == 0o700


def test_a_process_that_hangs_costs_a_page_its_deadline_and_no_more(language: Running) -> None:
    os.kill(language.process.pid, signal.SIGSTOP)
    crowd = [socket.socket(socket.AF_UNIX) for _ in range(200)]
    took = []
    try:
        for number in range(60):
            if number == 30:  # from here on the queue of connections is full, and connecting itself would block
                for line in crowd:
                    line.setblocking(False)
                    line.connect_ex(str(language.socket_path))
            started = time.perf_counter()
            terms, used_kiwi = analyse_query("터지다", language.client)
            took.append(time.perf_counter() - started)
            assert terms
            assert not used_kiwi
        assert "50 ms" in language.client.last_problem
        assert sorted(took)[50] < 0.1, took
        assert max(took) < 1
        assert analyse_texts([POST], language.client, 0.1)[0].used_kiwi is False
    finally:
        os.kill(language.process.pid, signal.SIGCONT)
        for line in crowd:
            line.close()
    language.wait_until_ready()
    assert analyse_query("터지다", language.client, 1.0)[1] is True


def test_a_second_process_on_the_same_socket_says_so(language: Running) -> None:
    command = [sys.executable, "-m", "sotong.language.process", str(language.socket_path)]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert "another language process serves this socket" in done.stderr
    assert "Traceback" not in done.stderr
    assert language.client.health(1.0) is not None


def test_after_kill_9_it_is_done_without_and_a_restart_takes_over_the_socket(language: Running) -> None:
    language.process.kill()
    language.process.wait(10)
    assert language.socket_path.exists()
    started = time.perf_counter()
    assert analyse_query("터지다", language.client)[1] is False
    assert time.perf_counter() - started < 0.05
    assert "not running" in language.client.last_problem
    language.start()
    language.wait_until_ready()
    assert analyse_query("터지다", language.client, 1.0)[1] is True


def test_sigterm_ends_it_at_once_and_leaves_no_socket(language: Running) -> None:
    asking = threading.Thread(target=lambda: language.client.morphemes([POST * 20] * 200, BATCH_SECONDS))
    asking.start()
    time.sleep(0.05)
    started = time.perf_counter()
    language.process.terminate()
    assert language.process.wait(10) == 0
    assert time.perf_counter() - started < 2
    asking.join()
    assert not language.socket_path.exists()
    language.start()
    language.wait_until_ready()


@pytest.mark.parametrize("after", [0.2, 0.9])
def test_sigterm_ends_it_at_once_while_kiwi_loads(tmp_path: Path, after: float) -> None:
    running = Running(tmp_path / "language.sock")
    try:
        time.sleep(after)
        started = time.perf_counter()
        running.process.terminate()
        assert running.process.wait(10) == -signal.SIGTERM
        assert time.perf_counter() - started < 0.5
    finally:
        running.stop()


def lives(pid: int) -> bool:
    """Whether the process is there and more than an entry that nobody has collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


@pytest.mark.parametrize("is_loaded", [True, False])
def test_it_dies_with_its_parent(tmp_path: Path, is_loaded: bool) -> None:
    program = (
        "import os, subprocess, sys, time\n"
        "command = [sys.executable, '-m', 'sotong.language.process', sys.argv[1], '--parent', str(os.getpid())]\n"
        "print(subprocess.Popen(command).pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    path = tmp_path / "language.sock"
    parent = subprocess.Popen([sys.executable, "-c", program, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    until = time.monotonic() + 60
    awaited = path if is_loaded else path.with_name(path.name + ".lock")
    while not awaited.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert lives(child)
    parent.kill()
    parent.wait(10)  # not communicate(): the child holds the pipe too, so that would wait for what is being tested
    parent.stdout.close()
    time.sleep(0.5)
    assert not lives(child)


def test_a_socket_in_a_very_deep_folder_is_reached(tmp_path: Path) -> None:
    deep = tmp_path / ("깊은-폴더-" * 8) / "language.sock"
    running = Running(deep)
    try:
        running.wait_until_ready()
        assert analyse_query("터지다", running.client, 1.0)[1] is True
    finally:
        running.stop()


def test_asking_loads_neither_kiwi_nor_django() -> None:
    program = (
        "import sys, sotong.language.search, sotong.language.process, sotong.language.masking\n"
        "print([name for name in ('kiwipiepy', 'django') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_client_of_nothing_says_why(tmp_path: Path) -> None:
    client = LanguageClient(tmp_path / "absent" / "language.sock")
    assert client.morphemes(["가"]) is None
    assert "not running" in client.last_problem
    assert client.morphemes([]) == []
    (tmp_path / "file").write_text("")
    assert LanguageClient(tmp_path / "file").health() is None
    assert LanguageClient(tmp_path / "file" / "language.sock").health() is None
    assert LanguageClient(Path("/") / ("long" * 2000)).health() is None
