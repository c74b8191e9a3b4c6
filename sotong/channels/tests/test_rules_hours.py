"""Hours as people write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from sotong.channels.rules.hours import is_open, parse_hours, write_hours


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", []),
        ("9-18", [["09:00", "18:00"]]),
        (" 09:30 ~ 12:00 , 13–18:00,", [["09:30", "12:00"], ["13:00", "18:00"]]),
        ("0:00-24:00", [["00:00", "24:00"]]),
    ],
)
def test_hours_are_read_and_written_back(text: str, spans: list[list[str]]) -> None:
    assert parse_hours(text) == spans
    assert parse_hours(write_hours(spans)) == spans


@pytest.mark.parametrize(
    "text", ["언젠가", "9", "18-9", "9-9", "9-25", "09:60-10:00", "9-12, 11-13", "9-24:30", "-", "9:0-10:00"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_hours(text)


def test_a_channel_is_open_within_its_hours_and_always_without_any() -> None:
    monday = datetime(2026, 5, 4, 9, 0)
    assert is_open({}, monday)
    assert is_open({"mon": []}, monday)
    assert is_open({"mon": [["09:00", "18:00"]]}, monday)
    assert not is_open({"mon": [["09:00", "18:00"]]}, monday.replace(hour=18))
    assert not is_open({"tue": [["09:00", "18:00"]]}, monday)
