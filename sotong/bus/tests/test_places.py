"""Places in the event log: what a page is given can be read back, and nothing else."""

from __future__ import annotations

import pytest

from sotong.bus.queries import Place, newest_place


@pytest.mark.django_db
def test_the_place_where_a_page_begins_is_understood_when_it_connects() -> None:
    place = newest_place()
    assert Place.read(str(place)) == place


@pytest.mark.parametrize(
    "text", ["", "-", "1", "1-", "-1", "a-b", "1-2-3", "٣-1", f"{2**63}-1", f"1-{2**63}", "9" * 40 + "-1"]
)
def test_anything_else_is_no_place(text: str) -> None:
    assert Place.read(text) is None


def test_the_ends_of_the_range() -> None:
    assert Place.read("0-0") == Place(0, 0)
    assert Place.read(f"{2**63 - 1}-{2**63 - 1}") == Place(2**63 - 1, 2**63 - 1)
