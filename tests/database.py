"""Tests run against a real PostgreSQL: DATABASE_URL when given, else a throw-away embedded server.

A plugin, not a conftest: the settings read the address before any conftest is loaded.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator
from contextlib import ExitStack

import pytest

_started = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Start the server once, before Django reads where it is."""
    os.environ.setdefault("SOTONG_DATA", tempfile.mkdtemp(prefix="sotong-test-"))
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    if not os.environ.get("DATABASE_URL"):
        from sotong.postgres.testing import temporary_server

        os.environ["DATABASE_URL"] = _started.enter_context(temporary_server())
    return (yield)


def pytest_unconfigure() -> None:
    _started.close()
