"""``Egress``: ask for a URL. Resolve, check, pin, bound; each redirect is a new question without any exemption."""

from __future__ import annotations

import contextlib
import json as json_module
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

import httpcore2
import httpx2

from sotong.egress.body import read_body
from sotong.egress.errors import Blocked, MaybeSent, NotSent
from sotong.egress.rules import Origin, may_connect, parse_url
from sotong.egress.wire import Deadline, PinnedBackend, Resolver, resolve, system_resolver

USER_AGENT = "Sotong/1"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_REDIRECTS = 5
SAFE_METHODS = frozenset({"GET", "HEAD"})
CARRIED_ACROSS = frozenset({"accept", "accept-language", "if-modified-since", "if-none-match"})
"""Headers that may follow a redirect to another origin; whatever else was sent could be a secret."""


@dataclass(frozen=True, kw_only=True)
class Response:
    """A complete answer of any status. Header names are lower case; ``url`` is where it came from in the end."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    url: str = ""

    def json(self) -> Any:
        """The body as JSON. Raises ``ValueError`` when it is none."""
        try:
            return json_module.loads(self.content)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


@dataclass(frozen=True, kw_only=True)
class _Call:
    method: str
    headers: Mapping[str, str]
    content: bytes
    max_bytes: int
    deadline: Deadline = field(repr=False)


class Egress:
    """The way out. ``allowed_origins``: URLs whose exact scheme, host and port an administrator entered for a channel;
    those, and only those, may lie on a private address. Every call uses a fresh connection: a kept one that the other
    side has just closed would make "may have been sent" out of an ordinary idle time-out.
    """

    def __init__(
        self,
        *,
        allowed_origins: Iterable[str] = (),
        resolver: Resolver = system_resolver,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._exempt = frozenset(parse_url(url)[1] for url in allowed_origins)
        self._resolver = resolver
        self._ssl_context = ssl_context

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | int | bool | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        timeout: float = 20.0,
        max_bytes: int = 4_000_000,
    ) -> Response:
        """Ask once and give the answer, whatever its status. ``timeout``: seconds for the whole exchange.

        Redirects are followed for GET and HEAD only; other methods get the 3xx answer itself.
        Raises ``Blocked``, ``NotSent`` or ``MaybeSent``.
        """
        sent_headers = {name.lower(): value for name, value in (headers or {}).items()}
        if json is not None:
            content = json_module.dumps(json, ensure_ascii=False, separators=(",", ":")).encode()
            sent_headers.setdefault("content-type", "application/json")
        target, origin = parse_url(url)
        if params:
            target = target.copy_merge_params(params)
        call = _Call(
            method=method.upper(),
            headers=sent_headers,
            content=content or b"",
            max_bytes=max_bytes,
            deadline=Deadline(timeout),
        )
        response = self._ask(call, target, origin, is_exempt=origin in self._exempt)
        return self._follow(call, target, origin, response)

    def _follow(self, call: _Call, target: httpx2.URL, origin: Origin, response: Response) -> Response:
        kept = dict(call.headers)
        for _ in range(MAX_REDIRECTS):
            location = response.headers.get("location")
            if call.method not in SAFE_METHODS or response.status not in REDIRECTS or not location:
                return response
            try:
                joined = str(target.join(location))
            except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
                raise Blocked("a redirect to an unusable URL") from error
            target, next_origin = parse_url(joined)
            if next_origin != origin:
                if origin.scheme == "https" and next_origin.scheme == "http":
                    raise Blocked("a redirect from https to http")
                kept = {name: value for name, value in kept.items() if name in CARRIED_ACROSS}
            origin = next_origin
            hop = _Call(method=call.method, headers=kept, content=b"", max_bytes=call.max_bytes, deadline=call.deadline)
            response = self._ask(hop, target, origin, is_exempt=False)
        if response.status in REDIRECTS and response.headers.get("location"):
            raise MaybeSent("too many redirects")
        return response

    def _ask(self, call: _Call, target: httpx2.URL, origin: Origin, *, is_exempt: bool) -> Response:
        found = resolve(self._resolver, origin.host, origin.port, call.deadline)
        addresses = [address for address in found if may_connect(address, is_exempt=is_exempt)]
        if not addresses:
            raise Blocked(f"{origin} lies on an address that may not be reached")
        backend = PinnedBackend(addresses, call.deadline)
        connection = httpcore2.HTTPConnection(
            origin=httpcore2.Origin(origin.scheme.encode(), origin.host.encode(), origin.port),
            ssl_context=(self._ssl_context or _default_ssl_context()) if origin.scheme == "https" else None,
            network_backend=backend,
        )
        with contextlib.closing(connection):
            try:
                answer = connection.handle_request(_as_request(call, target, origin))
                headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
                content = read_body(
                    cast("Iterable[bytes]", answer.stream),
                    encoding=headers.get("content-encoding", "").strip().lower(),
                    max_bytes=call.max_bytes,
                )
            except (httpcore2.LocalProtocolError, httpcore2.UnsupportedProtocol, UnicodeEncodeError) as error:
                raise NotSent("the request itself is not valid HTTP") from error
            except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
                kind = type(error).__name__
                if backend.has_written:
                    raise MaybeSent(f"{origin}: {kind} after the request began to go out") from error
                raise NotSent(f"{origin}: {kind} before anything was sent") from error
        return Response(status=answer.status, headers=headers, content=content, url=str(target))


def _as_request(call: _Call, target: httpx2.URL, origin: Origin) -> httpcore2.Request:
    headers = {
        "host": target.netloc.decode("ascii"),
        "accept": "*/*",
        "accept-encoding": "gzip",
        "user-agent": USER_AGENT,
        **call.headers,
        "connection": "close",
    }
    if call.content or call.method not in SAFE_METHODS:
        headers["content-length"] = str(len(call.content))
    return httpcore2.Request(
        method=call.method,
        url=httpcore2.URL(
            scheme=origin.scheme.encode(), host=origin.host.encode(), port=origin.port, target=target.raw_path
        ),
        headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()],
        content=call.content,
    )


@cache
def _default_ssl_context() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)
