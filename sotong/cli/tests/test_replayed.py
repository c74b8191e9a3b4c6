"""The line that judges a rehearsal: a clock that an automatic message stopped is never called ok."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sotong.cli.replayed import Outcome, judge

BEGAN = datetime(2026, 4, 14, 3, 0, tzinfo=UTC)


def minute(number: float | None) -> datetime | None:
    return None if number is None else BEGAN + timedelta(minutes=number)


@pytest.mark.parametrize(
    ("asked", "acknowledged", "answered", "clock", "has_answered", "code", "said"),
    [
        (1, 2, 7, 7, True, 0, "replay ok: P01: the clock stopped at the human answer"),
        (1, 2, 7, 2, True, 1, "replay short: the clock of P01 did not stop at the first human answer"),
        (1, 2, 7, None, True, 1, "replay short: the clock of P01 did not stop at the first human answer"),
        (1, 7, 2, 2, True, 1, "replay short: the human answer to P01 left before the acknowledgement"),
        (1, None, 7, 7, True, 1, "replay short: nothing was judged"),
        (1, 2, None, None, True, 1, "replay short: nothing was judged"),
        (1, 2, None, None, False, 0, "replay ok: nothing was judged"),
        (-9, 7, -5, -5, False, 0, "replay ok: nothing was judged"),
    ],
)
def test_the_last_line_judges(asked, acknowledged, answered, clock, has_answered, code, said, capsys) -> None:
    outcome = Outcome(
        step="P01",
        asked=minute(asked),
        acknowledged=minute(acknowledged),
        answered=minute(answered),
        clock=minute(clock),
        has_acknowledgement=True,
    )
    assert judge([outcome], since=BEGAN, has_answered=has_answered) == code
    assert capsys.readouterr().out.startswith(said)
