"""Real AT Protocol servers for tests: PLC, PDS and AppView, with their own PostgreSQL and Redis, on 127.0.0.1.

    with atproto_network() as network:
        brand = network.create_account("brand")

or by hand: ``python -m tests.servers.atproto_network --account brand --account customer``.

Settings from the environment: ``SOTONG_TEST_CACHE`` (where npm packages are kept, ``~/.cache/sotong-tests``),
``SOTONG_TEST_PORTS`` (a block of at least 30 free ports, ``14300-14349``), ``SOTONG_TEST_ATPROTO_DATABASE_URL`` (an
empty PostgreSQL database that has pg_trgm; without it Debian's own PostgreSQL is started in a temporary folder).
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.servers.atproto_accounts import AtprotoNetwork
from tests.servers.processes import MissingServer, Ports, running

SOURCE = Path(__file__).parent / "atproto"
FILES = ("package.json", "package-lock.json", ".npmrc", "loopback.cjs", "network.cjs")
SCHEMA = "sotong_test"


def cache_folder() -> Path:
    return Path(os.environ.get("SOTONG_TEST_CACHE") or Path.home() / ".cache" / "sotong-tests")


def missing() -> list[str]:
    """The Debian packages that would have to be installed first; empty when the servers can run here."""
    needed = {"node": "nodejs", "npm": "npm", "redis-server": "redis-server"}
    lacking = [package for program, package in needed.items() if not shutil.which(program)]
    if not os.environ.get("SOTONG_TEST_ATPROTO_DATABASE_URL") and _postgres_bin() is None:
        lacking.append("postgresql")
    return lacking


def install() -> Path:
    """Put the exact npm packages of the lock file into the cache, once per lock file. Takes two minutes the first time.

    The native database driver is compiled there (needs g++, make, python3 and Node's headers).
    """
    digest = hashlib.sha256(b"".join((SOURCE / name).read_bytes() for name in FILES)).hexdigest()[:12]
    folder = cache_folder() / f"atproto-{digest}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / ".installed"
        if done.exists():
            return folder
        for name in FILES:
            shutil.copyfile(SOURCE / name, folder / name)
        command = ["npm", "ci", "--no-audit", "--no-fund"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=900)
        if result.returncode:
            raise MissingServer(f"npm ci failed in {folder}:\n{result.stdout[-2000:]}\n{result.stderr[-4000:]}")
        done.touch()
    return folder


@contextlib.contextmanager
def atproto_network(ports: str | None = None) -> Iterator[AtprotoNetwork]:
    """Start the servers, give their addresses, end everything that was started. About 12 s.

    Raises ``MissingServer`` when a program is not there, ``RuntimeError`` with the end of the log when one fails.
    """
    lacking = missing()
    if lacking:
        raise MissingServer("install these Debian packages first: " + ", ".join(lacking))
    modules = install()
    block = Ports(ports or os.environ.get("SOTONG_TEST_PORTS") or "14300-14349")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sotong-atproto-")))
        folder.chmod(0o711)  # the database runs as another user when the tests run as root
        database_url = os.environ.get("SOTONG_TEST_ATPROTO_DATABASE_URL") or stack.enter_context(
            _postgres(folder, block.take())
        )
        redis_port = stack.enter_context(_redis(folder, block.take()))
        (folder / "tmp").mkdir()
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "TMPDIR": str(folder / "tmp"),
            "NODE_ENV": "development",
            "LOG_ENABLED": "false",
            "DB_POSTGRES_URL": database_url,
            "DB_POSTGRES_SCHEMA": SCHEMA,
            "REDIS_HOST": f"127.0.0.1:{redis_port}",
            "SOTONG_TEST_PORTS": f"{block.take()}-{block.last}",
        }
        log = folder / "node.log"
        command = ["node", "--require", "./loopback.cjs", "network.cjs"]
        node = stack.enter_context(
            running(command, log=log, env=env, cwd=modules, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        )
        assert node.stdout is not None
        line = node.stdout.readline()
        while line and not line.startswith(b"{"):
            line = node.stdout.readline()
        if not line:
            raise RuntimeError("the AT Protocol servers did not start:\n" + log.read_text()[-4000:])
        network = AtprotoNetwork(**json.loads(line))
        stack.callback(network.close)
        yield network


def _postgres_bin() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextlib.contextmanager
def _postgres(folder: Path, port: int) -> Iterator[str]:
    programs = _postgres_bin()
    assert programs is not None
    user = None
    data = folder / "postgres"
    data.mkdir(mode=0o700)
    log = folder / "postgres.log"
    log.touch()
    if os.geteuid() == 0:
        user = next(name for name in ("postgres", "nobody") if _exists(name))
        shutil.chown(data, user)
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(initdb, user=user, check=True, capture_output=True, cwd="/", timeout=120)
    options = {
        "port": str(port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "120",
    }
    command = [str(programs / "postgres"), "-D", str(data)]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    # SIGINT: the fast shutdown, which does not wait for clients.
    with running(command, log=log, user=user, stop_signal=signal.SIGINT, cwd=Path("/")) as process:
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(url, connect_timeout=2).close()
                break
            except psycopg.OperationalError as error:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("PostgreSQL did not start:\n" + log.read_text()[-2000:]) from error
                time.sleep(0.1)
        yield url


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


@contextlib.contextmanager
def _redis(folder: Path, port: int) -> Iterator[int]:
    command = ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    with running([*command, "--dir", str(folder)], log=folder / "redis.log"):
        yield port


def main() -> None:
    parser = argparse.ArgumentParser(description="Start the real AT Protocol servers and keep them until Ctrl-C.")
    parser.add_argument("--account", action="append", default=[], help="make this account (name.test); repeatable")
    parser.add_argument("--ports", help="the block of ports to use, such as 14300-14349")
    arguments = parser.parse_args()
    with atproto_network(arguments.ports) as network:
        accounts = [network.create_account(name).as_dict() for name in arguments.account]
        addresses = {"pds": network.pds, "appview": network.appview, "plc": network.plc}
        print(json.dumps({**addresses, "accounts": accounts}), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            signal.pause()


if __name__ == "__main__":
    main()
