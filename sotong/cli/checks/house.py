"""The running house: its processes, its ports and the language process."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

from sotong.cli.checks import practice
from sotong.cli.checks.findings import Finding, age, fail, ok, warn
from sotong.cli.lock import is_held
from sotong.cli.places import Places
from sotong.cli.ports import PortRefusal, check_port, is_serving
from sotong.cli.restore import AGAIN
from sotong.cli.state import HouseState, ProcessState, read_state
from sotong.settings.options import Options

STALE = 30.0
"""Seconds after which an unrenewed state file means that the house is stuck."""
RESTLESS = 3
"""Restarts that are worth a warning."""


def runs(places: Places) -> bool:
    """Whether a house holds this data folder."""
    return is_held(places.lock)


def look(places: Places) -> Iterator[Finding]:
    if (places.options.data / "restoring").exists():
        yield fail(
            "restore",
            ("백업의 복원이 끝나지 않아서 시작할 수 없어요", "a restore did not end, and nothing starts before"),
            AGAIN,
        )
    if not runs(places):
        yield warn(
            "house",
            ("소통이 돌고 있지 않아요", "Sotong is not running"),
            ("script/run(또는 sotong up)으로 시작해 주세요.", "Start it with script/run (or sotong up)."),
        )
        yield from look_at_ports(places.options)
        return
    state = read_state(places.state)
    if state is None or time.time() - state.written > STALE:
        yield fail(
            "house",
            ("돌고 있지만 상태를 쓰지 못해요", "runs but does not write its state"),
            (
                "아직 시작하는 중이 아니라면 디스크를 확인하고 다시 시작해 주세요.",
                "Unless it is just starting: check the disk and start it again.",
            ),
        )
        return
    korean, english = age(time.time() - state.started)
    yield ok("house", f"{korean} 전부터 {state.address}", f"{state.address} for {english}")
    for process in state.processes:
        if process.state != "off":
            yield look_at_process(process, places.log, now=time.time())
        if process.name == "practice" and process.state == "waiting":
            yield look_at_port(places.options.host, *_practice_port(places.options))
    yield from _look_inside(places, state)


def look_at_process(process: ProcessState, log: Path, *, now: float) -> Finding:
    korean, english = age(now - process.since)
    see = (f"{log / process.name}.log의 마지막 줄을 확인해 주세요.", f"See the last lines of {log / process.name}.log.")
    if process.state != "running":
        return fail(
            process.name,
            (
                f"끝나 버려서 {korean}째 멈춰 있어요 (종료 {process.last_exit})",
                f"ended and waits since {english} (exit {process.last_exit})",
            ),
            see,
        )
    if process.restarts >= RESTLESS:
        return warn(
            process.name,
            (
                f"{process.restarts}번 다시 시작했어요. 마지막은 {korean} 전",
                f"restarted {process.restarts} times, last {english} ago",
            ),
            see,
        )
    return ok(
        process.name,
        f"{korean} 전부터 돌고 있어요 (프로세스 {process.pid})",
        f"runs for {english} (process {process.pid})",
    )


def look_at_ports(chosen: Options) -> Iterator[Finding]:
    """Whether the ports are free, asked while nothing of ours runs."""
    yield look_at_port(chosen.host, "web port", chosen.port, "SOTONG_PORT")
    yield look_at_port(chosen.host, *_practice_port(chosen))


def _practice_port(chosen: Options) -> tuple[str, int, str]:
    return "practice port", chosen.practice_port, "SOTONG_PRACTICE_PORT"


def look_at_port(host: str, what: str, port: int, setting: str) -> Finding:
    """Whether a port on which nothing of ours listens is free."""
    try:
        check_port(host, port, setting=setting)
    except PortRefusal as refusal:
        return fail(what, refusal.what, refusal.mend)
    return ok(what, f"{port} 비어 있어요", f"{port} is free")


def _look_inside(places: Places, state: HouseState) -> Iterator[Finding]:
    chosen = places.options
    if is_serving(chosen.host, chosen.port):
        yield ok("web port", f"{chosen.port} 대답해요", f"{chosen.port} answers")
    else:
        yield fail(
            "web port",
            (f"{chosen.port} 화면이 나오지 않아요", f"{chosen.port} serves no pages"),
            (f"{places.log / 'web.log'}를 확인해 주세요.", f"See {places.log / 'web.log'}."),
        )
    if any(process.name == "live" for process in state.processes):
        yield _look_at_live(places)
    if any(process.name == "practice" and process.state == "running" for process in state.processes):
        yield from practice.look_at_network(chosen)
    if any(process.name == "language" for process in state.processes):
        yield _look_at_language(places)


def _look_at_live(places: Places) -> Finding:
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(2.0)
            line.connect(str(places.live_socket))
    except OSError as problem:
        return fail(
            "live socket",
            (f"연결할 수 없어요: {problem.strerror}", f"cannot be reached: {problem.strerror}"),
            (
                f"{places.log / 'live.log'}를 확인해 주세요. 화면은 새로 고칠 때만 바뀌어요.",
                f"See {places.log / 'live.log'}; until then screens change only when reloaded.",
            ),
        )
    return ok("live socket", "연결돼요", "reachable")


def _look_at_language(places: Places) -> Finding:
    from sotong.language.client import LanguageClient

    client = LanguageClient(places.language_socket)
    health = client.health(deadline=2.0)
    if health is None:
        return warn(
            "kiwi",
            (f"대답하지 않아요: {client.last_problem}", f"does not answer: {client.last_problem}"),
            (
                "시작한 지 10초가 안 됐다면 기다려 주세요. 그동안 검색은 두 글자씩 맞춰 봐요.",
                "Wait if it started less than 10 s ago; meanwhile search goes by pairs of letters.",
            ),
        )
    return ok("kiwi", f"대답해요 (Kiwi {health.get('kiwi', '?')})", f"answers (Kiwi {health.get('kiwi', '?')})")
