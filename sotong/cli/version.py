"""``sotong version``."""

from __future__ import annotations

import argparse

from sotong import __version__
from sotong.cli.words import say


def run(arguments: argparse.Namespace) -> int:
    say(f"소통 {__version__}", f"Sotong {__version__}")
    return 0
