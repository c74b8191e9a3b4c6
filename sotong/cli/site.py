"""Django for one errand: its settings, and a database that answers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django

from sotong.postgres.given import look_at
from sotong.postgres.server import running_server
from sotong.settings.options import data_folder, load, options


@contextmanager
def database() -> Iterator[None]:
    """DATABASE_URL names a database that answers: the given one, the running house's, or one started for now.

    Raises ``PostgresError`` where the given one does not answer or cannot be used.
    """
    if given := load().database_url:
        look_at(given)
        yield
        return
    with running_server(data_folder()) as url:
        os.environ["DATABASE_URL"] = url
        options.cache_clear()
        try:
            yield
        finally:
            del os.environ["DATABASE_URL"]
            options.cache_clear()


def set_up() -> None:
    """Django, ready. Call it where DATABASE_URL is settled."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sotong.settings.site")
    django.setup()
