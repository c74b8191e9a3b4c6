"""A scenario: one day as a script that can be played into the practice network at any speed.

The file is TOML::

    [scenario]
    title = "…"            what it is called
    date = 2026-04-14      the day, in ``zone``
    zone = "Asia/Seoul"
    company = "한소리텔레콤"
    acknowledgement = "…"  what the care channel answers by itself; put there when it has none (optional)

    [[people]]             customers; made when they do not exist
    handle = "bada_1102"
    name = "바다"

    [[steps]]
    id = "P01"             unique; later steps refer to it
    at = "03:12"           local time, HH:MM or HH:MM:SS; steps stand in order of time
    do = "post"            post | reply | direct | staff_reply | staff_note | staff_resolve | look
    by = "bada_1102"       a customer's handle, or a staff member's name for staff_… steps
    to = "care"            the purpose of the channel that a post mentions or a direct message goes to
    thread = "P01"         the step whose thread this belongs to (reply, staff_…)
    text = "…"
    repeat = 42            the same step by so many made-up customers (optional), spread over ``over`` minutes
    over = 30
    expect = "…"           what the desk must show then; printed, and checked by the tests that know the id
    needs = "rota"         an ability that is not there yet: the step is told and left out

``look`` plays nothing: it is a moment at which something is to be seen.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FOLDER = Path(__file__).parent / "scenarios"
DOINGS = frozenset({"post", "reply", "direct", "staff_reply", "staff_note", "staff_resolve", "look"})
PURPOSES = frozenset({"brand", "care", "press", "community"})


class ScenarioError(ValueError):
    """The script cannot be played; the message names the step and what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happens. ``at`` is UTC."""

    id: str
    at: datetime
    do: str
    by: str
    to: str = ""
    thread: str = ""
    text: str = ""
    expect: str = ""
    needs: str = ""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A day. ``people`` maps handles to names."""

    title: str
    company: str
    acknowledgement: str
    people: dict[str, str]
    steps: tuple[Step, ...]


def find(name: str) -> Path:
    """The file of a scenario: a path, or the name of one that ships with Sotong. Raises ``ScenarioError``."""
    for path in (Path(name), FOLDER / f"{name}.toml"):
        if path.is_file():
            return path
    shipped = ", ".join(sorted(path.stem for path in FOLDER.glob("*.toml")))
    raise ScenarioError(f"no such scenario: {name} (shipped: {shipped})")


def read(path: Path) -> Scenario:
    """Read and check a scenario. Raises ``ScenarioError`` for anything that could not be played as written."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        head = data["scenario"]
        zone = ZoneInfo(head["zone"])
        people = {str(person["handle"]): str(person["name"]) for person in data.get("people", [])}
        steps: list[Step] = []
        for number, raw in enumerate(data.get("steps", []), 1):
            steps += _steps(raw, number, head["date"], zone, people)
        scenario = Scenario(
            title=head["title"],
            company=head["company"],
            acknowledgement=str(head.get("acknowledgement", "")),
            people=people,
            steps=tuple(steps),
        )
    except (
        tomllib.TOMLDecodeError,
        UnicodeDecodeError,
        OSError,
        KeyError,
        ZoneInfoNotFoundError,
        TypeError,
    ) as problem:
        raise ScenarioError(f"{path.name}: {type(problem).__name__}: {problem}") from problem
    _check(scenario)
    return scenario


def _steps(raw: dict[str, object], number: int, day: object, zone: ZoneInfo, people: dict[str, str]) -> list[Step]:
    label = str(raw.get("id", f"step {number}"))
    unknown = set(raw) - {"id", "at", "do", "by", "to", "thread", "text", "repeat", "over", "expect", "needs"}
    if unknown:
        raise ScenarioError(f"{label}: unknown field {', '.join(sorted(unknown))}")
    try:
        moment = time.fromisoformat(str(raw["at"]))
        at = datetime.combine(day, moment, tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type]
    except (ValueError, TypeError) as problem:
        raise ScenarioError(f"{label}: at must look like 03:12") from problem
    words = {name: str(raw.get(name, "")) for name in ("by", "to", "thread", "text", "expect", "needs")}
    first = Step(id=label, at=at, do=str(raw["do"]), **words)
    repeat = int(str(raw.get("repeat", 1)))
    if repeat == 1:
        return [first]
    gap = timedelta(minutes=float(str(raw.get("over", 1)))) / repeat
    made = []
    for n in range(repeat):
        handle = f"{first.by}_{n + 1}"
        people.setdefault(handle, handle)
        made.append(replace(first, id=f"{label}.{n + 1}", by=handle, at=at + gap * n))
    return made


def _check(scenario: Scenario) -> None:
    known: set[str] = set()
    before = None
    for step in scenario.steps:
        if step.id in known:
            raise ScenarioError(f"{step.id}: this id is used twice")
        if step.do not in DOINGS:
            raise ScenarioError(f"{step.id}: do must be one of {', '.join(sorted(DOINGS))}")
        if step.do in {"post", "reply", "direct"} and step.by not in scenario.people:
            raise ScenarioError(f"{step.id}: {step.by} is not among the people")
        if step.do in {"post", "direct"} and step.to not in PURPOSES:
            raise ScenarioError(f"{step.id}: to must be one of {', '.join(sorted(PURPOSES))}")
        if step.do not in {"post", "direct", "look"} and step.thread not in known:
            raise ScenarioError(f"{step.id}: thread must name an earlier step")
        if step.do not in {"look", "staff_resolve"} and not step.text:
            raise ScenarioError(f"{step.id}: text is missing")
        if before is not None and step.at < before and "." not in step.id:
            raise ScenarioError(f"{step.id}: steps stand in order of time")
        known.add(step.id)
        before = step.at if "." not in step.id else before


def chosen(steps: Sequence[Step], only: str) -> tuple[Step, ...]:
    """The steps of a choice such as ``P01-P06,P09`` (by base id); all for an empty one. Raises ``ScenarioError``."""
    if not only:
        return tuple(steps)
    bases = list(dict.fromkeys(step.id.split(".")[0] for step in steps))
    wanted: set[str] = set()
    for part in only.split(","):
        first, _, last = part.strip().partition("-")
        if first not in bases or (last and last not in bases):
            raise ScenarioError(f"no such step: {part.strip()}")
        begin, end = bases.index(first), bases.index(last or first)
        wanted |= set(bases[begin : end + 1])
    return tuple(step for step in steps if step.id.split(".")[0] in wanted)
