"""The guard sweeps what the kernel does not, and nothing that it was told to forget."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from sotong.cli.guard import Guard
from sotong.postgres.tests.people import is_alive, until

HOLDER = """
import sys, time
from sotong.cli.guard import Guard
guard = Guard()
for group in sys.argv[1:]: guard.add(int(group))
guard.drop(int(sys.argv[-1]))
print("told", flush=True)
time.sleep(60)
"""


def sleeper() -> subprocess.Popen[bytes]:
    return subprocess.Popen(["/bin/sleep", "60"], start_new_session=True)


def test_groups_of_a_killed_house_are_killed_and_forgotten_ones_live():
    known, forgotten = sleeper(), sleeper()
    try:
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(known.pid), str(forgotten.pid)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"told\n"
        holder.kill()
        holder.wait()
        assert known.wait(5.0) == -signal.SIGKILL
        assert forgotten.poll() is None
    finally:
        known.kill()
        forgotten.kill()
        known.wait()
        forgotten.wait()


def test_killed_guard_is_replaced_and_told_everything_again():
    known, later = sleeper(), sleeper()
    guard = Guard()
    try:
        guard.add(known.pid)
        first = guard._process
        assert first is not None
        first.kill()
        first.wait()
        guard.add(later.pid)
        second = guard._process
        assert second is not None
        assert second.pid != first.pid
        guard.close()  # as the kernel does when the house is killed: the pipe closes
        assert until(lambda: not is_alive(known.pid) and not is_alive(later.pid), 5.0)
    finally:
        known.kill()
        later.kill()
        known.wait()
        later.wait()
