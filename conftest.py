"""Tests run against a real PostgreSQL: DATABASE_URL when given, else a throw-away embedded server."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

os.environ.setdefault("SOTONG_DATA", tempfile.mkdtemp(prefix="sotong-test-"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
_server = None


def pytest_configure(config: pytest.Config) -> None:
    """Start the embedded server once, in the process that leads the run."""
    global _server
    if os.environ.get("DATABASE_URL"):
        return
    from sotong.postgres.testing import temporary_server

    _server = temporary_server()
    os.environ["DATABASE_URL"] = _server.__enter__()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server is not None:
        _server.__exit__(None, None, None)


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
