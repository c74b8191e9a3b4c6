"""A TCP proxy before a real server that can lose the answer, or the request, of one named call."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.servers.processes import Ports


class CuttingProxy:
    """Passes everything on. After ``drop_answer("putRecord")`` the next request whose first line holds that word
    reaches the server, and its answer never comes back; after ``drop_request`` it does not even reach the server.
    """

    def __init__(self, server: str, listener: socket.socket) -> None:
        parts = urlsplit(server)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._listener = listener
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._answer_of = ""
        self._request_of = ""
        self.dropped = 0
        self.seen: list[str] = []

    def drop_answer(self, word: str) -> None:
        self._answer_of = word

    def drop_request(self, word: str) -> None:
        self._request_of = word

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(connection,), daemon=True).start()

    def _carry(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(30)
            data = connection.recv(65536)
            line = data.split(b"\r\n", 1)[0].decode("latin-1")
            self.seen.append(line)
            if self._request_of and self._request_of in line:
                self._request_of = ""
                self.dropped += 1
                return
            is_lost = bool(self._answer_of) and self._answer_of in line
            if is_lost:
                self._answer_of = ""
            with socket.create_connection(self._target, timeout=30) as server:
                server.sendall(data)
                onward = threading.Thread(target=_pump, args=(connection, server), daemon=True)
                onward.start()
                if is_lost:
                    server.recv(1)  # it has answered, so the effect is there
                    self.dropped += 1
                    connection.shutdown(socket.SHUT_RDWR)  # closing alone waits for the other thread's read
                    return
                _pump(server, connection)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)


@contextlib.contextmanager
def cutting_proxy(server: str, *, ports: str = "14350-14399") -> Iterator[CuttingProxy]:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", Ports(ports).take()))
    listener.listen(16)
    proxy = CuttingProxy(server, listener)
    threading.Thread(target=proxy.serve, daemon=True).start()
    try:
        yield proxy
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
