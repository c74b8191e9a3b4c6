"""Who is let in where answers stay open for hours: signed in by the look of it, and not too many at once.

Asked before Django and its database: whoever has no session's cookie costs nothing. That the session is a real one is
found out behind this door, by the view's rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from django.conf import settings
from django.http import parse_cookie

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

STREAMS = 500
"""Open streams of one process. A page that nobody looks at gives its own back after a minute."""
STREAMS_OF_SESSION = 40
"""Of one browser: twenty tabs, each of them just being read again."""
AGAIN_SECONDS = 5
"""What a refused screen is told to wait; it waits longer each time."""


class Admission:
    """An ASGI application before another: at most ``total`` requests are inside, at most ``each`` of one session.

    Refuses with 401 (no session; do not try again), 429 (too many of this session) or 503 (too many of all).
    """

    def __init__(self, inside: Application, *, total: int = STREAMS, each: int = STREAMS_OF_SESSION) -> None:
        self._inside = inside
        self._total, self._each = total, each
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        session = session_named(scope["headers"])
        if refusal := self._refusal(session):
            await refuse(send, refusal)
            return
        self._open[session] += 1
        try:
            await self._inside(scope, receive, send)
        finally:
            self._open[session] -= 1
            if not self._open[session]:
                del self._open[session]

    def _refusal(self, session: str) -> int:
        """The status of the answer to who may not come in; 0 for who may."""
        if not session:
            return 401
        if self._open[session] >= self._each:
            return 429
        return 503 if self._open.total() >= self._total else 0


def session_named(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The session that the request's cookies name, as Django will read them; empty where they name none."""
    # Django joins repeated headers with a comma; read otherwise, one session could pass for many.
    cookies = ",".join(value.decode("latin-1") for name, value in headers if name.lower() == b"cookie")
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME, "")


async def refuse(send: Send, status: int, *, again_seconds: int = AGAIN_SECONDS) -> None:
    """Answer with a bare status, and with when to try again where that may help."""
    later = [(b"retry-after", str(again_seconds).encode())] if status in {429, 503} else []
    await send({"type": "http.response.start", "status": status, "headers": [*later, (b"cache-control", b"no-store")]})
    await send({"type": "http.response.body", "body": b""})
