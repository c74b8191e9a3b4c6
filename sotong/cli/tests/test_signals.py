"""Signals that come while another one's handler runs, as when all children of a house end at once."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sotong.cli.supervisor import Signals, Stopping

ROOT = Path(__file__).parents[3]
FLOODED = """
import os, subprocess, sys
from sotong.cli.supervisor import Signals

signals = Signals()
signals.install()
flood = f'''
import os, signal, time
ends = time.monotonic() + 2
while time.monotonic() < ends:
    os.kill({os.getpid()}, signal.SIGCHLD)
    os.kill({os.getpid()}, signal.SIGTERM)
'''
flooding = subprocess.Popen([sys.executable, "-c", flood])
while flooding.poll() is None:
    signals.wake.wait(0.001)
print(signals.count)
"""


class Interrupted(Signals):
    """Gets a signal between the two lines that look at ``count`` and switch raising on, in whichever order they are."""

    def __setattr__(self, name: str, value: object) -> None:
        if name == "_raises" and value is True:
            self._stop(signal.SIGTERM, None)
        super().__setattr__(name, value)


def test_a_signal_just_before_a_slow_step_interrupts_it() -> None:
    began = False
    with pytest.raises(Stopping), Interrupted().interrupting():
        began = True
    assert not began


@pytest.mark.slow
def test_a_flood_of_signals_neither_blocks_nor_is_missed() -> None:
    process = subprocess.Popen([sys.executable, "-c", FLOODED], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        said, _ = process.communicate(timeout=40)
    finally:
        process.kill()  # SIGTERM is what it swallows
    assert process.returncode == 0
    assert int(said) > 100
