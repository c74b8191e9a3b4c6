"""An answer that is not 2xx, as one of our errors. Judged by status and error code, never by message. Pure."""

from __future__ import annotations

import math

from sotong.egress.door import Response
from sotong.networks import errors

LONGEST_WAIT = 86_400.0
USUAL_WAIT = 60.0
NOT_OURS = frozenset({"not_yours"})
NO_EFFECT = frozenset({"storage_full", "too_busy"})


class CursorLost(errors.Rejected):
    """The cursor belongs to another world: the network's data was made anew."""


class KeyUnknown(errors.Gone):
    """No post of ours has that key. Told apart from any other 404: a wrong address must not read as "not sent"."""


def problem(response: Response, *, call: str, is_write: bool) -> errors.NetworkError | None:
    """What this answer means; None when all is well. ``call`` is its name; ``is_write``: may it have had an effect?"""
    status = response.status
    if 200 <= status < 300:
        return None
    code = error_code(response)
    detail = f"{call}: {status} {code}".rstrip()
    if status == 429:
        return errors.RateLimited(detail, retry_after=seconds_to_wait(response))
    if code == "cursor_bad":
        return CursorLost(detail)
    if status == 404 and code == "key_unknown":
        return KeyUnknown(detail)
    if status in (401, 403) and code not in NOT_OURS:
        return errors.Unauthorized(detail)
    if status in (404, 410) and code:
        return errors.Gone(detail)
    if 400 <= status < 500 and status != 408:
        return errors.Rejected(detail)
    if code in NO_EFFECT or 300 <= status < 400:
        return errors.Temporary(detail)
    return errors.Unknown(detail) if is_write else errors.Temporary(detail)


def error_code(response: Response) -> str:
    """The error code, or "" when the body holds none."""
    try:
        body = response.json()
    except ValueError:
        return ""
    code = body.get("error") if isinstance(body, dict) else None
    return code[:60] if isinstance(code, str) and code.replace("_", "").isalnum() and code.isascii() else ""


def seconds_to_wait(response: Response) -> float:
    """``Retry-After``, within a second and a day; a minute where it is not said."""
    try:
        seconds = float(response.headers["retry-after"])
    except (KeyError, ValueError):
        return USUAL_WAIT
    return min(max(seconds, 1.0), LONGEST_WAIT) if math.isfinite(seconds) else USUAL_WAIT
