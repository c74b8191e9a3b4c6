"""Stand-ins for the product's processes: ``stand_in.py MODE``."""

from __future__ import annotations

import http.server
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(503 if (Path(os.environ["SOTONG_DATA"]) / "closed").exists() else 200)
        self.end_headers()


def farewell(number: int, frame: object) -> None:
    time.sleep(1)
    sys.exit("goodbye")


def main(mode: str) -> None:
    if mode == "web":
        address = ("127.0.0.1", int(os.environ["SOTONG_PORT"]))
        http.server.HTTPServer(address, Page).serve_forever()
    if mode == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if mode == "polite":
        signal.signal(signal.SIGTERM, farewell)
        print("ready", flush=True)
    if mode == "family":
        subprocess.Popen([sys.executable, __file__, "steady"])
    if mode == "crash":
        sys.exit("I cannot go on: password=hunter2 at /first-run/abcdef/")
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1])
