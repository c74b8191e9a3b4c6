"""Compiles the translation catalogues (.po) that are newer than their compiled form (.mo).

A wheel ships them compiled; a checkout compiles them at start, so that no one needs gettext's tools.
"""

from __future__ import annotations

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1]


def compile_catalogs(root: Path = PACKAGE) -> int:
    """Compile what is stale below ``root``; returns how many. A folder that cannot be written is left as it is."""
    done = 0
    for source in sorted(root.glob("**/locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        if not os.access(source.parent, os.W_OK):
            continue
        locale = source.parent.parent.name
        with source.open("rb") as stream:
            catalog = read_po(stream, locale=locale)
        fresh = target.with_suffix(f".{os.getpid()}.tmp")
        with fresh.open("wb") as stream:
            write_mo(stream, catalog)
        fresh.replace(target)
        done += 1
    return done
