from __future__ import annotations

import pytest

from sotong.networks.bluesky.tests.server import Server


@pytest.fixture
def server():
    return Server()
