"""The judge of ``script/bench inbox`` says short when it should."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.asking import Taken
from bench.inbox import AREAS, judge
from bench.querying import Queries
from bench.verdict import Verdict

ROOT = Path(__file__).resolve().parents[2]


def figures() -> tuple[Taken, Queries]:
    """A run in which everything is just good enough."""
    taken, queries = Taken(compared=10), Queries()
    for area in AREAS:
        taken.page[area, "any"] = [29.0] * 9
        taken.floor[area, "any"] = [10.0] * 9
        taken.small[area, "any"] = [23.0] * 9
        queries.ours[area, "any"] = [1.4] * 9
        queries.bare[area, "any"] = [1.0] * 9
    return taken, queries


def judged(taken: Taken, queries: Queries) -> list[str]:
    """The bars that were not met."""
    verdict = Verdict("inbox")
    judge(verdict, taken, queries)
    missed = [bar.name for bar in verdict.bars if bar.is_met is False]
    assert verdict.is_ok == (not missed)
    return missed


def test_good_figures_are_ok() -> None:
    assert judged(*figures()) == []


@pytest.mark.parametrize("area", AREAS)
def test_a_slow_page_is_short(area: str) -> None:
    taken, queries = figures()
    taken.page[area, "any"] = [31.0] * 9
    assert judged(taken, queries) == [f"{area}: page / floor", f"{area}: p50 large / small"]


@pytest.mark.parametrize("area", AREAS)
def test_slow_queries_are_short(area: str) -> None:
    taken, queries = figures()
    queries.ours[area, "any"] = [1.6] * 9
    assert judged(taken, queries) == [f"{area}: queries / bare"]


@pytest.mark.parametrize("area", AREAS)
def test_growth_with_the_table_is_short(area: str) -> None:
    taken, queries = figures()
    taken.small[area, "any"] = [22.0] * 9
    assert judged(taken, queries) == [f"{area}: p50 large / small"]


def _differs(taken: Taken) -> None:
    taken.differing = 1


def _compares_nothing(taken: Taken) -> None:
    taken.compared = 0


@pytest.mark.parametrize(
    ("spoil", "bar"),
    [(_differs, "pages with other rows"), (_compares_nothing, "pages compared with the bare rows")],
)
def test_other_rows_than_the_floor_are_short(spoil: Callable[[Taken], None], bar: str) -> None:
    taken, queries = figures()
    spoil(taken)
    assert judged(taken, queries) == [bar]


def test_a_run_that_measured_nothing_is_no_run() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        judged(Taken(), Queries())


@pytest.mark.slow
def test_a_list_that_was_made_slow_is_found(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench.inbox", "--json", "--conversations", "1500", "--rounds", "3"]
    done = subprocess.run(
        [*command, "--slow-list", "400"], cwd=ROOT, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.stdout, done.stderr[-2000:]
    said = json.loads(done.stdout)
    met = {figure["name"]: figure["met"] for figure in said["figures"]}
    assert (done.returncode, said["verdict"]) == (1, "short")
    assert met["list: page / floor"] is False
    assert met["pages with other rows"] is True
