"""``sotong web``: pages, on the web port."""

from __future__ import annotations

import argparse

from sotong.cli.serving import serve
from sotong.settings.options import options


def run(arguments: argparse.Namespace) -> int:
    serve("sotong.asgi:web", host=options().host, port=options().port)
    return 0
