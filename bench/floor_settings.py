"""The product's settings, and the bench's floors below /bench/. Only a bench starts a server with these."""

import os

from sotong.settings.site import *  # noqa: F403

ROOT_URLCONF = "bench.floor"
if os.environ.get("SOTONG_BENCH_SLOW"):
    MIDDLEWARE = [*MIDDLEWARE, "bench.floor.SlowList"]  # noqa: F405
