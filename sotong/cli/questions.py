"""What the house asks each of its processes to see whether it still works. An answer needs no database.

A question takes the seconds that an answer may take and returns whether one came; any answer is one.
"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable
from pathlib import Path

from sotong.cli.ports import near

Question = Callable[[float], bool]

STREAMS = "/live/events"
"""Refused by the loop of a web or live process itself, before Django, to whoever brings no session."""


class Asked:
    """Asks for a page over one connection that it keeps: a server that lets nobody else in still hears it."""

    def __init__(self, link: http.client.HTTPConnection, path: str) -> None:
        self._link = link
        self._path = path

    def __call__(self, seconds: float) -> bool:
        self._link.timeout = seconds
        if self._link.sock is not None:
            self._link.sock.settimeout(seconds)
        try:
            self._link.request("GET", self._path)
            self._link.getresponse().read()
        except (OSError, http.client.HTTPException):
            self._link.close()
            return False
        return True


class _Near(http.client.HTTPConnection):
    """Over a Unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def over_port(host: str, port: int, path: str) -> Question:
    return Asked(http.client.HTTPConnection(near(host), port), path)


def over_socket(file: Path, path: str = "/") -> Question:
    return Asked(_Near(file), path)


def of_language(file: Path) -> Question:
    from sotong.language.client import LanguageClient

    client = LanguageClient(file)
    return lambda seconds: client.health(deadline=seconds) is not None
