"""``sotong up``: the whole house in one command."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from sotong.cli.child import Child, Plan
from sotong.cli.journal import Journal
from sotong.cli.keeper import DatabaseKeeper
from sotong.cli.lock import Lock
from sotong.cli.places import Places, clear_places, make_places
from sotong.cli.ports import check_port, is_serving, near
from sotong.cli.questions import STREAMS, of_language, over_port, over_socket
from sotong.cli.restore import check_restored
from sotong.cli.supervisor import TICK, Signals, Stopping, Supervisor
from sotong.cli.words import Refusal, say, speak
from sotong.postgres.folders import make_data_folder
from sotong.postgres.given import is_working, look_at
from sotong.postgres.launch import launch
from sotong.settings.connections import needed
from sotong.settings.options import OPTIONS, Options, data_folder, options

READY_WITHIN = 90.0
"""Seconds after which ``up`` says that the pages are not there yet, and goes on."""

FONT = Path(__file__).parents[1] / "design/static/design/vendor/PretendardVariable.woff2"
"""The font of the pages, lent to the practice network, which has nothing of ours."""


Prepare = Callable[[Places, Mapping[str, str]], str | None]


def configure(parser: argparse.ArgumentParser) -> None:
    data, ports = data_folder(), {option.env: option.default for option in OPTIONS}
    web, practice = ports["SOTONG_PORT"], ports["SOTONG_PRACTICE_PORT"]
    parser.epilog = speak(
        f"데이터 폴더: {data} (SOTONG_DATA). 웹 포트: {web} (SOTONG_PORT), 연습 네트워크: {practice} "
        f"(SOTONG_PRACTICE_PORT). 설정 파일: {data / 'sotong.toml'}. 모든 설정은 docs/operating.md에 있어요.",
        f"Data folder: {data} (SOTONG_DATA). Web port: {web} (SOTONG_PORT), practice network: {practice} "
        f"(SOTONG_PRACTICE_PORT). Settings file: {data / 'sotong.toml'}. docs/operating.md lists every setting.",
    )


def run(arguments: argparse.Namespace) -> int:
    return open_house(options(), plans=plans, prepare=prepare)


def open_house(
    chosen: Options,
    *,
    plans: Callable[[Places], list[Plan]],
    prepare: Prepare,
    ready_within: float = READY_WITHIN,
) -> int:
    """Run the planned processes on a prepared database until a signal says stop.

    ``prepare`` returns the first-run token, or None once there is an owner. Raises ``Refusal`` or ``PostgresError``
    where the house cannot stand.
    """
    signals = Signals()
    signals.install()
    address = chosen.public_url.rstrip("/") or f"http://{_bracketed(chosen.host)}:{chosen.port}"
    make_data_folder(chosen.data)
    places = make_places(chosen)
    lock = Lock(places.lock, address)
    try:
        check_restored(chosen.data)
        check_port(chosen.host, chosen.port, setting="SOTONG_PORT")
        if places.practice_wish.exists():
            check_port(chosen.host, chosen.practice_port, setting="SOTONG_PRACTICE_PORT")
        if chosen.database_url:
            look_at(chosen.database_url)
        _run_house(places, signals, address, plans(places), prepare, ready_within=ready_within)
    finally:
        clear_places(places)
        lock.release()
    return 0


def plans(places: Places) -> list[Plan]:
    """The processes of a house, in the order in which they are begun."""
    chosen = places.options
    inner = [sys.executable, "-m", "sotong.cli"]
    practice = [sys.executable, "-m", "sotong_practice", "--host", chosen.host, "--port", str(chosen.practice_port)]
    if FONT.is_file():
        practice += ["--font", str(FONT)]
    return [
        Plan(name="web", command=[*inner, "web"], question=partial(over_port, chosen.host, chosen.port, STREAMS)),
        Plan(name="live", command=[*inner, "live"], question=partial(over_socket, places.live_socket, STREAMS)),
        Plan(name="worker", command=[*inner, "worker"], question=partial(over_socket, places.worker_socket)),
        Plan(name="language", command=[*inner, "language"], question=partial(of_language, places.language_socket)),
        Plan(
            name="practice",
            command=[*practice, "--data", str(chosen.data / "practice")],
            is_wanted=places.practice_wish.exists,
            question=partial(over_port, chosen.host, chosen.practice_port, "/api/health"),
        ),
    ]


def _run_house(
    places: Places, signals: Signals, address: str, plans: Sequence[Plan], prepare: Prepare, *, ready_within: float
) -> None:
    chosen = places.options
    say(f"소통을 시작해요 · 데이터 {chosen.data}", f"Starting Sotong · data in {chosen.data}")
    database = None
    if not chosen.database_url:
        connections = needed(web_threads=chosen.web_threads)
        database = DatabaseKeeper(chosen.data, Journal(places.log, "postgres"), connections=connections)
    supervisor = Supervisor([], database=database, signals=signals, places=places, address=address)
    try:
        with signals.interrupting():
            url = database.begin() if database else chosen.database_url
            environment = places.environment(url)
            token = prepare(places, environment)
        supervisor.children = [
            Child(
                plan,
                environment,
                Journal(places.log, plan.name),
                supervisor.guard,
                is_excused=lambda: not is_working(url),
            )
            for plan in plans
        ]
        supervisor.look()
        if _await_pages(supervisor, signals, chosen, ready_within):
            _welcome(address, token)
        supervisor.run()
        say("멈추는 중이에요…", "Stopping…")
    except Stopping:
        say("멈추는 중이에요…", "Stopping…")
    finally:
        began = time.monotonic()
        supervisor.stop()
    took = time.monotonic() - began
    say(f"모두 멈췄어요 ({took:.1f}초)", f"Everything has stopped ({took:.1f} s).")


def prepare(places: Places, environment: Mapping[str, str]) -> str | None:
    """Migrate and so on, in a process of its own; returns the first-run token, which no log ever sees."""
    say("데이터베이스와 화면 파일을 준비하고 있어요…", "Making the database and the pages' files ready…")
    journal = Journal(places.log, "prepare")
    process = launch(
        [sys.executable, "-m", "sotong.cli", "prepare"],
        environment={**environment, "SOTONG_PROCESS": "prepare"},
        errors=subprocess.PIPE,
    )
    try:
        out, errors = process.communicate()
    except Stopping:
        process.kill()
        process.wait()
        raise
    for line in errors.decode("utf-8", errors="replace").splitlines():
        journal.take(line)
    if process.returncode != 0:
        raise Refusal(
            f"데이터베이스를 준비하지 못했어요: {journal.last} (자세한 내용: {journal.file})",
            f"The database could not be made ready: {journal.last} (details: {journal.file})",
        )
    token: str | None = json.loads(out.decode().splitlines()[-1])["token"]
    return token


def _await_pages(supervisor: Supervisor, signals: Signals, chosen: Options, within: float) -> bool:
    """Whether the pages answer, however late; False where a signal came first. After ``within`` seconds it says so."""
    ends = time.monotonic() + within
    is_late = False
    while not signals.count:
        with signals.interrupting():
            if is_serving(chosen.host, chosen.port):
                return True
        if not is_late and time.monotonic() > ends:
            is_late = True
            say(
                f"웹이 아직 대답하지 않아요. {chosen.data / 'log' / 'web.log'}를 확인해 주세요.",
                f"The pages do not answer yet; see {chosen.data / 'log' / 'web.log'}.",
            )
        supervisor.look()
        signals.wake.wait(TICK if is_late else 0.1)
    return False


def _welcome(address: str, token: str | None) -> None:
    say(f"준비됐어요: {address}/", f"Ready: {address}/")
    if token:
        say(
            f"처음 설정 링크(한 번만 쓸 수 있어요): {address}/first-run/{token}/",
            f"First-run link (works once): {address}/first-run/{token}/",
        )
    say("멈추려면 Ctrl-C를 누르세요.", "Press Ctrl-C to stop.")


def _bracketed(host: str) -> str:
    return f"[{near(host)}]" if ":" in near(host) else near(host)
