"""Blanking personal numbers in previews and logs: resident registration, phone, card and account numbers.

Rules only, no Kiwi, so that it works wherever a text is shown. A number is found however it is written: full-width
digits, digits with spaces between them, broken over two lines. When in doubt a number is blanked.

Not found: a bare account number without hyphens and without a word such as 계좌 before it, and numbers spelled in
letters. Not blanked: numbers that companies give to everybody (1588-…, 080-…, business registration).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

BLANK = "*"
_GAP_MAX = 3
"""Characters between two digits of one number."""
_SEPARATORS = frozenset("-‐‑‒–—―−－﹣~.·・．,/_()（） \t\r\n\u00a0\u2009\u3000\u00ad\u200b\u200c\u200d\u2060\ufeff")

_ACCOUNT_WORDS = re.compile(
    r"계좌|예금|입금|송금|이체|환급받|은행|뱅크|카뱅|케뱅|국민|신한|농협|토스|새마을|우체국|수협|씨티|제일|신협|account|bank",
    re.IGNORECASE,
)
_CARD_WORDS = re.compile(r"카드|card|visa|master|amex", re.IGNORECASE)
_SERIAL_WORDS = re.compile(
    r"(?:주문|송장|접수|승인|거래|문서|상품|모델|일련|시리얼|추적|예약|바코드|isbn|order|invoice|tracking|serial|id)"
    r"(?:\s?(?:번호|코드|no|number))?[은는이가\s.:#：=]{0,4}$",
    re.IGNORECASE,
)
_ACCOUNT_SHAPES = frozenset(
    {
        *((3, 3, 6), (4, 3, 6), (6, 2, 6), (3, 4, 4, 2), (3, 6, 5), (4, 2, 7), (3, 6, 2, 3), (3, 2, 6), (4, 2, 6)),
        *((3, 2, 6, 1), (3, 2, 5, 1), (3, 2, 6, 3), (3, 4, 4, 3), (4, 4, 4, 1), (3, 2, 7), (3, 5, 5), (3, 2, 8)),
    }
)
"""How banks group their account numbers when they write them with hyphens."""
_LANDLINE = re.compile(r"(?:02|0(?:3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|50\d))[2-9]\d{6,7}")
_MOBILE = re.compile(r"01[016789]\d{7,8}")


class Kind(StrEnum):
    RESIDENT = "resident"
    PHONE = "phone"
    CARD = "card"
    ACCOUNT = "account"


@dataclass(frozen=True)
class PersonalNumber:
    """Where in a text a number stands, from ``start`` up to ``end``."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class _Group:
    """Digits that touch; ``gap`` is what stands between them and the digits before (empty at the start of a run)."""

    digits: str
    start: int
    end: int
    gap: str


def masked(text: str) -> str:
    """``text`` with every digit of a personal number replaced by ``*``; its length stays as it is."""
    letters = list(text)
    for number in personal_numbers(text):
        for at in range(number.start, number.end):
            if _digit(letters[at]):
                letters[at] = BLANK
    return "".join(letters)


def personal_numbers(text: str) -> list[PersonalNumber]:
    """The personal numbers of ``text``, in their order; they do not overlap."""
    found: list[PersonalNumber] = []
    for run in _digit_runs(text):
        at = 0
        while at < len(run):
            kind, count = _kind_at(text, run, at)
            if kind:
                found.append(PersonalNumber(kind, run[at].start, run[at + count - 1].end))
            at += count
    return found


def _digit(character: str) -> str:
    """The ASCII digit that ``character`` stands for, in whatever script or form; empty when it is none."""
    if character.isascii():
        return character if "0" <= character <= "9" else ""
    value = unicodedata.digit(character, -1)
    return str(value) if value >= 0 else ""


def _digit_runs(text: str) -> Iterator[list[_Group]]:
    """Groups of digits that stand so close that they may be one number."""
    run: list[_Group] = []
    digits, start, last = "", 0, -1
    gap = ""
    for at, character in enumerate(text):
        digit = _digit(character)
        if not digit:
            continue
        between = text[last + 1 : at] if last >= 0 else None
        if between == "":
            digits += digit
        else:
            if digits:
                run.append(_Group(digits, start, last + 1, gap))
            if between is not None and len(between) <= _GAP_MAX and set(between) <= _SEPARATORS:
                gap = between
            else:
                if run:
                    yield run
                run, gap = [], ""
            digits, start = digit, at
        last = at
    if digits:
        yield [*run, _Group(digits, start, last + 1, gap)]


def _kind_at(text: str, run: list[_Group], at: int) -> tuple[Kind | None, int]:
    """What begins with the group ``at``, and how many groups it has (one when it is nothing)."""
    before = text[max(0, run[at].start - 24) : run[at].start]
    for count, digits, sizes in _spans(run, at):
        if _is_resident(digits, sizes, before):
            return Kind.RESIDENT, count
        if _is_phone(digits, sizes, before):
            return Kind.PHONE, count
        if _is_card(digits, sizes, before):
            return Kind.CARD, count
    count = _account(text, run, at, before)
    return (Kind.ACCOUNT, count) if count else (None, 1)


def _spans(run: list[_Group], at: int) -> Iterator[tuple[int, str, tuple[int, ...]]]:
    """What may be one number from group ``at`` on: 8 to 19 digits, the longest first."""
    spans: list[tuple[int, str, tuple[int, ...]]] = []
    digits = ""
    sizes: tuple[int, ...] = ()
    for count, group in enumerate(run[at : at + 20], start=1):
        digits, sizes = digits + group.digits, (*sizes, len(group.digits))
        if len(digits) > 19:
            break
        following = run[at + count] if at + count < len(run) else None
        goes_on = following and len(following.digits) == 1 and following.gap == group.gap and _is_spaced(sizes)
        if len(digits) >= 8 and not goes_on:
            spans.append((count, digits, sizes))
    yield from reversed(spans)


def _is_spaced(sizes: tuple[int, ...]) -> bool:
    """Digit by digit (the last few may touch: a person gets tired of it)."""
    return len(sizes) >= 6 and sum(size == 1 for size in sizes) >= len(sizes) - 2


def _borders(sizes: tuple[int, ...]) -> set[int]:
    return {sum(sizes[:count]) for count in range(1, len(sizes))}


def _is_resident(digits: str, sizes: tuple[int, ...], before: str) -> bool:
    if len(digits) != 13 or not (len(sizes) == 1 or 6 in _borders(sizes)):
        return False
    month, day = int(digits[2:4]), int(digits[4:6])
    if not (1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 if month in {4, 6, 9, 11} else 31)):
        return False
    if digits[6] in "09":
        return False
    # Numbers given since October 2020 have no check digit, so a wrong one only counts beside "order number".
    return not _SERIAL_WORDS.search(before) or (len(sizes) > 1 and _has_check_digit(digits))


def _has_check_digit(digits: str) -> bool:
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    rest = sum(weight * int(digit) for weight, digit in zip(weights, digits[:12], strict=True)) % 11
    korean, foreign = (11 - rest) % 10, (13 - rest) % 10
    return int(digits[12]) in {korean, foreign}


def _is_phone(digits: str, sizes: tuple[int, ...], before: str) -> bool:
    is_spaced, borders, is_serial = _is_spaced(sizes), _borders(sizes), bool(_SERIAL_WORDS.search(before))
    if before.endswith(("+", "＋")) and 9 <= len(digits) <= 15:
        return True
    for prefix in ("0082", "82"):
        local = "0" + digits.removeprefix(prefix).lstrip("0")
        if digits.startswith(prefix) and _MOBILE.fullmatch(local) and len(local) == 11:
            return True
    if _MOBILE.fullmatch(digits):
        has_place = not borders or is_spaced or 3 in borders or (min(borders) > 3 and len(digits) - 4 in borders)
        return has_place and (len(digits) == 11 or bool(borders) or not (digits.startswith("010") or is_serial))
    if _LANDLINE.fullmatch(digits) and not is_serial:
        area = 2 if digits.startswith("02") else 4 if digits.startswith("050") else 3
        return not borders or is_spaced or (area in borders and borders <= {area, len(digits) - 4})
    return False


def _is_card(digits: str, sizes: tuple[int, ...], before: str) -> bool:
    is_amex = len(digits) == 15 and digits.startswith(("34", "37"))
    is_usual = len(digits) == 16 and digits[0] in "234569"
    if not (is_amex or is_usual or (len(digits) == 14 and digits.startswith(("30", "36", "38")))):
        return False
    places = {4, 8, 12} if is_usual else {4, 10}
    if not (_borders(sizes) <= places or _is_spaced(sizes)):
        return False
    if _CARD_WORDS.search(before) and not is_amex:
        return True
    return _passes_luhn(digits) and not _SERIAL_WORDS.search(before)


def _passes_luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _account(text: str, run: list[_Group], at: int, before: str) -> int:
    """How many groups the account number has that begins at ``at``; zero when none does."""
    count, length = 1, len(run[at].digits)
    sign = next((group.gap.strip() for group in run[at + 1 : at + 8] if group.gap.strip()), "")
    for last, group in zip(run[at : at + 20], run[at + 1 : at + 20], strict=False):
        is_same = group.gap.strip() == sign or (len(last.digits) == len(group.digits) == 1 and not group.gap.strip())
        if not is_same or length + len(group.digits) > 16:
            break
        count, length = count + 1, length + len(group.digits)
    sizes = tuple(len(group.digits) for group in run[at : at + count])
    end = run[at + count - 1].end
    follows = text[end : end + 2].lstrip()
    if follows.startswith(("원", "￦", "건", "명", "개")) or _SERIAL_WORDS.search(before):
        return 0
    if sign and sign in "-‐‑‒–—―−－﹣" and sizes in _ACCOUNT_SHAPES:
        return count
    if 10 <= length <= 16 and _ACCOUNT_WORDS.search(before) and sign not in {",", "/"} and not _is_date(run, at):
        return count
    return 0


def _is_date(run: list[_Group], at: int) -> bool:
    """2024-03-05 or 2024.3.5, with whatever follows it."""
    if len(run) < at + 3:
        return False
    year, month, day = (run[at + place].digits for place in range(3))
    return len(year) == 4 and year[:2] in {"19", "20"} and 1 <= int(month) <= 12 and len(month) <= 2 and len(day) <= 2
