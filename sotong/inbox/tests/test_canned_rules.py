"""Places in canned responses: which are known, and how they are filled."""

from __future__ import annotations

import pytest

from sotong.inbox.rules.canned import fill, unknown_places


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{이름} 님, {내이름}이에요.", []),
        ("Hello {customer}, this is {me}.", []),
        ("주문 {주문번호}, {이름} 님, {주문번호}", ["{주문번호}"]),
        ("{ 이름 } {} {Name}", ["{ 이름 }", "{}", "{Name}"]),
        ("중괄호 { 하나\n}", []),
    ],
)
def test_a_place_is_known_or_named(text: str, unknown: list[str]) -> None:
    assert unknown_places(text) == unknown


def test_a_name_that_looks_like_a_place_is_not_filled_again() -> None:
    filled = fill("{이름} 님, {내이름}, {그대로}", customer="{내이름}", own="하나")
    assert filled == "{내이름} 님, 하나, {그대로}"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{이름} 님, {내이름}이에요.", "김하늘 님, 나래예요."),
        ("{내이름}은 {이름}과(와) 이야기했어요", "나래는 김하늘과 이야기했어요"),
        ("{이름}{내이름}를", "김하늘나래를"),
        ("Hello {customer}, this is {me}.", "Hello 김하늘, this is 나래."),
        ("{me}을 {customer}으로", "나래를 김하늘로"),
    ],
)
def test_the_particle_after_a_place_fits_the_name(text: str, filled: str) -> None:
    assert fill(text, customer="김하늘", own="나래") == filled
