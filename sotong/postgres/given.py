"""The server that ``DATABASE_URL`` names instead of the embedded one: whether the product can use it."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg

from sotong.postgres.errors import PostgresError
from sotong.settings.address import parts_of

OLDEST = 140_000
"""The oldest version that works, as PostgreSQL writes it: 14.0."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a look at the server showed. ``skew``: seconds by which its clock and ours differ. ``connections``: how many
    our role may hold at once, others apart.
    """

    version: str
    skew: float
    connections: int


LOOK = """
    SELECT extract(epoch FROM clock_timestamp())::float8, least(
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
            - coalesce(current_setting('reserved_connections', true), '0')::int,
        (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
        (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()))
"""
"""Its clock, and the tightest of the limits on connections; reserved_connections is new in PostgreSQL 16."""


def place_of(url: str) -> str:
    """Which database an address names, without user and password. Raises ``OptionError`` where it is none."""
    parts = parts_of(url)
    return f"{parts.get('host', 'localhost')}:{parts.get('port', '5432')}/{parts.get('dbname', '')}"


def look_at(url: str) -> Seen:
    """Look once. Raises ``PostgresError`` where it does not answer, is too old or cannot hold Korean, ``OptionError``
    where the address is none: each one clear sentence without the password.
    """
    where = place_of(url)
    try:
        with psycopg.connect(url, connect_timeout=5) as link:
            version = _checked(link, where)
            now, connections = link.execute(LOOK).fetchone() or (0.0, 0)
    except psycopg.Error as problem:
        said = _reason(problem)
        raise PostgresError(
            f"The database of DATABASE_URL ({where}) cannot be reached: {said}. "
            "Check its address, user and password, and whether it runs.",
            korean=f"DATABASE_URL의 데이터베이스({where})에 연결할 수 없어요: {said}. "
            "주소, 사용자, 암호가 맞는지, 그 서버가 켜져 있는지 확인해 주세요.",
        ) from None
    return Seen(version=version, skew=abs(now - time.time()), connections=connections)


def is_working(url: str) -> bool:
    """Whether the database reads, takes a lock that the jobs need, and commits, each within five seconds."""
    try:
        with psycopg.connect(url, connect_timeout=5) as link:
            link.execute("SET LOCAL statement_timeout = '5s'")
            link.execute("LOCK TABLE procrastinate_jobs IN ROW EXCLUSIVE MODE")
            # A message in its log and nothing else: the commit waits for the disk, as every job's does.
            link.execute("SELECT pg_logical_emit_message(true, 'sotong', '')")
    except psycopg.Error:
        return False
    return True


def _checked(link: psycopg.Connection, where: str) -> str:
    number = link.info.server_version
    version = f"{number // 10_000}.{number % 10_000}"
    if number < OLDEST:
        raise PostgresError(
            f"The database of DATABASE_URL ({where}) is PostgreSQL {version}, which is too old; use 14 or newer.",
            korean=f"DATABASE_URL의 데이터베이스({where})는 PostgreSQL {version}이라 너무 오래됐어요. "
            "14 이상을 써 주세요.",
        )
    encoding = link.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise PostgresError(
            f"The database of DATABASE_URL ({where}) has the encoding {encoding}; make one with ENCODING 'UTF8'.",
            korean=f"DATABASE_URL의 데이터베이스({where})의 문자 집합이 {encoding}이에요. "
            "ENCODING 'UTF8'로 새로 만들어 주세요.",
        )
    return version


def _reason(problem: psycopg.Error) -> str:
    """libpq's own words for why, without the places it tried: the last of them, in one line."""
    lines = str(problem).rpartition("failed: ")[2].strip().splitlines()
    return lines[0].strip().rstrip(".") if lines else type(problem).__name__
