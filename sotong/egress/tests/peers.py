"""Small servers on real sockets, each with one habit."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Talk = Callable[[socket.socket, bytes], None]


@dataclass
class Peer:
    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def peer(talk: Talk, *, reads_first: bool = True, host: str = "127.0.0.1") -> Iterator[Peer]:
    """Listens on a free low port; ``talk`` gets each connection and the request head with its body."""
    listener, port = _listen(host)
    state = Peer(port)
    is_over = threading.Event()

    def serve() -> None:
        while not is_over.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            state.connections += 1
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                request = _read_request(connection) if reads_first else b""
                state.requests.append(request)
                talk(connection, request)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        is_over.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def answer(head: str, body: bytes = b"") -> Talk:
    """Always the same answer."""
    return lambda connection, _: connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body)


def ok(body: bytes = b"hello", *headers: str) -> Talk:
    return answer("\n".join(["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", *headers]), body)


def _listen(host: str) -> tuple[socket.socket, int]:
    for port in range(14350, 14399):
        listener = socket.socket(socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError:
            listener.close()
            continue
        listener.listen(8)
        return listener, port
    raise RuntimeError("no free port")


def _read_request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    while len(body) < length:
        piece = connection.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body
