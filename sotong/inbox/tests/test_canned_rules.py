"""Places in canned responses: which are known, and how they are filled."""

from __future__ import annotations

import pytest

from sotong.inbox.rules.canned import CUSTOMER, OWN, fill, unknown_places


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{이름} 님, {내이름}이에요.", []),
        ("주문 {주문번호}, {이름} 님, {주문번호}", ["{주문번호}"]),
        ("{ 이름 } {} {Name}", ["{ 이름 }", "{}", "{Name}"]),
        ("중괄호 { 하나\n}", []),
    ],
)
def test_a_place_is_known_or_named(text: str, unknown: list[str]) -> None:
    assert unknown_places(text) == unknown


def test_a_name_that_looks_like_a_place_is_not_filled_again() -> None:
    assert fill("{이름} 님, {내이름}, {그대로}", {CUSTOMER: "{내이름}", OWN: "하나"}) == "{내이름} 님, 하나, {그대로}"
