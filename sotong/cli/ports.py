"""Whether an address can be listened on, said before anything is begun."""

from __future__ import annotations

import errno
import http.client
import socket

from sotong.cli.words import Refusal

CHECK_HOST = ("SOTONG_HOST를 확인해 주세요.", "Check SOTONG_HOST.")


class PortRefusal(Refusal):
    """``what`` stands in the way and how to ``mend`` it, each in Korean and English."""

    def __init__(self, what: tuple[str, str], mend: tuple[str, str]) -> None:
        super().__init__(f"{what[0]}. {mend[0]}", f"{what[1]}. {mend[1]}")
        self.what, self.mend = what, mend


def check_port(host: str, port: int, *, setting: str) -> None:
    """Raises ``PortRefusal`` where the port is taken or not ours to take, or the host is not this machine's."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise PortRefusal(
            (f"주소 {host}을(를) 찾을 수 없어요", f"The address {host} cannot be found"), CHECK_HOST
        ) from None
    with socket.socket(family, kind, protocol) as trial:
        # As the server will: a connection that is only just closing does not count as taken.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(address)
        except OSError as problem:
            raise _refusal(problem, host, port, setting) from problem


def near(host: str) -> str:
    """The address under which this machine itself reaches a server that listens on ``host``."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def is_serving(host: str, port: int, *, seconds: float = 5.0) -> bool:
    """Whether pages come from there; one that only reports an error of its own (5xx) does not serve."""
    link = http.client.HTTPConnection(near(host), port, timeout=seconds)
    try:
        link.request("GET", "/accounts/login/")
        return link.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        link.close()


def _refusal(problem: OSError, host: str, port: int, setting: str) -> PortRefusal:
    if problem.errno == errno.EADDRINUSE:
        return PortRefusal(
            (f"포트 {port}을(를) 다른 프로그램이 쓰고 있어요", f"Port {port} is taken by another program"),
            (
                f"그것을 끝내거나 {setting}로 다른 포트를 정해 주세요.",
                f"End that, or choose another port with {setting}.",
            ),
        )
    if problem.errno == errno.EACCES:
        return PortRefusal(
            (f"포트 {port}은(는) root만 쓸 수 있어요", f"Only root may use port {port}"),
            (f"{setting}로 1024 이상의 포트를 정해 주세요.", f"Choose one from 1024 up with {setting}."),
        )
    return PortRefusal(
        (f"{host}은(는) 이 기계의 주소가 아니에요", f"{host} is not an address of this machine"), CHECK_HOST
    )
