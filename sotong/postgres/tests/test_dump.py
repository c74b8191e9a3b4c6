"""What is handed to the programs that dump and restore, and what an older server gets to read."""

from __future__ import annotations

import io

import pytest

from sotong.postgres.dump import _own, readable_head

SCRIPT = b"""--
SET lock_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
COPY public.message (text) FROM stdin;
SET transaction_timeout = 0;
\\.
"""


@pytest.mark.parametrize(
    ("version", "is_known"), [(140_011, False), (160_004, False), (170_000, True), (180_004, True)]
)
def test_an_older_server_is_not_told_what_it_does_not_know(version: int, is_known: bool) -> None:
    script = io.BytesIO(SCRIPT)
    head = b"".join(readable_head(script, version))
    assert (b"transaction_timeout" in head) is is_known
    assert head.startswith(b"--\nSET lock_timeout = 0;\n")
    assert head.endswith(b"SET client_encoding = 'UTF8';\n")
    assert script.read() == SCRIPT.partition(b"'UTF8';\n")[2], "what people wrote is left alone"


def test_every_part_of_an_address_reaches_the_programs_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSFILE", "/etc/sotong/pgpass")
    monkeypatch.setenv("PGHOST", "elsewhere")
    own = _own(
        "postgresql://so:p%20w@db.example:5433/talk?sslmode=verify-full&connect_timeout=7"
        "&target_session_attrs=read-write&application_name=x&channel_binding=require"
    )
    assert {name: value for name, value in own.items() if name.startswith("PG")} == {
        "PGPASSFILE": "/etc/sotong/pgpass",
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "so",
        "PGPASSWORD": "p w",
        "PGDATABASE": "talk",
        "PGSSLMODE": "verify-full",
        "PGCONNECT_TIMEOUT": "7",
        "PGTARGETSESSIONATTRS": "read-write",
        "PGAPPNAME": "x",
        "PGCHANNELBINDING": "require",
    }
