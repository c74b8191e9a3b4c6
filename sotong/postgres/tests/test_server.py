"""The server's life: begun, shared, killed, begun again. Real processes, real kills."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from sotong.postgres.errors import PostgresError
from sotong.postgres.folders import Layout, fits_socket
from sotong.postgres.pidfile import is_kept, living
from sotong.postgres.programs import PACKAGE, wheel_folder
from sotong.postgres.server import attach, running_server, start
from sotong.postgres.testing import temporary_server
from sotong.postgres.tests.people import KEEPER, STARTER, first_line, is_alive, ordinary_user, run_python, until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root, who may become other users")


def answer(url: str, question: str):
    with psycopg.connect(url) as link:
        row = link.execute(question).fetchone()
        assert row is not None
        return row[0]


def write_row(url: str, text: str) -> None:
    with psycopg.connect(url) as link:
        link.execute("CREATE TABLE IF NOT EXISTS kept (line text)")
        link.execute("INSERT INTO kept VALUES (%s)", [text])


def test_fresh_server_knows_letters_and_its_role_is_no_superuser(data):
    with running_server(data) as url:
        assert answer(url, "SELECT lower('ÄÖ한국')") == "äö한국"
        assert answer(url, "SELECT current_user || usesuper FROM pg_user WHERE usename = current_user") == "sotongfalse"
        assert answer(url, "SHOW fsync") == "on"
        assert answer(url, "SHOW listen_addresses") == ""
    assert not living(Layout(data))


def test_what_was_committed_is_there_after_an_orderly_stop(data):
    with running_server(data) as url:
        write_row(url, "하나")
    with running_server(data) as url:
        assert answer(url, "SELECT line FROM kept") == "하나"


@as_root
def test_root_hands_the_server_to_an_unprivileged_user_and_leaves_parent_folders_alone(data):
    before = {folder: folder.stat().st_mode for folder in data.parents}
    server = start(data)
    try:
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        uids, groups = (
            next(x for x in status.splitlines() if x.startswith(key)).split()[1:] for key in ("Uid", "Grou")
        )
        assert set(uids) == {str(server.account.uid)}
        assert "0" not in uids
        assert groups == []
        assert answer(server.url, "SELECT 1") == 1
    finally:
        server.stop()
    assert {folder: folder.stat().st_mode for folder in data.parents} == before


@as_root
def test_another_user_of_the_machine_cannot_reach_the_socket(data):
    uid, python = ordinary_user()
    server = start(data)
    knock = "import socket,sys; s=socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])"
    try:
        stranger = run_python(knock, server.socket / ".s.PGSQL.5432", uid=uid, python=python)
        assert "PermissionError" in stranger.communicate(timeout=20)[1]
        assert run_python(knock, server.socket / ".s.PGSQL.5432").wait(20) == 0
    finally:
        server.stop()


@as_root
def test_even_behind_an_open_door_the_kernel_tells_who_knocks(data):
    uid, python = ordinary_user()
    server = start(data)
    try:
        for folder in (server.layout.folder, server.socket):
            folder.chmod(0o755)
        (server.socket / ".s.PGSQL.5432").chmod(0o777)
        script = "import psycopg, sys; psycopg.connect(sys.argv[1])"
        stranger = run_python(script, server.url, uid=uid, python=python)
        assert "Peer authentication failed" in stranger.communicate(timeout=20)[1]
    finally:
        server.stop()


def test_ordinary_user_runs_a_server_of_their_own(data):
    uid, python = ordinary_user()
    os.chown(data.parent, uid, -1)
    keeper = run_python(KEEPER, data, uid=uid, python=python)
    out, err = keeper.communicate(timeout=60)
    assert out.startswith("sotong "), err
    assert (data / "postgres" / "cluster").stat().st_uid == uid
    # Root may look after it later, and hands it back to the same user.
    with running_server(data) as url:
        assert answer(url, "SELECT 1") == 1
    assert (data / "postgres" / "cluster" / "PG_VERSION").stat().st_uid == uid


def test_killed_starter_leaves_no_orphan_and_the_next_start_recovers(data):
    starter = run_python(STARTER, data)
    url, pid = first_line(starter).split()
    write_row(url, "살아 있어요")
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    assert until(lambda: not is_alive(int(pid)), 5.0)
    assert until(lambda: not living(Layout(data)), 2.0)
    with running_server(data) as again:
        assert answer(again, "SELECT line FROM kept") == "살아 있어요"


def test_start_right_after_a_kill_waits_for_the_old_server_and_does_not_attach_to_it(data):
    starter = run_python(STARTER, data)
    url, pid = first_line(starter).split()
    with psycopg.connect(url) as link:
        link.execute("CREATE TABLE many AS SELECT repeat('x', 500) AS line FROM generate_series(1, 100000)")
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    with running_server(data) as again:
        assert not is_alive(int(pid))
        assert answer(again, "SELECT count(*) FROM many") == 100000


def test_server_whose_starter_is_dead_is_not_counted_as_kept(data):
    starter = run_python(STARTER, data)
    pid = int(first_line(starter).split()[1])
    os.kill(pid, signal.SIGSTOP)  # as slow as can be: it has not yet noticed that it is alone
    try:
        assert is_kept(Layout(data), pid)
        starter.send_signal(signal.SIGKILL)
        starter.wait()
        assert living(Layout(data))
        assert not is_kept(Layout(data), pid)
        assert attach(data) is None
    finally:
        os.kill(pid, signal.SIGCONT)
    assert until(lambda: not living(Layout(data)), 5.0)


def test_killed_postmaster_is_recovered_from(data):
    server = start(data)
    write_row(server.url, "둘")
    server.process.kill()
    server.process.wait()
    with running_server(data) as url:
        assert answer(url, "SELECT line FROM kept") == "둘"


def test_second_process_attaches_and_leaves_the_server_running(data):
    server = start(data)
    try:
        keeper = run_python(KEEPER, data)
        out, err = keeper.communicate(timeout=30)
        assert out.split() == ["sotong", server.url], err
        assert attach(data) == server.url
        assert answer(server.url, "SELECT 1") == 1
    finally:
        server.stop()
    assert attach(data) is None


def test_second_start_on_the_same_data_names_the_process(data):
    server = start(data)
    try:
        with pytest.raises(PostgresError, match=f"in use by process {server.process.pid};"):
            start(data)
    finally:
        server.stop()


def test_stale_pid_file_that_names_a_living_stranger_does_not_stop_the_start(data):
    server = start(data)
    server.stop()
    account = server.account
    uid = account.uid if os.geteuid() == 0 else None
    stranger = subprocess.Popen(["/bin/sleep", "60"], user=uid)
    try:
        stale = data / "postgres" / "cluster" / "postmaster.pid"
        stale.write_text(f"{stranger.pid}\n{stale.parent}\n1700000000\n5432\n{server.socket}\n\n  5432001 9\nready\n")
        os.chown(stale, account.uid, account.gid)
        with running_server(data) as url:
            assert answer(url, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_data_folder_with_a_long_path_gets_a_short_private_socket(data):
    deep = data / ("길" * 40) / "deep"
    assert not fits_socket(Layout(deep).socket)
    server = start(deep)
    try:
        assert fits_socket(server.socket)
        assert server.socket.stat().st_mode & 0o777 == 0o700
        assert answer(server.url, "SELECT 1") == 1
    finally:
        server.stop()
    assert not server.socket.exists()


def test_half_made_cluster_is_made_anew(data):
    with running_server(data):
        pass
    cluster = data / "postgres" / "cluster"
    cluster.rename(cluster.with_name("cluster.new"))
    (cluster.with_name("cluster.new") / "global" / "pg_control").unlink()
    with running_server(data) as url:
        assert answer(url, "SELECT 1") == 1
    assert not cluster.with_name("cluster.new").exists()


@as_root
def test_programs_in_a_closed_folder_are_copied_for_the_account(data, monkeypatch):
    closed = data.parent / "closed"
    closed.mkdir(mode=0o700)
    package = wheel_folder()
    (closed / PACKAGE).symlink_to(package)
    (closed / f"{PACKAGE}.libs").symlink_to(package.with_name(f"{PACKAGE}.libs"))
    monkeypatch.syspath_prepend(closed)
    server = start(data)
    try:
        assert answer(server.url, "SELECT 1") == 1
        program = Path(f"/proc/{server.process.pid}/exe").resolve()
        assert program.is_relative_to(data / "postgres" / "programs")
    finally:
        server.stop()
    assert closed.stat().st_mode & 0o777 == 0o700


def test_statements_and_values_stay_out_of_the_log(data):
    lines: list[str] = []
    with running_server(data, sink=lines.append) as url, psycopg.connect(url) as link:
        link.execute("CREATE TABLE person (phone text UNIQUE)")
        link.execute("INSERT INTO person VALUES ('010-1234-5678')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            link.execute("INSERT INTO person VALUES ('010-1234-5678')")
    assert any("duplicate key" in line for line in lines)
    assert not any("1234-5678" in line for line in lines)


def test_temporary_server_may_make_databases_and_vanishes():
    with temporary_server() as url:
        assert answer(url, "SHOW fsync") == "off"
        with psycopg.connect(url, autocommit=True) as link:
            link.execute("CREATE DATABASE test_something")
        socket = Path(str(psycopg.conninfo.conninfo_to_dict(url)["host"]))
    assert until(lambda: not socket.parents[1].exists())


def test_stopping_takes_less_than_three_seconds_with_an_open_session(data):
    server = start(data)
    link = psycopg.connect(server.url)
    link.execute("SELECT 1")
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 3.0
    link.close()
