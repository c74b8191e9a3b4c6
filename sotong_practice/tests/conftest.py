"""A practice network in its own process: one for each test that asks, or one shared by a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sotong_practice.tests.running import Practice


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    """A fresh network. Whatever process it has at the end is stopped."""
    network = Practice(tmp_path / "data")
    network.start()
    yield network
    if network.process is not None:
        network.kill()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """A network for tests that only add things under names of their own."""
    network = Practice(tmp_path_factory.mktemp("practice") / "data")
    network.start()
    network.admin.call("PATCH", "/api/admin/settings", {"writes_per_window": 100_000, "reads_per_window": 100_000})
    yield network
    network.kill()
