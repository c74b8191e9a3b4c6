"""A worker process for fault runs: the product's own jobs, with the stand-in networks registered.

``--broken NAME`` runs a deliberately broken sender, so that a run can show that it would be noticed.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sotong.settings.site")

import django

django.setup()

from procrastinate.contrib.django import app  # noqa: E402
from procrastinate.contrib.django.django_connector import DjangoConnector  # noqa: E402

from sotong.channels.actions import attempts  # noqa: E402
from sotong.channels.rules.outcomes import Outcome  # noqa: E402
from sotong.channels.tests.stand_in import process  # noqa: E402, F401  (registers the stand-in networks)


def retry_on_timeout(error: BaseException, **_given: object) -> Outcome:
    """What an ordinary retrying worker does: whatever went wrong, it sends again."""
    return Outcome(state="due", problem=type(error).__name__, wait=0.1)


def short_lease(*_given: object) -> timedelta:
    """Shorter than the call and what may land after it."""
    return timedelta(seconds=0.2)


def break_it(name: str) -> None:
    parts = vars(attempts)
    if name == "retry_on_timeout":
        parts["after"] = retry_on_timeout
    elif name == "short_lease":
        parts["lease_length"] = parts["landing_over"] = short_lease
    else:
        raise SystemExit(f"no such broken sender: {name}")


def main() -> None:
    if "--broken" in sys.argv:
        break_it(sys.argv[sys.argv.index("--broken") + 1])
    assert isinstance(app.connector, DjangoConnector)
    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as working:
        working.run_worker(concurrency=4, fetch_job_polling_interval=0.5, install_signal_handlers=True)


if __name__ == "__main__":
    main()
