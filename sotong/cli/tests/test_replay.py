"""A night of the day is played into a running house: the human's answer counts, the automatic one does not."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from sotong.postgres.tests.people import CHECKOUT

SPEED = 25.0
EVENING = re.compile(r"P01: first human answer after ([0-9.]+) min")


@pytest.fixture
def errand(data, port):
    def run(module: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module, *words],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(CHECKOUT),
                "SOTONG_DATA": str(data),
                "SOTONG_PORT": str(port),
                "SOTONG_PRACTICE_PORT": str(port + 1),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_replay_without_a_running_house_says_what_to_do(errand):
    refused = errand("sotong.cli", "replay")
    assert refused.returncode == 2
    assert "Sotong is not running. Start it with script/run" in refused.stderr


def test_step_that_does_not_exist_is_named(errand):
    refused = errand("sotong.cli", "replay", "one-day", "--only", "P01-P99")
    assert refused.returncode == 2
    assert "no such step: P01-P99" in refused.stderr


@pytest.mark.slow
def test_the_automatic_acknowledgement_stops_no_clock(house, errand, port):
    up = house(words=("sotong.cli", "up"), SOTONG_PRACTICE_PORT=str(port + 1))
    assert up.says("Press Ctrl-C to stop.", 180), up.text
    founded = errand("sotong.cli.tests.founding")
    assert founded.returncode == 0, founded.stderr
    # Six minutes of the night are fourteen seconds here: time enough for the acknowledgement on a busy machine.
    played = errand("sotong.cli", "replay", "one-day", "--only", "P01-P06", "--staff", "--speed", str(SPEED))
    assert played.returncode == 0, played.stdout + played.stderr
    assert "P03    left out (knowledge is not there yet)" in played.stdout
    acknowledged = re.search(r"P01: automatic acknowledgement after ([0-9.]+) min", played.stdout)
    answered = EVENING.search(played.stdout)
    assert acknowledged, played.stdout
    assert answered, played.stdout
    assert float(acknowledged[1]) < float(answered[1])
    assert float(answered[1]) > 5.0
