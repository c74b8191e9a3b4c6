"""A house of stand-ins on a real database: ``python -m sotong.cli.tests.standing``. Tests start, kill and stop it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from sotong.cli.child import Plan
from sotong.cli.places import Places
from sotong.cli.up import READY_WITHIN, open_house
from sotong.cli.words import Refusal, complain
from sotong.postgres.errors import PostgresError
from sotong.settings.options import OptionError, options

STAND_IN = Path(__file__).with_name("stand_in.py")


def plans(places: Places) -> list[Plan]:
    """web, and what STAND_INS names; practice when it is wished for."""
    kinds = ["web", *os.environ.get("STAND_INS", "").split()]
    made = [Plan(name=kind, command=[sys.executable, STAND_IN, kind]) for kind in kinds]
    practice = Plan(
        name="practice", command=[sys.executable, STAND_IN, "steady"], is_wanted=places.practice_wish.exists
    )
    return [*made, practice]


def prepare(places: Places, environment: Mapping[str, str]) -> str | None:
    return os.environ.get("STAND_IN_TOKEN")


def main() -> int:
    try:
        ready_within = float(os.environ.get("STAND_IN_READY_WITHIN", READY_WITHIN))
        return open_house(options(), plans=plans, prepare=prepare, ready_within=ready_within)
    except (Refusal, PostgresError, OptionError) as refusal:
        complain(refusal.korean, refusal.english)
        return 2


if __name__ == "__main__":
    sys.exit(main())
