"""The socket side: connect only to addresses that were checked, never past the deadline, and note the first byte."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore2

from sotong.egress.errors import NotSent

Resolver = Callable[[str, int], Sequence[str]]
"""Host and port to numeric addresses, best first. Raises ``OSError`` when the name has none."""

WRITE_PIECE = 16 * 1024
CONNECT_TIMEOUT = 10.0
"""Seconds for one address; the deadline holds for all of them together."""


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The system's answer, each address once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


class Deadline:
    """The moment by which everything must be over, on the monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left; zero or less when it is over."""
        return self._end - time.monotonic()


def resolve(resolver: Resolver, host: str, port: int, deadline: Deadline) -> Sequence[str]:
    """Ask the resolver, but no longer than the deadline: the system's own call knows no time-out."""
    answer: list[Sequence[str]] = []
    trouble: list[Exception] = []

    def ask() -> None:
        try:
            answer.append(resolver(host, port))
        except (OSError, UnicodeError) as error:
            trouble.append(error)

    thread = threading.Thread(target=ask, name="egress-resolve", daemon=True)
    thread.start()
    thread.join(max(deadline.left(), 0))
    if trouble:
        raise NotSent(f"the name {host} does not resolve") from trouble[0]
    if not answer:
        raise NotSent(f"the name {host} was not resolved in time")
    return answer[0]


class PinnedBackend(httpcore2.NetworkBackend):
    """Connects to the given addresses whatever host it is asked for: a second look-up could answer something else."""

    def __init__(self, addresses: Sequence[str], deadline: Deadline) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._sockets = httpcore2.SyncBackend()
        self.has_written = False
        """Did any byte of a request go out?"""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        trouble: Exception = httpcore2.ConnectError("no address")
        for address in self._addresses:
            left = self._deadline.left()
            if left <= 0:
                raise httpcore2.ConnectTimeout("out of time")
            try:
                stream = self._sockets.connect_tcp(address, port, timeout=min(left, CONNECT_TIMEOUT))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                trouble = error
                continue
            return WatchedStream(stream, self, self._deadline)
        raise trouble


class WatchedStream(httpcore2.NetworkStream):
    def __init__(self, stream: httpcore2.NetworkStream, backend: PinnedBackend, deadline: Deadline) -> None:
        self._stream = stream
        self._backend = backend
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._deadline.left()
        if left <= 0:
            raise httpcore2.ReadTimeout("out of time")
        return self._stream.read(max_bytes, timeout=left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), WRITE_PIECE):
            left = self._deadline.left()
            if left <= 0:
                raise httpcore2.WriteTimeout("out of time")
            self._backend.has_written = True
            self._stream.write(buffer[start : start + WRITE_PIECE], timeout=left)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = self._deadline.left()
        if left <= 0:
            raise httpcore2.ConnectTimeout("out of time")
        secured = self._stream.start_tls(ssl_context, server_hostname=server_hostname, timeout=left)
        return WatchedStream(secured, self._backend, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()
