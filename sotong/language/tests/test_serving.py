"""What the real language process answers, to whom and when: batches, queries in between, hostile clients."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time

import pytest

from sotong.language.client import BATCH_SECONDS
from sotong.language.search import analyse_query
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


def test_a_long_text_and_a_big_batch_come_back_whole_and_in_order(language: Running) -> None:
    texts = [f"{number}번째 글입니다. " + POST * (number % 7) for number in range(3 * TEXTS_MAX + 1)]
    texts[5] = POST * 300
    readings = language.client.morphemes(texts, BATCH_SECONDS)
    assert readings is not None
    assert len(readings) == len(texts)
    assert all((str(number), "SN") in reading for number, reading in enumerate(readings) if number != 5)
    assert sum(1 for piece in readings[5] if piece == ("터지", "VV")) == 300


def in_time(language: Running) -> int:
    """How many of 40 queries Kiwi answered within the deadline of a page: the best of three rounds, so that what else
    this machine does cannot decide it."""
    best = 0
    for _ in range(3):
        count = 0
        for _ in range(40):
            count += analyse_query("데이터를 바꾸면", language.client)[1]
            time.sleep(0.005)
        best = max(best, count)
        if best >= 36:
            break
    return best


def test_queries_are_answered_in_time_while_workers_read_batches(language: Running) -> None:
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
        count = in_time(language)
        assert all(worker.poll() is None for worker in workers)
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    print(f"{count} of 40 queries in time")
    assert count >= 32


def test_a_query_goes_before_every_batch_that_waits(language: Running) -> None:
    batch = framed({"op": "morphemes", "texts": [POST * 4] * 200})
    lines = [socket.socket(socket.AF_UNIX) for _ in range(40)]
    try:
        for line in lines:
            line.connect(str(language.socket_path))
            line.sendall(batch)
        count = in_time(language)
        health = language.client.health(1.0)
        assert health is not None
        assert health["waiting"] > 30, "the batches were read too soon to tell"
        print(f"{count} of 40 queries in time before {health['waiting']} batches")
        assert count >= 32
    finally:
        for line in lines:
            line.close()


def test_a_client_that_gave_up_is_not_worked_for(language: Running) -> None:
    batch = framed({"op": "morphemes", "texts": [POST * 20] * 80})
    for _ in range(40):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(language.socket_path))
            line.sendall(batch)
    assert language.client.morphemes([POST * 100] * 20, 0.01) is None
    assert "10 ms" in language.client.last_problem
    started = time.perf_counter()
    while (health := language.client.health(1.0)) is not None and health["waiting"]:
        assert time.perf_counter() - started < 5, f"{health['waiting']} still waiting"
        time.sleep(0.02)


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
    # Some room is left: what an earlier test's client held may not have been counted off yet.
    crowd = [socket.socket(socket.AF_UNIX) for _ in range(CLIENTS_MAX - 16)]
    try:
        for line in crowd:
            line.connect(str(language.socket_path))
            line.sendall(b"\x00\x00\x00\x09half")
        assert language.client.health(4.0) is not None, language.client.last_problem
        more = [socket.socket(socket.AF_UNIX) for _ in range(60)]
        for line in more:
            line.connect(str(language.socket_path))
        assert language.client.health(0.2) is None
        for line in more:
            line.close()
        time.sleep(6)
        assert language.client.health(4.0) is not None, language.client.last_problem
        assert crowd[0].recv(1) == b""
    finally:
        for line in crowd:
            line.close()
