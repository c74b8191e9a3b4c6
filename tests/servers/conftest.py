from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.servers.atproto_accounts import AtprotoNetwork
from tests.servers.atproto_network import atproto_network
from tests.servers.practice_network import PracticeNetwork, practice_network
from tests.servers.processes import MissingServer


@pytest.fixture(scope="session")
def atproto() -> Iterator[AtprotoNetwork]:
    """The real AT Protocol servers, once a run. With CI=true a machine that lacks them fails instead of skipping."""
    try:
        with atproto_network() as network:
            yield network
    except MissingServer as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def practice() -> Iterator[PracticeNetwork]:
    """The practice network, once a run."""
    with practice_network() as network:
        yield network
