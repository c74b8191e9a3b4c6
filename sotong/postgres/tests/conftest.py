"""A folder that the server's account can reach: pytest's own are closed to other users."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def data():
    folder = Path(tempfile.mkdtemp(prefix="sotong-postgres-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder, ignore_errors=True)
