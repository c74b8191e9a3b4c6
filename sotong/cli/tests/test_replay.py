"""A night of the day is played into a running house: the human's answer counts, the automatic one does not."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from sotong.postgres.server import running_server
from sotong.postgres.tests.people import CHECKOUT, until

SPEED = 25.0
EVENING = re.compile(r"P01: first human answer after ([0-9.]+) min")


@pytest.fixture
def beginning(data, port):
    def begin(module: str, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(CHECKOUT),
                "SOTONG_DATA": str(data),
                "SOTONG_PORT": str(port),
                "SOTONG_PRACTICE_PORT": str(port + 1),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return begin


@pytest.fixture
def errand(beginning):
    def run(module: str, *words: str) -> subprocess.CompletedProcess[str]:
        process = beginning(module, *words)
        out, errors = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, errors)

    return run


def acknowledgements(data: Path) -> list[str]:
    with running_server(data) as url, psycopg.connect(url) as link:
        return [text for (text,) in link.execute("SELECT acknowledgement FROM channels_channel")]


def test_replay_without_a_running_house_says_what_to_do(errand):
    refused = errand("sotong.cli", "replay")
    assert refused.returncode == 2
    assert "Sotong is not running. Start it with script/run" in refused.stderr


def test_step_that_does_not_exist_is_named(errand):
    refused = errand("sotong.cli", "replay", "one-day", "--only", "P01-P99")
    assert refused.returncode == 2
    assert "no such step: P01-P99" in refused.stderr


@pytest.mark.slow
def test_the_automatic_acknowledgement_stops_no_clock(house, errand, data, port):
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
    assert "P02    look" in played.stdout
    assert played.stdout.splitlines()[-1].startswith("replay ok: P01: the clock stopped at the human answer")
    assert "stay among the people, without a way to sign in: 나래" in played.stdout
    assert "has no acknowledgement again." in played.stdout
    assert acknowledgements(data) == [""]


@pytest.mark.slow
def test_a_rehearsal_that_is_broken_off_leaves_no_words_behind(house, beginning, data, port):
    up = house(words=("sotong.cli", "up"), SOTONG_PRACTICE_PORT=str(port + 1))
    assert up.says("Press Ctrl-C to stop.", 180), up.text
    assert beginning("sotong.cli.tests.founding").wait(60) == 0
    for number in (signal.SIGINT, signal.SIGTERM):
        playing = beginning("sotong.cli", "replay", "one-day", "--only", "P01-P06", "--staff", "--speed", "1")
        assert until(lambda: acknowledgements(data) != [""], 40.0)
        playing.send_signal(number)
        said, _ = playing.communicate(timeout=40)
        assert "has no acknowledgement again." in said
        assert "replay ok" not in said
        assert acknowledgements(data) == [""]
