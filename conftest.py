"""Tests run against a real PostgreSQL: DATABASE_URL when given, else a throw-away embedded server."""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

os.environ.setdefault("SOTONG_DATA", tempfile.mkdtemp(prefix="sotong-test-"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
_started = ExitStack()


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded server once, in the process that leads the run."""
    if not os.environ.get("DATABASE_URL"):
        from sotong.postgres.testing import temporary_server

        os.environ["DATABASE_URL"] = _started.enter_context(temporary_server())


def pytest_unconfigure(config: pytest.Config) -> None:
    _started.close()


@pytest.fixture(autouse=True)
def plain_static_files(settings) -> None:
    """Pages are tested without collecting static files first."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """An empty data folder."""
    return tmp_path / "data"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """The test database may be emptied between tests; the real one refuses to empty the audit trail."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER audit_never_empties")
