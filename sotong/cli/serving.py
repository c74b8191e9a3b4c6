"""The two servers, on granian: one process that listens, one worker that holds the application."""

from __future__ import annotations

import importlib
import os
import resource
import signal
from functools import partial
from pathlib import Path
from typing import Any

from granian import Granian
from granian.constants import Interfaces

from sotong.postgres.drop import die_with_parent

LOGGING: dict[str, Any] = {
    "formatters": {"json": {"()": "sotong.settings.logs.JsonFormatter"}},
    "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
    "loggers": {"_granian": {"handlers": ["json"], "level": "INFO", "propagate": False}},
}
STOP_SECONDS = 2
"""How long open answers may go on after a signal to stop; event streams never end by themselves."""
CONNECTIONS = 2048
"""Connections that are accepted at once. Every open screen keeps one, and a browser some more between two pages."""
FILES = 2 * CONNECTIONS
"""Open files that this may take: the web process holds a second connection for each screen, to the live process."""


def serve(target: str, *, host: str = "127.0.0.1", port: int = 0, socket: Path | None = None) -> None:
    """Serve the ASGI application ``target`` ("module:name") until SIGTERM. ``socket``: there instead of a port."""
    if socket is not None:
        socket.unlink(missing_ok=True)  # a killed predecessor leaves its own behind; the house's lock says it is dead
    _allow_files()
    server = Granian(
        target,
        address=host,
        port=port,
        uds=socket,
        uds_permissions=0o600 if socket else None,
        interface=Interfaces.ASGINL,
        websockets=False,
        backpressure=CONNECTIONS,
        log_dictconfig=LOGGING,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.serve(target_loader=partial(_load, os.getpid()))


def _allow_files() -> None:
    """Raise this process's limit of open files as far as it may: many systems begin with 1024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < FILES:
        most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _load(listener: int, target: str) -> Any:
    """Runs in the worker: it must not outlive the process that listens, which may be killed."""
    die_with_parent(listener, signal.SIGKILL)
    module, _, name = target.partition(":")
    return getattr(importlib.import_module(module), name)
