"""Journeys: the whole house, a real browser, real networks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bench.house import House, running_house
from tests.servers.atproto_accounts import wait_for

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

expect.set_options(timeout=15_000)
"""Milliseconds: a machine that runs other tests beside these takes its time."""


@dataclass
class Home:
    """A running house and its first-run link."""

    house: House
    first_run: str

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    @property
    def practice(self) -> str:
        return f"http://127.0.0.1:{self.house.practice_port}"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A fresh house, for one module."""
    data = Path("/tmp") / f"sotong-journey-{tmp_path_factory.mktemp('j').name}-{id(tmp_path_factory)}"
    with running_house(data) as house:
        link = re.compile(r"http://\S+/first-run/\S+")
        found = wait_for(lambda: link.search((data / "up.out").read_text(encoding="utf-8")), seconds=90)
        yield Home(house, found.group(0))
    shutil.rmtree(data, ignore_errors=True)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    return {"locale": "ko-KR", "timezone_id": "Asia/Seoul", "viewport": {"width": 1440, "height": 900}}
