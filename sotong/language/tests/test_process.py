"""The real language process with the real Kiwi: deadlines, hostile clients, signals, crashes."""

from __future__ import annotations

import json
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
from sotong.language.process import AlreadyServing, serve
from sotong.language.search import analyse_query, analyse_texts
from sotong.language.serving import CLIENTS_MAX
from sotong.language.tests.conftest import ROOT, Running
from sotong.language.wire import REQUEST_BYTES, TEXTS_MAX, framed

POST = "요금제를 바꾸고 싶은데 데이터가 자꾸 터져서 너무 불편해요. 고객센터에 전화해도 안 받아요 ㅠㅠ"


def raw(running: Running, sent: bytes, *, wait: float = 2.0) -> bytes:
    """What comes back for ``sent``, as bytes, until the process hangs up or ``wait`` seconds have passed."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(wait)
        line.connect(str(running.socket_path))
        answer = b""
        try:
            line.sendall(sent)
            while part := line.recv(65536):
                answer += part
                if len(answer) >= 4 and len(answer) == 4 + int.from_bytes(answer[:4], "big"):
                    break
        except (TimeoutError, ConnectionError):
            return answer
    return answer


def test_it_takes_words_apart(language: Running) -> None:
    readings = language.client.morphemes(["데이터가 터졌어요", "", "바꾸면"], 1.0)
    assert readings is not None
    assert ("터지", "VV") in readings[0]
    assert readings[1] == []
    assert ("바꾸", "VV") in readings[2]
    assert language.client.last_problem == ""


def test_an_ambiguous_word_has_several_readings_the_likeliest_first(language: Running) -> None:
    found = language.client.readings(["걸어서", "돈"], 1.0)
    assert found is not None
    assert {reading[0][0] for reading in found[0]} == {"걷", "걸"}
    assert [("돈", "NNG")] in found[1]


def test_the_health_tells_the_version_and_the_process(language: Running) -> None:
    health = language.client.health(1.0)
    assert health is not None
    assert health["pid"] == language.process.pid
    assert health["kiwi"].count(".") == 2


def test_only_its_own_user_may_open_the_socket(language: Running) -> None:
    assert stat.S_IMODE(language.socket_path.stat().st_mode) == 0o600
    assert stat.S_IMODE(language.socket_path.parent.stat().st_mode) == 0o700


def test_a_long_text_and_a_big_batch_come_back_whole_and_in_order(language: Running) -> None:
    texts = [f"{number}번째 글입니다. " + POST * (number % 7) for number in range(3 * TEXTS_MAX + 1)]
    texts[5] = POST * 300
    readings = language.client.morphemes(texts, BATCH_SECONDS)
    assert readings is not None
    assert len(readings) == len(texts)
    assert all((str(number), "SN") in reading for number, reading in enumerate(readings) if number != 5)
    assert sum(1 for piece in readings[5] if piece == ("터지", "VV")) == 300


def test_queries_are_answered_in_time_while_batches_are_read(language: Running) -> None:
    program = (
        "import sys, pathlib\n"
        "from sotong.language.client import LanguageClient\n"
        "client = LanguageClient(pathlib.Path(sys.argv[1]))\n"
        "print('ready', flush=True)\n"
        "while (read := client.morphemes([sys.argv[2]] * 200, 30)) is not None:\n"
        "    print(len(read), flush=True)\n"
    )
    command = [sys.executable, "-c", program, str(language.socket_path), POST * 3]
    workers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        for worker in workers:
            assert worker.stdout is not None
            assert [worker.stdout.readline(), worker.stdout.readline()] == ["ready\n", "200\n"]
        took = []
        for _ in range(200):
            started = time.perf_counter()
            if analyse_query("데이터를 바꾸면", language.client)[1]:
                took.append(time.perf_counter() - started)
            time.sleep(0.005)
        health = language.client.health(1.0)
        assert health is not None
        assert health["waiting"] > 0, "the batches were not being read meanwhile"
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    print(f"{len(took)} of 200 in time, median {sorted(took)[len(took) // 2] * 1000:.1f} ms")
    assert len(took) >= 190


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x00\x00\x00\x00",
        (REQUEST_BYTES + 1).to_bytes(4, "big") + b"x",
        b"\x00\x00\x00\x05hello",
        b"\x00\x00\x00\x02\xff\xfe",
        (100_000).to_bytes(4, "big") + b"[" * 100_000,
        framed({"op": "exit"}),
        framed({"op": "morphemes"}),
        framed({"op": "morphemes", "texts": "가나다"}),
        framed({"op": "morphemes", "texts": [1, None]}),
        framed({"op": "morphemes", "texts": ["가"] * (TEXTS_MAX + 1)}),
        framed({"op": "morphemes", "texts": ["가"], "best": 99}),
        framed({"op": ["morphemes"], "texts": {}}),
    ],
)
def test_what_is_no_request_gets_an_error_and_harms_nobody(language: Running, sent: bytes) -> None:
    answer = raw(language, sent)
    assert "error" in json.loads(answer[4:])
    assert language.client.health(1.0) is not None


@pytest.mark.parametrize(
    "text",
    [
        '"\\ud800"',
        '"\\u0000\\u0000"',
        json.dumps("가" * 20000),
        json.dumps("가나" * 9000),
        json.dumps("ㅋ" * 20000),
        json.dumps("\U0001f469\u200d" * 4000),
        json.dumps("\u0301" * 9000),
        json.dumps("'\"\\;--" * 3000),
    ],
)
def test_hostile_texts_are_survived_and_hold_nobody_up(language: Running, text: str) -> None:
    body = ('{"op":"morphemes","texts":[' + text + ',"터졌어요"]}').encode()
    got: list[bytes] = []
    asking = threading.Thread(
        target=lambda: got.append(raw(language, len(body).to_bytes(4, "big") + body, wait=BATCH_SECONDS))
    )
    asking.start()
    for _ in range(5):
        assert language.client.readings(["터져요"], 0.5) is not None, language.client.last_problem
    asking.join()
    readings = json.loads(got[0][4:])["readings"]
    assert ["터지", "VV"] in readings[1][0]


def test_clients_that_stall_or_crowd_do_not_keep_others_out_for_long(language: Running) -> None:
    crowd = [socket.socket(socket.AF_UNIX) for _ in range(CLIENTS_MAX - 1)]
    try:
        for line in crowd:
            line.connect(str(language.socket_path))
            line.sendall(b"\x00\x00\x00\x09half")
        assert language.client.health(1.0) is not None
        more = [socket.socket(socket.AF_UNIX) for _ in range(30)]
        for line in more:
            line.connect(str(language.socket_path))
        assert language.client.health(0.2) is None
        for line in more:
            line.close()
        time.sleep(6)
        assert language.client.health(1.0) is not None
        assert crowd[0].recv(1) == b""
    finally:
        for line in crowd:
            line.close()


def test_a_client_that_gave_up_is_not_worked_for(language: Running) -> None:
    client = LanguageClient(language.socket_path)
    for _ in range(20):
        assert client.morphemes([POST * 100] * 20, 0.01) is None
        assert "10 ms" in client.last_problem
    started = time.perf_counter()
    while (health := language.client.health(1.0)) is not None and health["waiting"]:
        assert time.perf_counter() - started < 2
        time.sleep(0.02)


def test_a_process_that_hangs_costs_a_page_its_deadline_and_no_more(language: Running) -> None:
    os.kill(language.process.pid, signal.SIGSTOP)
    try:
        for _ in range(200):
            started = time.perf_counter()
            terms, used_kiwi = analyse_query("터지다", language.client)
            assert time.perf_counter() - started < 0.1
            assert terms
            assert not used_kiwi
        assert "50 ms" in language.client.last_problem
        assert analyse_texts([POST], language.client, 0.1)[0].used_kiwi is False
    finally:
        os.kill(language.process.pid, signal.SIGCONT)
    language.wait_until_ready()
    assert analyse_query("터지다", language.client, 1.0)[1] is True


def test_a_second_process_on_the_same_socket_says_so(language: Running) -> None:
    with pytest.raises(AlreadyServing, match="another language process"):
        serve(language.socket_path, die_with_parent=False)
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


def test_it_dies_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-m', 'sotong.language.process', sys.argv[1]])\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "language.sock")], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    client = LanguageClient(tmp_path / "language.sock")
    until = time.monotonic() + 60
    while client.health(1.0) is None and time.monotonic() < until:
        time.sleep(0.05)
    parent.kill()
    parent.wait(10)
    until = time.monotonic() + 2
    while client.health(0.2) is not None and time.monotonic() < until:
        time.sleep(0.02)
    assert client.health(0.2) is None
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(child, 0)
            time.sleep(0.02)


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
