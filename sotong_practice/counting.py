"""Counts of a truth file, for people and for checkers of tests."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from sotong_practice.truth import FILE_NAME, Damaged, Record, read_truth

KEYED = ("post", "reply", "direct")


def count(records: Iterable[Record]) -> dict[str, Any]:
    """Counts by kind, effects by account, keys with more than one effect, injected faults by kind."""
    kinds: Counter[str] = Counter()
    written: Counter[str] = Counter()
    keys: Counter[tuple[str, str]] = Counter()
    faults: Counter[str] = Counter()
    handles: dict[str, str] = {}
    world, sequence = "", 0
    for record in records:
        kind, sequence = record["kind"], record["seq"]
        kinds[kind] += 1
        if kind == "start":
            world = record["world"]
        elif kind == "account":
            handles[record["id"]] = record["handle"]
        elif kind == "fault":
            faults[record["fault"]] += 1
        elif kind in KEYED:
            written[record["account"]] += 1
            if record.get("key"):
                keys[record["account"], record["key"]] += 1
    doubled = {f"{handles[account]} {key}": times for (account, key), times in keys.items() if times > 1}
    return {
        "world": world,
        "sequence": sequence,
        "kinds": dict(sorted(kinds.items())),
        "written_by": {handles[account]: times for account, times in sorted(written.items())},
        "keys": len(keys),
        "duplicate_keys": doubled,
        "faults": dict(sorted(faults.items())),
    }


def keyed_effects(records: Iterable[Record], handle: str) -> list[tuple[str, str, str]]:
    """``(key, id, kind)`` of each effect with a key of that account, in order."""
    account = None
    found = []
    for record in records:
        if record["kind"] == "account" and record["handle"] == handle:
            account = record["id"]
        elif record["kind"] in KEYED and record["account"] == account and record.get("key"):
            found.append((record["key"], record["id"], record["kind"]))
    return found


def duplicate_keys(tables: Connection) -> int:
    """How many keys have more than one effect."""
    total = 0
    for table in ("posts", "messages"):
        query = (
            f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE key IS NOT NULL"  # noqa: S608
            " GROUP BY account, key HAVING count(*) > 1)"
        )
        total += tables.execute(query).fetchone()[0]
    return total


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sotong_practice.truth", description="Counts a truth file.")
    parser.add_argument("folder", type=Path, help="the data folder")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--keys", metavar="HANDLE", help="one line KEY ID KIND for each effect with a key")
    chosen = parser.parse_args(arguments)
    out = sys.stdout.write
    try:
        records = read_truth(chosen.folder / FILE_NAME)
        if chosen.keys:
            for line in keyed_effects(records, chosen.keys):
                out(" ".join(line) + "\n")
            return 0
        counts = count(records)
    except (OSError, Damaged) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if chosen.json:
        out(json.dumps(counts, ensure_ascii=False) + "\n")
        return 0
    out(f"world {counts['world']}, {counts['sequence']} records\n")
    for title in ("kinds", "written_by", "faults"):
        for name, times in counts[title].items():
            out(f"  {title:<12}{name:<24}{times:>8}\n")
    out(f"keys {counts['keys']}, with more than one effect {len(counts['duplicate_keys'])}\n")
    for name, times in counts["duplicate_keys"].items():
        out(f"  {name} × {times}\n")
    return 0
