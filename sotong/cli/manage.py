"""``sotong manage …``: Django's management commands against this installation."""

from __future__ import annotations

import os
from collections.abc import Sequence

from django.core.management import execute_from_command_line

from sotong.cli.site import database


def run(words: Sequence[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sotong.settings.site")
    with database():
        execute_from_command_line(["sotong manage", *words])
    return 0
