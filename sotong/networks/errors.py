"""What can go wrong on a network. The type alone decides what happens next.

NetworkError
 ├─ Temporary            not done, surely; try again later
 │   └─ RateLimited      not done; the network said when to come back
 ├─ Rejected             not done and never will be as it is: the network refuses this content
 ├─ Unauthorized         not done; our credentials are dead or lack a permission: hold the posts, tell the owner
 ├─ Gone                 the thing that we refer to is no longer there
 ├─ Forged               a webhook whose signature does not hold
 ├─ Unsupported          this network cannot do that (the manifest says so)
 └─ Unknown              the effect may or may not have happened: look before repeating
"""

from __future__ import annotations


class NetworkError(Exception):
    """Base. ``detail`` is for the log and the doctor: it never holds a secret or a whole payload."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail


class Temporary(NetworkError):
    """The call surely had no effect; the same call may work later."""


class RateLimited(Temporary):
    """``retry_after``: seconds until the network takes calls again."""

    def __init__(self, detail: str = "", *, retry_after: float = 60.0) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Rejected(NetworkError):
    """The network refuses this content (too long, duplicate, blocked)."""


class Unauthorized(NetworkError):
    """Credentials expired, revoked or without the needed permission."""


class Gone(NetworkError):
    """What we refer to was deleted or never was."""


class Forged(NetworkError):
    """A webhook that was not signed by the network."""


class Unsupported(NetworkError):
    """The network has no such function."""


class Unknown(NetworkError):
    """The request may have reached the network; whether it took effect is not known."""
