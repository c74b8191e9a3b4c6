"""Makes a company with an owner and an open practice network in a running house. Run as a module."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from sotong.cli.site import database, set_up

WITHIN = 60.0


def main() -> int:
    with database():
        set_up()
        from sotong.channels.actions.practice import open_practice
        from sotong.channels.models import Channel
        from sotong.people.actions.first_run import found_company, issue_setup_token

        now = datetime.now(UTC)
        token = issue_setup_token()
        assert token
        owner = found_company(
            token=token,
            company="한소리텔레콤",
            language="ko",
            time_zone="Asia/Seoul",
            name="세아",
            email="sea@hansori.example",
            password="a long enough password",
            at=now,
        )
        open_practice(by=owner, at=now)
        ends = time.monotonic() + WITHIN
        while not Channel.objects.filter(network="practice").exists():
            if time.monotonic() > ends:
                return 1
            time.sleep(0.2)
    return 0


if __name__ == "__main__":
    sys.exit(main())
