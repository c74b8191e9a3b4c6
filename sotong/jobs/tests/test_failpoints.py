"""A failpoint kills the process where it is switched on, at the time that was asked for, and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from sotong.jobs.failpoints import EXIT, reach, read

SCRIPT = """
from sotong.jobs.failpoints import reach
for number in range(5):
    reach("channels.publish.before")
    print(number, flush=True)
    reach("channels.publish.after")
"""


@pytest.mark.parametrize(
    ("switched", "said", "code"),
    [
        ("", "01234", 0),
        ("channels.settle.after", "01234", 0),
        ("channels.publish.before", "", EXIT),
        ("channels.publish.after", "0", EXIT),
        ("channels.publish.before:3", "01", EXIT),
    ],
)
def test_process_dies_there_and_nowhere_else(switched: str, said: str, code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "SOTONG_FAILPOINTS": switched},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert done.stdout.replace("\n", "") == said


def test_name_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no such failpoint: channels\.publish"):
        read("channels.publish")
    with pytest.raises(KeyError):
        reach("channels.nowhere")


def test_several_are_read_with_their_times() -> None:
    assert read("channels.publish.before, channels.settle.after:7,") == {
        "channels.publish.before": 1,
        "channels.settle.after": 7,
    }
