"""``sotong prepare``: what must be true before anything serves. ``up`` runs it and reads its one line of JSON."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from sotong.cli.migrate import migrate
from sotong.cli.site import set_up


def run(arguments: argparse.Namespace) -> int:
    """Check the site, migrate, collect static files, mend practice channels, make a first-run link. Idempotent."""
    with contextlib.redirect_stdout(sys.stderr):
        set_up()
        call_command("check")  # a URL without a rule, a page that cannot be imported: better no house than half of one
        migrate(verbosity=1)
        collect_static()
        from sotong.channels.actions.practice import bring_back
        from sotong.people.actions.first_run import issue_setup_token

        bring_back()
        token = issue_setup_token()
    sys.stdout.write(json.dumps({"token": token}) + "\n")
    return 0


def collect_static() -> bool:
    """Collect and compress the front-end files where they have changed. Returns whether they had."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now, encoding="ascii")
    return True


def _fingerprint() -> str:
    """Changes when a front-end file appears, vanishes or is touched."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            file = Path(storage.path(name)).stat()
            seen.update(f"{name}\0{file.st_size}\0{file.st_mtime_ns}\n".encode())
    return seen.hexdigest()
