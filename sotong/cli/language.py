"""``sotong language``: the one process of this machine that holds Kiwi."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from sotong.cli.places import places_of
from sotong.language.process import serve
from sotong.settings.options import options


def run(arguments: argparse.Namespace) -> int:
    named = os.environ.get("SOTONG_LANGUAGE_SOCKET")
    serve(Path(named) if named else places_of(options()).language_socket, die_with_parent=False)
    return 0
