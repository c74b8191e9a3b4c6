"""Personal numbers are blanked, and hardly anything else: counted over thousands of made sentences."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from sotong.language.masking import Kind, masked, personal_numbers
from sotong.language.tests.planting import harmless, plant

SEED = 20_240_305
PLANTED = 5_000
HARMLESS = 5_000
KINDS = ("resident", "mobile", "landline", "card", "account", "abroad")


def shown(text: str) -> list[int]:
    return [at for at, letter in enumerate(text) if letter.isdigit()]


def test_planted_numbers_are_blanked_and_their_sentences_left_alone() -> None:
    dice = random.Random(SEED)
    missed: Counter[str] = Counter()
    count: Counter[str] = Counter()
    spoiled, examples = 0, []
    for number in range(PLANTED):
        planted = plant(dice, KINDS[number % len(KINDS)])
        result = masked(planted.text)
        count[planted.kind] += 1
        if any(planted.start <= at < planted.end for at in shown(result)):
            missed[planted.kind] += 1
            examples.append(planted.text)
        outside = [at for at in shown(planted.text) if not planted.start <= at < planted.end]
        if any(not result[at].isdigit() for at in outside):
            spoiled += 1
            examples.append(f"{planted.text!r} -> {result!r}")
    print(f"seed {SEED}: {PLANTED} planted, missed {dict(missed)}, other digits blanked in {spoiled}")
    assert min(count.values()) >= PLANTED // len(KINDS)
    for kind in KINDS:
        assert missed[kind] <= 0.005 * count[kind], examples[:10]
    assert spoiled <= 0.005 * PLANTED, examples[:10]


def test_harmless_numbers_stay() -> None:
    dice = random.Random(SEED)
    wrong = [text for text in (harmless(dice) for _ in range(HARMLESS)) if masked(text) != text]
    print(f"seed {SEED}: {len(wrong)} of {HARMLESS} harmless sentences blanked")
    assert len(wrong) <= 0.005 * HARMLESS, wrong[:10]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("900101-1234567", "******-*******"),
        ("９００１０１－１２３４５６７", "******－*******"),
        ("9 0 0 1 0 1 - 1 2 3 4 5 6 7", "* * * * * * - * * * * * * *"),
        ("생년월일 900101-\n1234567 입니다", "생년월일 ******-\n******* 입니다"),
        ("9001011234567", "*************"),
        ("010-1234-5678, 5명", "***-****-****, 5명"),
        ("(02)123-4567", "(02)123-4567"),
        ("(02)523-4567", "(**)***-****"),
        ("+82 10-1234-5678", "+** **-****-****"),
        ("①⓪ 말고 01012345678", "①⓪ 말고 ***********"),
        ("4111 1111 1111 1111", "**** **** **** ****"),
        ("카드 4111-1111-1111-1112", "카드 ****-****-****-****"),
        ("4111 1111 1111 1112", "4111 1111 1111 1112"),
        ("3333-01-1234567", "****-**-*******"),
        ("계좌 3333011234567", "계좌 *************"),
        ("3333011234567", "3333011234567"),
        ("주문번호 240101-0000012", "주문번호 240101-0000012"),
        ("1588-1234 / 080-123-4567", "1588-1234 / 080-123-4567"),
        ("902931-1234567", "902931-1234567"),
        ("010-1234-5678 900101-1234567", "***-****-**** ******-*******"),
        ("", ""),
        ("숫자가 없어요", "숫자가 없어요"),
    ],
)
def test_these_are_blanked_like_this(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_each_number_has_its_kind_and_place() -> None:
    text = "900101-1234567 / 010-1234-5678, 4111111111111111; 계좌 110-123-456789"
    found = personal_numbers(text)
    assert [number.kind for number in found] == [Kind.RESIDENT, Kind.PHONE, Kind.CARD, Kind.ACCOUNT]
    assert text[found[0].start : found[0].end] == "900101-1234567"
    assert text[found[3].start : found[3].end] == "110-123-456789"


def test_masking_twice_changes_nothing_and_the_length_stays() -> None:
    dice = random.Random(SEED + 1)
    for number in range(600):
        text = plant(dice, KINDS[number % len(KINDS)]).text
        once = masked(text)
        assert masked(once) == once
        assert len(once) == len(text)


@pytest.mark.parametrize(
    "seed", ["1", "1 ", "1-", "01", "010-1234-5678 ", "9 0 0 1 0 1 - 1 2 3 4 5 6 7 ", "계좌 12 ", "１\u200b"]
)
def test_ten_times_the_text_takes_about_ten_times_as_long(seed: str) -> None:
    def seconds(length: int) -> float:
        text = (seed * length)[:length]
        started = time.process_time()
        masked(text)
        return time.process_time() - started

    small = min(seconds(2_000) for _ in range(5))
    large = min(seconds(20_000) for _ in range(5))
    assert large <= 12 * small + 0.02
    assert large < 0.5
