"""``sotong live``: open screens, on a Unix socket that the web process relays to."""

from __future__ import annotations

import argparse

from sotong.cli.places import places_of
from sotong.cli.serving import serve
from sotong.settings.options import options


def run(arguments: argparse.Namespace) -> int:
    serve("sotong.asgi:live", socket=places_of(options()).live_socket)
    return 0
