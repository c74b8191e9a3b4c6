"""Who is really asking, when a proxy of ours stands in front.

Limits of signing in, the list of sessions and the audit trail count by address. Behind a proxy everybody has the
proxy's; ``X-Forwarded-For`` says whose it was, and is believed from the proxies that the settings name, and from no
one else, since anybody can write that header.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.utils.decorators import sync_and_async_middleware

from sotong.settings.options import options

Networks = Sequence[IPv4Network | IPv6Network]


def networks_of(text: str) -> Networks:
    """The networks in a list with commas; raises ``ValueError`` for what is none."""
    return [ip_network(part.strip()) for part in text.split(",") if part.strip()]


def address_behind(remote: str, forwarded: str, trusted: Networks) -> str:
    """The address of whoever asked: the last one in the chain that is no proxy of ours.

    ``remote``: who holds the connection; ``forwarded``: the header, the nearest last. What a proxy of ours handed on
    and is no address ends the search at that proxy.
    """
    found = remote
    for hop in [remote, *(part.strip() for part in reversed(forwarded.split(",")))]:
        try:
            address = ip_address(hop)
        except ValueError:
            break
        found = str(address)
        if not any(address in network for network in trusted):
            break
    return found


@sync_and_async_middleware
def forwarded_address(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Middleware: ``REMOTE_ADDR`` becomes the address behind the proxies; the header goes no further."""
    trusted = networks_of(options().trusted_proxies)

    def put(request: HttpRequest) -> None:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        if forwarded and trusted:
            request.META["REMOTE_ADDR"] = address_behind(request.META.get("REMOTE_ADDR", ""), forwarded, trusted)

    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> Any:
            put(request)
            answer: Awaitable[Any] = get_response(request)
            return await answer

        return later

    def at_once(request: HttpRequest) -> Any:
        put(request)
        return get_response(request)

    return at_once
