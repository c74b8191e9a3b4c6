"""The worker's place in a house under fault: becomes the product's own worker, with failpoints for one life, or a
deliberately broken one.

``run/failpoints`` in the data folder is read once and removed, so the worker that comes after a death is unarmed.
``run/broken`` names a broken build and stays.
"""

from __future__ import annotations

import os
import sys

from sotong.settings.options import data_folder


def main() -> None:
    run = data_folder() / "run"
    armed = run / "failpoints"
    if armed.exists():
        os.environ["SOTONG_FAILPOINTS"] = armed.read_text().strip()
        armed.unlink()
    broken = run / "broken"
    if broken.exists():
        from tests.faults.broken import run_broken

        run_broken(broken.read_text().strip())
        return
    os.execv(sys.executable, [sys.executable, "-m", "sotong.cli", "worker"])


if __name__ == "__main__":
    main()
