"""Asking running servers for pages, one request after the other, over connections that stay open."""

from __future__ import annotations

import http.client
import re
import statistics
import time
from collections import defaultdict
from dataclasses import dataclass, field

from bench.verdict import quantile

Times = list[float]
Series = dict[tuple[str, str], Times]
"""Milliseconds by (area, kind)."""
FLOOR_SECONDS = 5.0
"""A kind's floor that has taken so long in all is asked no more: a bare search for a frequent word reads every hit."""


def is_spent(times: Times) -> bool:
    """Whether a floor has been asked often enough for what it costs."""
    return len(times) >= 3 and sum(times) > FLOOR_SECONDS * 1000


def ratios(over: Series, under: Series, area: str) -> dict[str, float]:
    """p50 over p50, kind by kind."""
    return {key[1]: quantile(times, 0.5) / quantile(under[key], 0.5) for key, times in over.items() if key[0] == area}


def middle(found: dict[str, float]) -> float:
    """The median of the kinds' ratios: each kind counts alike. Raises ``ValueError`` where nothing was measured."""
    if not found:
        raise ValueError("nothing was measured")
    return statistics.median(found.values())


LIST_ROW = re.compile(rb'<div class="conv-w" id="c(\d+)"')
HIT_ROW = re.compile(rb'href="/desk/(\d+)/\?view=all#m')


@dataclass(frozen=True)
class Kind:
    """One sort of request: the product's address and its floor's, without the host."""

    area: str
    name: str
    page: str
    floor: str


class Site:
    """One server with a session."""

    def __init__(self, port: int, cookie: str) -> None:
        self._link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = cookie

    def get(self, address: str) -> tuple[float, bytes, str]:
        """Milliseconds until the last byte, the page, and the floor's rows. Raises ``RuntimeError`` unless 200."""
        began = time.perf_counter()
        self._link.request("GET", address, headers={"Cookie": self._cookie})
        answer = self._link.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}: {body[:300]!r}")
        return took, body, answer.headers.get("X-Rows", "")


@dataclass
class Taken:
    """Milliseconds by (area, kind) of the large house's pages and floors and the small house's pages."""

    page: Series = field(default_factory=lambda: defaultdict(list))
    floor: Series = field(default_factory=lambda: defaultdict(list))
    small: Series = field(default_factory=lambda: defaultdict(list))
    differing: int = 0
    """Pages whose rows were not the floor's rows."""
    compared: int = 0


def all_of(series: Series, area: str) -> Times:
    """All of one area."""
    return [each for (named, _), times in series.items() if named == area for each in times]


def measure(large: Site, small: Site, large_kinds: list[list[Kind]], small_kinds: list[list[Kind]]) -> Taken:
    """Each round's kinds: page, floor and the small house's page, taking turns. The first round only warms up."""
    taken = Taken()
    for number, (kinds, others) in enumerate(zip(large_kinds, small_kinds, strict=True)):
        for turn, (kind, other) in enumerate(zip(kinds, others, strict=True)):
            key = (kind.area, kind.name)
            requests = [("page", large, kind.page), ("floor", large, kind.floor), ("small", small, other.page)]
            if (number + turn) % 2:
                requests.reverse()
            if is_spent(taken.floor[key]):
                requests = [each for each in requests if each[0] != "floor"]
            got = {name: site.get(address) for name, site, address in requests}
            if "floor" in got:
                _compare(taken, kind, got["page"][1], got["floor"][2])
            if number:
                for name in got:
                    getattr(taken, name)[key].append(got[name][0])
    return taken


def _compare(taken: Taken, kind: Kind, page: bytes, rows: str) -> None:
    pattern = {"list": LIST_ROW, "search": HIT_ROW}.get(kind.area)
    if pattern is None:
        return
    taken.compared += 1
    taken.differing += ",".join(found.decode() for found in pattern.findall(page)) != rows
