"""What was answered is never lost, whatever ends the process."""

from __future__ import annotations

import contextlib
import http.client
import random
import resource
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from sotong_practice.tests.running import Practice
from sotong_practice.truth import FILE_NAME, Damaged, read_truth

SEED = 20260414


@pytest.mark.faults
def test_kill_9_during_writes_loses_nothing_that_was_answered_and_doubles_nothing(practice: Practice) -> None:
    rounds, writers, chance = 6, 4, random.Random(SEED)
    practice.admin.call("PATCH", "/api/admin/settings", {"writes_per_window": 100_000})
    callers = [practice.account(f"writer_{n}") for n in range(writers)]
    answered: dict[str, str] = {}
    unsure: set[str] = set()
    for number in range(rounds):
        over = threading.Event()

        def keep_writing(who: int, number: int = number, over: threading.Event = over) -> None:
            count = 0
            while not over.is_set():
                key = f"r{number}-w{who}-{count}"
                count += 1
                try:
                    made = callers[who].post("/api/posts", text=f"글 {key}", key=key)
                except (OSError, http.client.HTTPException):
                    unsure.add(key)
                    return
                assert made.status == 201
                answered[key] = made.json["id"]

        threads = [threading.Thread(target=keep_writing, args=(who,)) for who in range(writers)]
        for thread in threads:
            thread.start()
        time.sleep(chance.uniform(0.15, 0.5))
        practice.kill()
        over.set()
        for thread in threads:
            thread.join()
        practice.start()
    assert len(answered) > rounds * writers
    on_disk = {record["key"]: record["id"] for record in practice.records("post")}
    assert len(on_disk) == len(practice.records("post")), "a key has two effects"
    assert answered.items() <= on_disk.items()
    assert on_disk.keys() - answered.keys() <= unsure
    for key, post_id in answered.items():
        caller = callers[int(key.split("-w")[1].split("-")[0])]
        assert caller.get(f"/api/posts/by-key/{key}").json["post"]["id"] == post_id
    for key in unsure:
        caller = callers[int(key.split("-w")[1].split("-")[0])]
        again = caller.post("/api/posts", text="다시", key=key)
        assert again.status == (200 if key in on_disk else 201)
    starts = practice.records("start")
    assert len(starts) == rounds + 1


def test_everything_is_there_again_after_kill_9(practice: Practice) -> None:
    care = practice.account("care", kind="company")
    bada = practice.account("bada")
    post = bada.write("@care 안 돼요", key="k1")
    bada.call("PATCH", f"/api/posts/{post['id']}", {"text": "@care 아직 안 돼요"})
    answer = care.write("봐 드릴게요", reply_to=post["id"])
    care.call("PUT", f"/api/posts/{post['id']}/like")
    bada.call("DELETE", f"/api/posts/{bada.write('@care 실수')['id']}")
    bada.post("/api/messages", to="care", text="번호는 여기로요")
    bada.call("PATCH", "/api/me", {"display_name": "바다", "bio": "서울"})
    practice.admin.call("PATCH", "/api/admin/settings", {"idempotency": False})
    practice.admin.fault("latency", seconds=0, seed=1, operations=["media"])
    paths = [f"/api/posts/{post['id']}", f"/api/posts/{answer['id']}/thread", "/api/feed?cursor=start&own=1", "/api/me"]
    paths += ["/api/exchanges", "/api/timeline", "/api/search?q=%EC%95%88"]
    before = {path: [caller.get(path).json for caller in (care, bada)] for path in paths}
    settings = practice.admin.get("/api/admin/settings").json
    faults = practice.admin.get("/api/admin/faults").json
    practice.kill()
    practice.start()
    assert {path: [caller.get(path).json for caller in (care, bada)] for path in paths} == before
    assert practice.admin.get("/api/admin/settings").json == settings
    assert practice.admin.get("/api/admin/faults").json == faults


def test_a_torn_last_line_is_closed_and_told(practice: Practice) -> None:
    bada = practice.account("bada")
    bada.write("온전한 글", key="whole")
    practice.kill()
    path = practice.folder / FILE_NAME
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"seq":5,"kind":"post","account":"x","te')
    practice.start()
    assert bada.get("/api/posts/by-key/whole").status == 200
    assert path.read_bytes().startswith(whole), "what was written is never rewritten"
    assert practice.records("start")[-1]["torn"] is True
    bada.write("그다음 글")
    practice.kill()
    practice.start()
    assert "torn" not in practice.records("start")[-1]


def test_a_last_line_that_only_lacks_its_end_counts(practice: Practice) -> None:
    bada = practice.account("bada")
    bada.write("끝이 없는 줄", key="last")
    practice.kill()
    path = practice.folder / FILE_NAME
    path.write_bytes(path.read_bytes().removesuffix(b"\n"))
    practice.start()
    assert bada.get("/api/posts/by-key/last").status == 200


def test_damage_that_no_crash_explains_is_refused(practice: Practice) -> None:
    practice.account("bada").write("하나")
    practice.kill()
    path = practice.folder / FILE_NAME
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:20] + b"\n" + lines[2])
    process = practice.spawn(practice.port)
    said = process.communicate(timeout=10)[1].decode()
    assert process.returncode == 1
    assert "line 2" in said
    path.write_bytes(lines[0] + lines[2])
    with pytest.raises(Damaged, match="where 2 was due"):
        list(read_truth(path))


def test_a_second_process_on_the_same_folder_or_port_gets_one_sentence(
    practice: Practice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    monkeypatch.setenv("PYTHONUTF8", "1")
    same_folder = practice.spawn(practice.port + 1000)
    assert "이 폴더를 쓰고 있어요" in same_folder.communicate(timeout=10)[1].decode()
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    same_port = Practice(tmp_path / "other").spawn(practice.port)
    said = same_port.communicate(timeout=10)[1].decode()
    assert f"Port {practice.port} is taken by another program" in said
    assert said.count("\n") == 1
    assert (same_folder.returncode, same_port.returncode) == (1, 1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_even_while_somebody_waits(practice: Practice, number: signal.Signals) -> None:
    bada = practice.account("bada")

    def wait() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            bada.feed(wait=25)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.3)
    assert practice.process is not None
    began = time.monotonic()
    practice.process.send_signal(number)
    practice.process.communicate(timeout=10)
    # Far from the 25 seconds that somebody waits, also on a busy machine.
    assert time.monotonic() - began < 5
    assert practice.process.returncode == 0
    practice.process = None
    waiting.join()


def test_a_full_disk_refuses_without_an_effect_and_goes_on_later(tmp_path: Path) -> None:
    network = Practice(tmp_path / "data")
    network.start()
    bada = network.account("bada")
    network.kill()
    size = (network.folder / FILE_NAME).stat().st_size
    limited = size + 3000
    spawn = network.spawn

    def spawn_limited(port: int) -> subprocess.Popen[bytes]:
        process = spawn(port)
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limited, resource.RLIM_INFINITY))
        return process

    network.spawn = spawn_limited  # type: ignore[method-assign]
    network.start()
    statuses = [bada.post("/api/posts", text="가" * 100, key=f"k{n}").status for n in range(12)]
    assert 503 in statuses
    assert statuses.index(503) > 0
    written = statuses.count(201)
    assert bada.get("/").status in {200, 503}
    assert [record["key"] for record in network.records("post")] == [f"k{n}" for n in range(12) if statuses[n] == 201]
    assert network.process is not None
    resource.prlimit(network.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert bada.post("/api/posts", text="다시 됩니다", key="after").status == 201
    network.kill()
    network.spawn = spawn  # type: ignore[method-assign]
    network.start()
    assert len(network.records("post")) == written + 1
    network.kill()


def test_the_secret_is_readable_by_its_owner_only(practice: Practice) -> None:
    assert (practice.folder / "admin-secret").stat().st_mode & 0o777 == 0o600
    assert practice.secret not in (practice.folder / FILE_NAME).read_text()


def test_tokens_are_not_in_the_truth_file(practice: Practice) -> None:
    bada = practice.account("bada")
    assert bada.token not in (practice.folder / FILE_NAME).read_text()
