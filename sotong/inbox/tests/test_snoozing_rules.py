"""What "in an hour", "tomorrow" and "Monday" mean at the time of the press."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from sotong.inbox.rules.snoozing import CHOICES, snoozed_until

SEOUL, NEW_YORK = ZoneInfo("Asia/Seoul"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("choice", "now", "wanted"),
    [
        ("hour", datetime(2026, 11, 25, 23, 40, tzinfo=SEOUL), "2026-11-26T00:40:00+09:00"),
        ("three_hours", datetime(2026, 11, 25, 8, 8, tzinfo=SEOUL), "2026-11-25T11:08:00+09:00"),
        ("tomorrow", datetime(2026, 11, 25, 8, 8, 7, 5, tzinfo=SEOUL), "2026-11-26T09:00:00+09:00"),
        ("tomorrow", datetime(2026, 12, 31, 23, 59, tzinfo=SEOUL), "2027-01-01T09:00:00+09:00"),
        ("monday", datetime(2026, 11, 25, 8, 8, tzinfo=SEOUL), "2026-11-30T09:00:00+09:00"),
        ("monday", datetime(2026, 11, 29, 23, 0, tzinfo=SEOUL), "2026-11-30T09:00:00+09:00"),
        ("monday", datetime(2026, 11, 30, 8, 0, tzinfo=SEOUL), "2026-12-07T09:00:00+09:00"),
        # Clocks go back at 02:00: an hour passes all the same, and the morning is that of the new clock.
        ("hour", datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK), "2026-11-01T01:30:00-05:00"),
        ("tomorrow", datetime(2026, 10, 31, 12, 0, tzinfo=NEW_YORK), "2026-11-01T09:00:00-05:00"),
    ],
)
def test_a_choice_counts_from_the_press_in_the_viewers_zone(choice: str, now: datetime, wanted: str) -> None:
    assert snoozed_until(choice, now).isoformat() == wanted


def test_every_choice_has_a_moment() -> None:
    now = datetime(2026, 11, 25, 8, 8, tzinfo=SEOUL)
    assert all(snoozed_until(choice, now) > now for choice in CHOICES)
