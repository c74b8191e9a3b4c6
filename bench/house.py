"""A running house for a benchmark: ``sotong up`` on a folder of its own, on loopback, ended with the run."""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
STARTS_WITHIN = 120.0
STOPS_WITHIN = 30.0


def cache() -> Path:
    """Where benches keep what is dear to make: SOTONG_BENCH_CACHE, else a folder in the user's cache."""
    usual = "/var/cache/sotong-bench" if os.geteuid() == 0 else "~/.cache/sotong-bench"
    return Path(os.environ.get("SOTONG_BENCH_CACHE", usual)).expanduser()


def free_port() -> int:
    """A port of loopback that nobody uses just now, below the range of outgoing connections.

    Drawn, so that two runs on one machine do not meet.
    """
    for port in random.sample(range(21000, 30000, 7), 200):
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


@dataclass
class House:
    """A house that answers at ``port``; ``process`` is its supervisor."""

    data: Path
    port: int
    practice_port: int
    process: subprocess.Popen[bytes]

    def get(self, path: str, cookie: str = "") -> tuple[int, bytes]:
        """One page over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def running_house(data: Path, **environment: str) -> Iterator[House]:
    """Start a house on ``data`` and wait until it answers; ``RuntimeError`` with what it said when it does not."""
    data.mkdir(parents=True, exist_ok=True)
    port, practice = free_port(), 0
    practice = port + 1
    said = data / "up.out"
    env = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    env |= {
        "SOTONG_DATA": str(data),
        "SOTONG_PORT": str(port),
        "SOTONG_PRACTICE_PORT": str(practice),
        "LC_ALL": "C.UTF-8",
        **environment,
    }
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "sotong.cli", "up"], cwd=ROOT, env=env, stdout=out, stderr=out
        )
    house = House(data, port, practice, process)
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while not _answers(house):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the house did not start: {said.read_text(errors='replace')[-2000:]}")
            time.sleep(0.2)
        yield house
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                raise


def _answers(house: House) -> bool:
    try:
        return house.get("/health")[0] == 200
    except OSError:
        return False


def use_database(house: House) -> Any:
    """Set Django up in this process against the house's database; returns its URL."""
    from sotong.postgres.server import running_server

    attached = running_server(house.data)
    os.environ["DATABASE_URL"] = attached.__enter__()
    os.environ["SOTONG_DATA"] = str(house.data)
    os.environ["SOTONG_PORT"] = str(house.port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sotong.settings.site")
    import django

    django.setup()
    return os.environ["DATABASE_URL"]


def person_with_session(mail: str, roles: list[str]) -> tuple[Any, str]:
    """A signed-in person of the bench: the person and the cookie header of a session."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.utils.module_loading import import_string

    from sotong.people.models import Company, Person

    Company.objects.get_or_create(pk=1, defaults={"name": "Bench"})
    person = Person.objects.filter(email=mail).first() or Person.objects.create_user(
        mail, "bench-password-1", name=mail.split("@", maxsplit=1)[0], roles=roles, is_owner=False
    )
    session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return person, f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
