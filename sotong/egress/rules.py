"""Which addresses may be reached. Pure: no sockets, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx2

from sotong.egress.errors import Blocked

DEFAULT_PORTS = {"http": 80, "https": 443}

# What an exemption opens: machines of one's own. The lists are ours, since Python's `is_private` differs by version.
OWN_V4 = tuple(
    IPv4Network(text) for text in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
OWN_V6 = tuple(IPv6Network(text) for text in ("::1/128", "fc00::/7"))

# Nobody's, or never a web server: refused even with an exemption (169.254.169.254 hands out a cloud's secrets).
NEVER_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "169.254.0.0/16",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
PUBLIC_V6 = IPv6Network("2000::/3")
NEVER_V6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Origin:
    """Scheme, host (lower case, IDNA) and port: the exact thing that an exemption names."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def parse_url(url: str) -> tuple[httpx2.URL, Origin]:
    """The URL and its origin. Raises ``Blocked`` for anything but a plain http(s) URL without a user part."""
    try:
        parsed = httpx2.URL(url)
        host, port = parsed.raw_host.decode("ascii").lower(), parsed.port
    except (httpx2.InvalidURL, UnicodeError, ValueError, TypeError) as error:
        raise Blocked("not a usable URL") from error
    if parsed.scheme not in DEFAULT_PORTS:
        raise Blocked("only http and https are allowed")
    if not host or "%" in host:
        raise Blocked("the URL has no usable host")
    if parsed.userinfo:
        raise Blocked("a URL with a user name or password is refused")
    if port is None:
        port = DEFAULT_PORTS[parsed.scheme]
    if not 0 < port < 65536:
        raise Blocked("the URL has no usable port")
    return parsed, Origin(parsed.scheme, host, port)


def server_address(text: str, *, takes_plain: bool = False) -> str:
    """The address of a server as someone typed it: scheme, host and port (unless it is the scheme's own), no path.

    Without a scheme it is https, or http on this machine, where no certificate can be had. Raises ``Blocked`` for what
    is no server's address, and for plain http to another machine unless ``takes_plain``: whoever listens on the way
    would read the password.
    """
    typed = text.strip()
    _, origin = parse_url(typed if "://" in typed else f"https://{typed}")
    if "://" not in typed and _is_this_machine(origin.host):
        _, origin = parse_url(f"http://{typed}")
    if origin.scheme == "http" and not (takes_plain or _is_this_machine(origin.host)):
        raise Blocked("a sign-in goes over https only")
    return str(origin).removesuffix(f":{DEFAULT_PORTS[origin.scheme]}")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def may_connect(address: str, *, is_exempt: bool) -> bool:
    """May we open a socket to this numeric address? Anything that is not one is refused."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return _may_connect_v4(parsed, is_exempt=is_exempt)
    return _may_connect_v6(parsed, is_exempt=is_exempt)


def _may_connect_v4(address: IPv4Address, *, is_exempt: bool) -> bool:
    if any(address in network for network in NEVER_V4):
        return False
    return is_exempt or not any(address in network for network in OWN_V4)


def _may_connect_v6(address: IPv6Address, *, is_exempt: bool) -> bool:
    if address.scope_id is not None:
        return False
    if address in NAT64:  # how IPv6-only machines reach IPv4: judged by the address inside
        return _may_connect_v4(IPv4Address(int(address) & 0xFFFFFFFF), is_exempt=False)
    if any(address in network for network in OWN_V6):
        return is_exempt
    # Mapped (::ffff:127.0.0.1), compatible (::127.0.0.1), 6to4, link-local, multicast and ``::`` all fall out here.
    return address in PUBLIC_V6 and not any(address in network for network in NEVER_V6)
