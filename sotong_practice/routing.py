"""Which function answers which address: a pattern with ``{names}``, one path part each, not empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sotong_practice.refusals import Refusal

Target = TypeVar("Target")


@dataclass(frozen=True)
class Route(Generic[Target]):
    """``operation``: what the call is to the rate limits and the faults; empty where they do not apply."""

    method: str
    pattern: str
    target: Target
    operation: str = ""


class Routes(Generic[Target]):
    def __init__(self, routes: Sequence[Route[Target]]) -> None:
        self._routes = [(re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.pattern)), route) for route in routes]

    def find(self, method: str, path: str) -> tuple[Route[Target], dict[str, str]]:
        """The route and the values of its names. Raises ``Refusal`` (404, or 405 for another method)."""
        wanted = "GET" if method == "HEAD" else method
        is_known = False
        for pattern, route in self._routes:
            match = pattern.fullmatch(path)
            if match is None:
                continue
            if route.method == wanted:
                return route, match.groupdict()
            is_known = True
        raise Refusal(405, "method_unknown") if is_known else Refusal(404, "not_found")
