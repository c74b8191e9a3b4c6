"""One HTTP call to a network, with the errors of the way out told apart by what they mean for us."""

from __future__ import annotations

from typing import Any

from sotong.egress.door import Egress, Response
from sotong.egress.errors import Blocked, MaybeSent, NotSent
from sotong.networks import errors


def ask(egress: Egress, verb: str, url: str, *, call: str, is_write: bool, **options: Any) -> Response:
    """The answer of any status. ``call`` names the call in the log; ``is_write``: could it have an effect?

    Raises ``Temporary`` when nothing happened (or nothing could), ``Unknown`` when a write may have happened.
    """
    try:
        return egress.request(verb, url, **options)
    except (Blocked, NotSent) as error:
        raise errors.Temporary(f"{call}: {error}") from error
    except MaybeSent as error:
        raise _undecided(f"{call}: {error}", is_write=is_write) from error


def decoded(response: Response, *, call: str, is_write: bool) -> dict[str, Any]:
    """The JSON object of a 2xx answer. One without (a proxy's page, a torn body) tells us nothing of the effect."""
    try:
        body = response.json()
    except ValueError as error:
        raise _undecided(f"{call}: an answer that is no JSON", is_write=is_write) from error
    if not isinstance(body, dict):
        raise _undecided(f"{call}: an answer that is no JSON object", is_write=is_write)
    return body


def _undecided(detail: str, *, is_write: bool) -> errors.NetworkError:
    return errors.Unknown(detail) if is_write else errors.Temporary(detail)
