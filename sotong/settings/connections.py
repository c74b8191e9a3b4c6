"""How many database connections an installation may hold at once: the one place of that rule.

Each process keeps a bounded number, whatever is asked of it. The embedded server is started with room for all of them
and for errands; ``sotong doctor`` compares the sum with the server in use. One of each kind of process is counted.
"""

from __future__ import annotations

import os

LIVE_LOOKING = 2
"""Threads of the live process that look for its open streams: rights again, and what a screen missed."""
LIVE = 1 + LIVE_LOOKING + 1
"""Of the live process: the thread on which Django lets requests in, those that look, and the listener. An open stream
keeps none.
"""

WORKER_POOL = 5
"""procrastinate's own: a pool of four, and one that listens."""

ERRANDS = 12
"""Room for what a person runs beside it: a backup, migrations, the doctor, a database shell."""


def worker(cpus: int | None = None) -> int:
    """Of the worker: one for each thread that asyncio may give to jobs, and the pool."""
    return min(32, (cpus or os.cpu_count() or 1) + 4) + WORKER_POOL


def needed(*, web_threads: int) -> int:
    """Of everything together; a web thread keeps one."""
    return web_threads + LIVE + worker() + ERRANDS
