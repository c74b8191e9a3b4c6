"""What can go wrong on the way out. The type says whether the other side may have acted."""

from __future__ import annotations


class EgressError(Exception):
    """Base. The message names the origin at most, never a path, a query, a header or a body."""


class Blocked(EgressError):
    """We refused to go there: a private address, a scheme other than http(s), a redirect to such a place."""


class NotSent(EgressError):
    """No byte of the request left: the name did not resolve, nothing answered there, or TLS failed."""


class MaybeSent(EgressError):
    """Part of the request may have reached the other side, and no complete answer came back."""
