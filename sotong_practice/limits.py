"""How often an account may call: fixed windows, counted in memory."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from sotong_practice.network import Settings
from sotong_practice.refusals import Refusal


@dataclass
class _Window:
    ends: float
    used: int = 0


class RateLimits:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._windows: dict[tuple[str, str], _Window] = {}

    def count(self, account: str, scope: str, *, is_trial: bool = False) -> dict[str, str]:
        """Counts one call of that scope (``write`` or ``read``) and returns the headers to send.

        ``is_trial``: only looks whether there is room. Raises ``Refusal`` (``rate_limited``), which carries the headers
        too, when the window is used up.
        """
        now = time.time()
        allowed = self._settings.writes_per_window if scope == "write" else self._settings.reads_per_window
        window = self._windows.get((account, scope))
        if window is None or window.ends <= now:
            window = self._windows[account, scope] = _Window(ends=now + self._settings.window_seconds)
            self._forget(now)
        exceeded = window.used >= allowed
        if not exceeded and not is_trial:
            window.used += 1
        headers = {
            "X-RateLimit-Scope": scope,
            "X-RateLimit-Limit": str(allowed),
            "X-RateLimit-Remaining": str(max(0, allowed - window.used)),
            "X-RateLimit-Reset": str(math.ceil(window.ends)),
        }
        if exceeded:
            raise OverLimit(headers, retry_after=max(1, math.ceil(window.ends - now)))
        return headers

    def _forget(self, now: float) -> None:
        if len(self._windows) > 10_000:
            self._windows = {key: window for key, window in self._windows.items() if window.ends > now}


class OverLimit(Refusal):
    def __init__(self, headers: dict[str, str], *, retry_after: int) -> None:
        super().__init__(429, "rate_limited", retry_after=retry_after)
        self.headers = headers
