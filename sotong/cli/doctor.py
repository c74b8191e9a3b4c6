"""``sotong doctor``: says what is wrong and how to mend it. It changes nothing."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from sotong.cli.checks import database, house, machine
from sotong.cli.checks.findings import Finding, guarded
from sotong.cli.places import Places
from sotong.cli.state import read_state
from sotong.cli.words import say
from sotong.settings.options import Options, options


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")


def run(arguments: argparse.Namespace) -> int:
    """0 where nothing fails, 1 where something does. A warning alone is no failure."""
    findings = []
    for finding in examine(options()):
        findings.append(finding)
        if not arguments.json:
            _show(finding)
    is_well = not any(finding.level == "fail" for finding in findings)
    if arguments.json:
        told = {"ok": is_well, "findings": [asdict(finding) for finding in findings]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 0 if is_well else 1


def examine(chosen: Options) -> Iterator[Finding]:
    """Every check, the ones that others stand on first."""
    places = _places(chosen)
    yield from guarded("machine", lambda: machine.look(chosen.data))
    yield from guarded("house", lambda: house.look(places))
    yield from guarded("database", lambda: database.look(chosen, house_runs=house.runs(places)))


def _places(chosen: Options) -> Places:
    state = read_state(chosen.run / "state.json")
    return Places(chosen, Path(state.sockets) if state else chosen.run)


def _show(finding: Finding) -> None:
    pad = " " * max(1, 16 - sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in finding.what))
    mend = f" → {finding.mend}" if finding.mend else ""
    line = f"{finding.level:<5} {finding.what}{pad}{finding.text}{mend}"
    say(line, line)
