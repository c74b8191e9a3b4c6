"""The doctor finds what is wrong, each time with something to do about it."""

from __future__ import annotations

import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from sotong.cli.checks import database, house, machine, practice
from sotong.cli.checks.findings import age, guarded
from sotong.cli.ports import is_serving
from sotong.cli.state import ProcessState
from sotong.postgres.testing import temporary_server
from sotong.postgres.tests.people import CHECKOUT
from sotong.settings.options import load

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who may mount")


def test_old_python_is_found():
    found = machine.look_at_python((3, 9, 18))
    assert found.level == "fail"
    assert "3.9.18" in found.text
    assert found.mend
    assert machine.look_at_python((3, 11, 0)).level == "ok"


def test_package_that_differs_from_the_lock_is_named(tmp_path):
    lock = tmp_path / "run.txt"
    lock.write_text("psycopg==0.0.1 \\\n    --hash=sha256:00\nnever-heard-of==1.0\n")
    found = machine.look_at_packages(lock)
    assert found.level == "fail"
    assert "for 0.0.1" in found.text
    assert "never-heard-of 1.0 missing" in found.text


def test_package_of_another_platform_is_not_missed(tmp_path):
    lock = tmp_path / "run.txt"
    lock.write_text("never-heard-of==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n")
    assert machine.pinned(lock) == {}
    assert machine.look_at_packages(lock).level == "ok"


def test_our_own_lock_is_read():
    assert len(machine.pinned(CHECKOUT / "requirements" / "run.txt")) > 30


def test_folder_below_a_file_is_found_unwritable(tmp_path):
    (tmp_path / "file").write_text("")
    found = machine.look_at_folder(tmp_path / "file")
    assert found.level == "fail"
    assert "SOTONG_DATA" in found.mend
    assert machine.look_at_folder(tmp_path / "not" / "yet").level == "ok"


@as_root
def test_disk_that_is_nearly_full_is_found(tmp_path):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", tmp_path], check=True)
    try:
        assert machine.look_at_space(tmp_path / "data").level == "fail"
        subprocess.run(["mount", "-o", "remount,size=500m", tmp_path], check=True)
        assert machine.look_at_space(tmp_path / "data").level == "warn"
    finally:
        subprocess.run(["umount", tmp_path], check=True)


def test_clock_before_the_program_was_written_is_found():
    assert machine.look_at_clock(0.0).level == "fail"
    assert machine.look_at_clock(time.time()).level == "ok"


def test_database_that_does_not_answer_is_found():
    found = database.look_at_server("postgresql://sotong:hunter2@127.0.0.1:1/sotong")
    assert found.level == "fail"
    assert "hunter2" not in found.text


def test_database_with_too_little_room_is_found_and_the_setting_named():
    with temporary_server() as url:
        assert database.look_at_connections(url, 97).level == "ok"
        found = database.look_at_connections(url, 98)
    assert found.level == "fail"
    assert "admits 97, these settings may take 98" in found.text
    assert "SOTONG_WEB_THREADS" in found.mend


def test_taken_port_is_found(port):
    chosen = load({"SOTONG_PORT": str(port), "SOTONG_PRACTICE_PORT": str(port + 1)})
    assert [finding.level for finding in house.look_at_ports(chosen)] == ["ok", "ok"]
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        web, practice = house.look_at_ports(chosen)
    assert (web.level, practice.level) == ("fail", "ok")
    assert web.text == f"Port {port} is taken by another program"
    assert web.mend == "End that, or choose another port with SOTONG_PORT.", "said once"


def process(state: str, restarts: int = 0) -> ProcessState:
    return ProcessState(name="web", state=state, pid=7, since=1000.0, restarts=restarts, last_exit=1)


@pytest.mark.parametrize(
    ("seen", "level"), [(process("running"), "ok"), (process("running", 3), "warn"), (process("waiting"), "fail")]
)
def test_process_that_ended_or_is_restless_is_found(seen, level):
    found = house.look_at_process(seen, Path("/var/log"), now=1075.0)
    assert found.level == level
    assert "75 s" in found.text
    assert level == "ok" or "/var/log/web.log" in found.mend


def test_check_that_breaks_is_a_finding_and_hides_no_other():
    def look():
        yield machine.look_at_clock(time.time())
        raise RuntimeError("the stethoscope broke\nbadly")

    good, broken = guarded("clock", look)
    assert good.level == "ok"
    assert broken.level == "fail"
    assert broken.text == "could not be checked: RuntimeError: the stethoscope broke"


@pytest.mark.parametrize(
    ("seconds", "told"), [(-5, "0 s"), (75, "75 s"), (600, "10 min"), (7200, "2 h"), (200_000, "2 days")]
)
def test_ages_are_told_in_the_unit_that_fits(seconds, told):
    assert age(seconds)[1] == told


def examined(data: Path, **environment: str) -> tuple[int, dict[str, str]]:
    done = subprocess.run(
        [sys.executable, "-m", "sotong.cli", "doctor", "--json"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "SOTONG_DATA": str(data), "DATABASE_URL": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    told = json.loads(done.stdout)
    assert told["ok"] is (done.returncode == 0)
    return done.returncode, {finding["what"]: finding["level"] for finding in told["findings"]}


def test_house_that_was_never_started_is_no_failure(data, port):
    code, found = examined(data, SOTONG_PORT=str(port), SOTONG_PRACTICE_PORT=str(port + 1))
    assert (found["house"], found["embedded"], found["web port"]) == ("warn", "warn", "ok")
    assert code == 1 if "fail" in found.values() else code == 0
    assert not data.exists()


def test_doctor_sees_a_running_house_and_the_child_that_fails(house):
    up = house(STAND_INS="steady crash")
    assert up.says("starting again in 4 s"), up.text
    code, found = examined(up.data, SOTONG_PORT=str(up.port))
    assert code == 1
    assert (found["house"], found["web"], found["steady"], found["web port"]) == ("ok", "ok", "ok", "ok")
    assert (found["crash"], found["embedded"], found["database"]) == ("fail", "ok", "ok")
    assert found["migrations"] == "fail"


def test_server_that_only_reports_its_own_errors_does_not_serve(port):
    class Broken(http.server.BaseHTTPRequestHandler):
        status = 500

        def do_GET(self) -> None:
            self.send_response(self.status)
            self.end_headers()

    assert not is_serving("127.0.0.1", port)
    with http.server.HTTPServer(("127.0.0.1", port), Broken) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert not is_serving("127.0.0.1", port)
        Broken.status = 302
        assert is_serving("127.0.0.1", port)
        server.shutdown()


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "level"), [(None, "fail"), (3, "ok"), (90, "fail")])
def test_a_worker_that_hangs_is_told(seconds: int | None, level: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        if seconds is not None:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second')",
                [seconds],
            )
    assert database.look_at_heartbeat().level == level


@pytest.mark.parametrize(
    ("told", "level"), [('{"ok": true, "world": "ours"}', "ok"), ('{"world": "theirs"}', "fail"), ("<html>", "fail")]
)
def test_practice_network_of_another_house_is_found(tmp_path, told, level):
    (tmp_path / "practice").mkdir()
    (tmp_path / "practice" / "truth.jsonl").write_text(
        '{"seq":1,"at":"2026-05-01T00:00:00+00:00","kind":"start","world":"ours"}\n'
    )

    class Told(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(told.encode())

    def look(port: int):
        return [*practice.look_at_network(load({"SOTONG_DATA": str(tmp_path), "SOTONG_PRACTICE_PORT": str(port)}))]

    (found,) = look(1)
    assert (found.level, found.text) == ("fail", "1 does not answer")
    server = http.server.HTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        (found,) = look(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
    assert found.level == level
    assert bool(found.mend) is (level == "fail")
