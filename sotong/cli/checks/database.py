"""PostgreSQL, its migrations, and what the channels' last checks saw."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from sotong.cli.checks import practice
from sotong.cli.checks.findings import Finding, age, fail, ok, warn
from sotong.settings.connections import needed
from sotong.settings.options import Options, options

FOLLOW = ("위 문장대로 해 주세요.", "Do as that sentence says.")
SKEW = 5.0
"""Seconds by which this clock and the database's may differ."""


def look(chosen: Options, *, house_runs: bool) -> Iterator[Finding]:
    """``house_runs``: whether the database should be up."""
    url = chosen.database_url
    if not url:
        finding, url = _look_at_embedded(chosen.data, house_runs=house_runs)
        yield finding
    if not url:
        return
    reached = look_at_server(url)
    yield reached
    if reached.level == "fail":
        return
    yield look_at_connections(url, needed(web_threads=chosen.web_threads))
    os.environ["DATABASE_URL"] = url
    options.cache_clear()
    from sotong.cli.site import set_up

    set_up()
    migrated = _look_at_migrations()
    yield migrated
    if migrated.level == "ok":
        if house_runs:
            yield look_at_heartbeat()
        yield from practice.look_at_channels()
        yield from _look_at_channels()


def _look_at_embedded(data: Path, *, house_runs: bool) -> tuple[Finding, str]:
    from sotong.postgres.cluster import check_version
    from sotong.postgres.errors import PostgresError
    from sotong.postgres.folders import Layout
    from sotong.postgres.programs import wheel_folder
    from sotong.postgres.server import attach

    try:
        wheel_folder()
        layout = Layout(data)
        if layout.folder.exists() and os.access(layout.folder, os.X_OK) and layout.cluster.exists():
            check_version(layout)
    except PostgresError as problem:
        return fail("embedded", (problem.korean, problem.english), FOLLOW), ""
    url = attach(data)
    if url:
        return ok("embedded", "내장 서버가 돌고 있어요", "the embedded server runs"), url
    if house_runs:
        log = data / "log" / "postgres.log"
        return (
            fail(
                "embedded",
                ("내장 서버가 대답하지 않아요", "the embedded server does not answer"),
                (f"{log}의 마지막 줄을 확인해 주세요.", f"See the last lines of {log}."),
            ),
            "",
        )
    start = ("script/run(또는 sotong up)으로 시작해 주세요.", "Start it with script/run (or sotong up).")
    return warn("embedded", ("내장 서버가 멈춰 있어요", "the embedded server is not running"), start), ""


def look_at_server(url: str) -> Finding:
    """Whether the database answers, is new enough and agrees about the time."""
    from sotong.postgres.errors import PostgresError
    from sotong.postgres.given import look_at
    from sotong.settings.options import OptionError

    try:
        seen = look_at(url)
    except (PostgresError, OptionError) as problem:
        return fail("database", (problem.korean, problem.english), FOLLOW)
    told = f"PostgreSQL {seen.version}"
    if seen.skew > SKEW:
        return warn(
            "database",
            (f"{told}의 시계가 {seen.skew:.0f}초 달라요", f"the clock of {told} differs by {seen.skew:.0f} s"),
            ("두 기계의 시계를 맞춰 주세요(NTP).", "Set the clocks of both machines (NTP)."),
        )
    return ok("database", f"{told}, 연결돼요", f"{told}, reachable")


def look_at_connections(url: str, need: int) -> Finding:
    """Whether the database admits as many connections as the settings may take."""
    from sotong.postgres.given import look_at

    room = look_at(url).connections
    if room < need:
        return fail(
            "connections",
            (
                f"데이터베이스는 {room}개까지 받는데 지금 설정으로는 {need}개까지 쓸 수 있어요",
                f"the database admits {room}, these settings may take {need}",
            ),
            (
                "데이터베이스의 max_connections(또는 역할이나 데이터베이스의 CONNECTION LIMIT)를 올리거나 "
                "SOTONG_WEB_THREADS를 줄여 주세요.",
                "Raise max_connections of the database (or the CONNECTION LIMIT of the role or the database), or lower "
                "SOTONG_WEB_THREADS.",
            ),
        )
    return ok("connections", f"{room}개까지 받고, 많아야 {need}개를 써요", f"room for {room}, {need} at most are taken")


def _look_at_migrations() -> Finding:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        names = ", ".join(f"{step.app_label}.{step.name}" for step, _ in waiting[:3])
        return fail(
            "migrations",
            (f"{len(waiting)}개가 남았어요: {names}", f"{len(waiting)} to go: {names}"),
            ("sotong migrate를 실행하거나 다시 시작해 주세요.", "Run sotong migrate, or start again."),
        )
    return ok("migrations", "모두 적용됐어요", "all applied")


def look_at_heartbeat() -> Finding:
    """Whether a worker has said of late that it lives: one that hangs still has its process."""
    from django.db.models import Max
    from django.utils import timezone
    from procrastinate.contrib.django.models import ProcrastinateWorker

    from sotong.jobs.jobs import SILENT_AFTER

    last = ProcrastinateWorker.objects.aggregate(last=Max("last_heartbeat"))["last"]
    seconds = (timezone.now() - last).total_seconds() if last is not None else None
    if seconds is not None and seconds <= SILENT_AFTER:
        return ok("heartbeat", f"worker가 {seconds:.0f}초 전에 살아 있었어요", f"the worker lived {seconds:.0f} s ago")
    what = ("worker의 소식이 아직 없어요", "no sign of a worker yet")
    if seconds is not None:
        korean, english = age(seconds)
        what = (f"worker가 {korean} 동안 소식이 없어요", f"no sign of the worker for {english}")
    return fail(
        "heartbeat",
        what,
        (
            "worker 프로세스를 끝내 주세요. 소통이 다시 시작하고, 하던 일은 이어서 해요.",
            "End the worker's process: the house starts another, which goes on with the work.",
        ),
    )


def _look_at_channels() -> Iterator[Finding]:
    from django.utils import timezone

    from sotong.channels.models import Channel
    from sotong.channels.queries.seen import LOST_AFTER

    now = timezone.now()
    for channel in Channel.objects.exclude(mode=Channel.Mode.CLOSED).order_by("pk"):
        what = f"channel {channel.name}"
        doctor = ("채널 화면의 진단을 열어 보세요.", "Open the doctor on the channel's page.")
        if channel.checked_at is None:
            yield warn(what, ("아직 확인한 적이 없어요", "never checked yet"), doctor)
            continue
        seconds = (now - channel.checked_at).total_seconds()
        korean, english = age(seconds)
        if channel.trouble:
            said = f"{channel.trouble} {channel.trouble_detail}".strip()
            yield fail(what, (f"{korean} 전 확인: {said}", f"checked {english} ago: {said}"), doctor)
        elif seconds > LOST_AFTER.total_seconds():
            yield warn(what, (f"마지막 확인이 {korean} 전이에요", f"last checked {english} ago"), doctor)
        else:
            yield ok(what, f"{korean} 전에 확인했어요", f"checked {english} ago")
