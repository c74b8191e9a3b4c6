"""The one way in which a bench or a fault run says what it found."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Bar:
    """One figure against its bar. ``is_met`` is None for a figure that is only told."""

    name: str
    value: float
    unit: str
    bar: float | None = None
    at_most: bool = True

    @property
    def is_met(self) -> bool | None:
        if self.bar is None:
            return None
        return self.value <= self.bar if self.at_most else self.value >= self.bar

    @property
    def limit(self) -> str:
        """The bar as it is read: ``≤ 3``; empty without one."""
        return "" if self.bar is None else f"{'≤' if self.at_most else '≥'} {self.bar:g}"

    def figure(self, digits: str) -> str:
        """The value; what was counted is told whole, what was measured as ``digits`` says (a format of floats)."""
        return str(self.value) if isinstance(self.value, int) else f"{self.value:{digits}}"


@dataclass
class Verdict:
    """Collects figures and facts (data size, seed, what was measured against what) and prints them."""

    name: str
    facts: dict[str, Any] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)

    def tell(self, name: str, value: float, unit: str) -> None:
        """A figure without a bar."""
        self.bars.append(Bar(name, value, unit))

    def hold(self, name: str, value: float, unit: str, bar: float, *, at_most: bool = True) -> None:
        """A figure that must be at most (or at least) ``bar``."""
        self.bars.append(Bar(name, value, unit, bar, at_most))

    @property
    def is_ok(self) -> bool:
        """All bars met, and there was at least one."""
        held = [bar.is_met for bar in self.bars if bar.is_met is not None]
        return bool(held) and all(held)

    def finish(self, *, as_json: bool) -> int:
        """Print and return the exit code: 0 for ok, 1 for short."""
        word = "ok" if self.is_ok else "short"
        if as_json:
            figures = [
                {"name": b.name, "value": b.value, "unit": b.unit, "bar": b.bar, "met": b.is_met} for b in self.bars
            ]
            print(json.dumps({"name": self.name, "verdict": word, "facts": self.facts, "figures": figures}, indent=1))
            return 0 if self.is_ok else 1
        for name, fact in self.facts.items():
            print(f"{name}: {fact}")
        width = max((len(bar.name) for bar in self.bars), default=10)
        print(f"\n{'figure':<{width}}  {'value':>12}  {'bar':>12}  met")
        for bar in self.bars:
            met = {True: "yes", False: "NO", None: ""}[bar.is_met]
            print(f"{bar.name:<{width}}  {bar.figure('.3f'):>8} {bar.unit:<3}  {bar.limit:>12}  {met}")
        held = "; ".join(f"{b.name} {b.figure('.3g')}{b.unit} {b.limit}" for b in self.bars if b.bar is not None)
        print(f"\n{self.name} {word}: {held}")
        return 0 if self.is_ok else 1


def flags(name: str, about: str) -> argparse.ArgumentParser:
    """The flags that every bench and fault run takes, for one that adds its own."""
    parser = argparse.ArgumentParser(prog=name, description=about)
    parser.add_argument("--small", action="store_true", help="finish within 60 s by a smaller n; drops no check")
    parser.add_argument("--json", action="store_true", help="print the result for programs")
    parser.add_argument("--seed", type=int, default=1, help="seed of all random choices")
    return parser


def arguments(name: str, about: str) -> argparse.Namespace:
    """What was asked of a run that has no flags of its own."""
    return flags(name, about).parse_args(sys.argv[1:])


def quantile(values: list[float], share: float) -> float:
    """The value below which ``share`` (0 to 1) of the values lie; nearest rank. Raises ``ValueError`` on none."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
