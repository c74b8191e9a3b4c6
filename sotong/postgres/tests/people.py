"""Who takes part in these tests: a starter that can be killed, and an ordinary user of this machine."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

CHECKOUT = Path(__file__).resolve().parents[3]
PACKAGES = Path(psycopg.__file__).resolve().parents[1]

STARTER = """
import sys, time
from pathlib import Path
from sotong.postgres.server import start
server = start(Path(sys.argv[1]))
print(server.url, server.process.pid, flush=True)
time.sleep(600)
"""

KEEPER = """
import sys
from pathlib import Path
from sotong.postgres.server import running_server
import psycopg
with running_server(Path(sys.argv[1])) as url, psycopg.connect(url) as link:
    print(link.execute("SELECT current_user").fetchone()[0], url, flush=True)
"""


def until(true: Callable[[], object], seconds: float = 10.0) -> bool:
    """Whether ``true()`` comes true within that time."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.05)
    return bool(true())


def run_python(script: str, *words: str | Path, uid: int | None = None, python: str = sys.executable):
    """Start ``script`` in a Python of its own, as another user where ``uid`` is given."""
    gid = pwd.getpwuid(uid).pw_gid if uid is not None else None
    return subprocess.Popen(
        [python, "-c", script, *map(str, words)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{CHECKOUT}:{PACKAGES}", "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
    )


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise AssertionError(process.communicate()[1])
    return line.strip()


def ordinary_user() -> tuple[int, str]:
    """The id of an ordinary user whom root can become, and a Python that this user can run with our packages."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user; these tests already run as an ordinary one")
    users = [entry for entry in pwd.getpwall() if 1000 <= entry.pw_uid < 60000]
    if not users:
        pytest.skip("this machine has no ordinary user (uid 1000 and above)")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        if not Path(python).exists():
            continue
        try:
            tried = run_python("import sotong.postgres.server", uid=users[0].pw_uid, python=python)
        except PermissionError:
            continue
        tried.communicate(timeout=30)
        if tried.returncode == 0:
            return users[0].pw_uid, python
    pytest.skip(f"no {version} that an ordinary user can run together with this environment's packages")


def is_alive(pid: int) -> bool:
    """Whether that process runs; one that is dead and waits for its parent does not."""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
