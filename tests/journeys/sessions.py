"""Makes sessions of agents in a running house, one for each mail named; prints their cookies. Run as a module."""

from __future__ import annotations

import sys

from sotong.cli.site import database, set_up


def main() -> int:
    with database():
        set_up()
        from bench.house import person_with_session

        for mail in sys.argv[1:]:
            sys.stdout.write(person_with_session(mail, ["agent"])[1] + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
