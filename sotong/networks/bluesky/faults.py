"""An XRPC answer that is not 2xx, as one of our errors. Judged by status and error name, never by message. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

from sotong.egress.door import Response
from sotong.networks import errors

DEAD_TOKEN = frozenset({"ExpiredToken", "InvalidToken"})
NO_RIGHT = frozenset(
    {
        "AccountDeactivated",
        "AccountSuspended",
        "AccountTakedown",
        "AuthenticationRequired",
        "AuthFactorTokenRequired",
        "AuthMissing",
        "BadTokenScope",
        "Forbidden",
    }
)
NO_RECORD = "RecordNotFound"
NOT_THERE = frozenset({"BlobNotFound", "NotFound", "RepoNotFound"})
OCCUPIED = frozenset({"InvalidSwap"})
LONGEST_WAIT = 86_400.0
SHORTEST_WAIT = 1.0
USUAL_WAIT = 60.0


class TokenDead(errors.Unauthorized):
    """The access or refresh token is no longer taken: renew it and ask again."""


class Occupied(errors.Rejected):
    """A record that we wanted to create is already there."""


class RecordMissing(errors.Gone):
    """The repository has no such record. Told apart from other absences: only this means "surely not posted"."""


def problem(response: Response, *, call: str, is_write: bool, now: datetime) -> errors.NetworkError | None:
    """What this answer means; None when all is well. ``call`` is its name; ``is_write``: may it have had an effect?"""
    status = response.status
    if 200 <= status < 300:
        return None
    name = error_name(response)
    detail = f"{call}: {status} {name}".rstrip()
    if status == 429 or name == "RateLimitExceeded":
        return errors.RateLimited(detail, retry_after=seconds_to_wait(response.headers, now=now))
    if name in DEAD_TOKEN:
        return TokenDead(detail)
    if status in (401, 403) or name in NO_RIGHT:
        return errors.Unauthorized(detail)
    if name == NO_RECORD:
        return RecordMissing(detail)
    if name in NOT_THERE:
        return errors.Gone(detail)
    if name in OCCUPIED:
        return Occupied(detail)
    if status == 501 or name in ("MethodNotImplemented", "XRPCNotSupported"):
        return errors.Unsupported(detail)
    if 400 <= status < 500 and status != 408:
        return errors.Rejected(detail)
    if 300 <= status < 400:
        return errors.Temporary(f"{detail}: the server sends us elsewhere")
    # A failing server, or a proxy before it: it may have worked before it failed.
    return errors.Unknown(detail) if is_write else errors.Temporary(detail)


def error_name(response: Response) -> str:
    """The XRPC error name, or "" when the body holds none (a proxy's HTML page, say)."""
    try:
        body = response.json()
    except ValueError:
        return ""
    name = body.get("error") if isinstance(body, dict) else None
    return name[:60] if isinstance(name, str) and name.isascii() and name.isalnum() else ""


def seconds_to_wait(headers: Mapping[str, str], *, now: datetime) -> float:
    """``Retry-After`` in seconds, else the moment in ``ratelimit-reset`` (Unix seconds), within a second and a day."""
    for name, origin in (("retry-after", 0.0), ("ratelimit-reset", now.timestamp())):
        try:
            seconds = float(headers[name]) - origin
        except (KeyError, ValueError):
            continue
        if math.isfinite(seconds):
            return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)
    return USUAL_WAIT
