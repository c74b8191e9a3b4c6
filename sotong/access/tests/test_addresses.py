"""Which row an address names."""

from __future__ import annotations

import pytest

from sotong.access.addresses import ROW_ID_MAX, row_id


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("42", 42), ("007", 7), (str(ROW_ID_MAX), ROW_ID_MAX)])
def test_digits_name_a_row(text: str, number: int) -> None:
    assert row_id(text) == number


@pytest.mark.parametrize(
    "text", ["", " ", "-1", "+1", "1.0", "1e3", "1_0", " 1", "x", "²", "٣", "\0", str(ROW_ID_MAX + 1), "9" * 5000]
)
def test_anything_else_names_none(text: str) -> None:
    assert row_id(text) is None
