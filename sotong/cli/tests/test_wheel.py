"""The built wheel, in an environment with the locked packages and nothing else, is the whole product."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sotong.cli.tests.houses import House, remains
from sotong.postgres.tests.people import CHECKOUT, until


def ran(*words: str | Path, **given) -> None:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        list(map(str, words)), capture_output=True, text=True, check=False, **given
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The ``sotong`` command of a fresh environment."""
    place: Path = tmp_path_factory.mktemp("wheel")
    ran(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place, cwd=CHECKOUT)
    (wheel,) = place.glob("sotong-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    sources = [name for name in inside if name.endswith(".po")]
    assert sources
    assert inside.issuperset(name.removesuffix(".po") + ".mo" for name in sources), "translations are not compiled"
    assert not [name for name in inside if "/tests/" in name]
    ran(sys.executable, "-m", "venv", "--without-pip", place / "venv")
    pip = (sys.executable, "-m", "pip", "--python", place / "venv" / "bin" / "python", "install", "--no-compile", "-q")
    ran(*pip, "--require-hashes", "-r", CHECKOUT / "requirements" / "run.txt")
    ran(*pip, "--no-deps", wheel)
    return place / "venv" / "bin" / "sotong"


class Visitor:
    """Fetches pages, in English where the product has it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str) -> tuple[int, str]:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            link.request("GET", path, headers={"Accept-Language": "en"})
            answer = link.getresponse()
            return answer.status, answer.read().decode("utf-8", errors="replace")
        finally:
            link.close()

    def is_there(self) -> bool:
        try:
            return self.get("/")[0] < 500
        except OSError:
            return False


@pytest.mark.slow
def test_installed_wheel_runs_the_whole_product(installed, data, port):
    environment = {
        "PATH": os.environ["PATH"],
        "SOTONG_DATA": str(data),
        "SOTONG_PORT": str(port),
        "SOTONG_PRACTICE_PORT": str(port + 1),
    }

    def sotong(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [installed, *words], env=environment, cwd="/", capture_output=True, text=True, check=False
        )

    up = House(data, port, program=[str(installed), "up"], PYTHONPATH="", SOTONG_PRACTICE_PORT=str(port + 1))
    try:
        assert up.says("Press Ctrl-C to stop.", 180), up.text
        desk, practice = Visitor(port), Visitor(port + 1)
        link = re.search(r"/first-run/[^/]+/", up.text)
        assert link
        status, page = desk.get(link[0])
        assert status == 200
        assert '<html lang="en"' in page
        assert not re.search(r">[^<]*[가-힣]{2,}[^<]*</(?:label|button|h1)>", page), (
            "the catalogues are not in the wheel"
        )
        files = re.findall(r'(?:href|src)="(/static/[^"#]+)', page)
        assert len(files) > 5
        for file in set(files):
            assert desk.get(file)[0] == 200, file
        assert "Bluesky" in sotong("networks").stdout
        (data / "run" / "practice.wanted").touch()
        assert until(practice.is_there, 30.0)
        for file in set(re.findall(r'(?:href|src)="(/[^"#]+\.(?:css|js|svg))', practice.get("/")[1])):
            assert practice.get(file)[0] == 200, file
        refused = sotong("replay", "one-day")
        assert refused.returncode == 2
        assert "practice network" in refused.stderr
        checked = json.loads(sotong("doctor", "--json").stdout)
        assert checked["ok"], checked
        up.send(signal.SIGINT)
        assert up.ends() == 0
        assert remains(data) == []
    finally:
        up.kill()
