"""Makes sentences with personal numbers in them, and sentences with numbers that only look like some."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from typing import NamedTuple


class Planted(NamedTuple):
    kind: str
    text: str
    start: int
    end: int
    """The number stands in ``text[start:end]``."""


SENTENCES = (
    "{}",
    "제 번호는 {}입니다",
    "{} 로 연락 주세요!",
    "어제 2024-03-05 14:30에 접수했고 {} 이에요. 10,000원 환불해 주세요",
    "이름 김하나 / {} / 서울시 중구 12-3",
    "안녕하세요. 확인 부탁드려요: {}\n감사합니다",
    "「{}」이 맞나요? 3번째 문의예요",
    "100% 맞아요({}) 빨리요",
    "my number is {}, please call",
)
ACCOUNT_SENTENCES = (
    "환불 계좌는 {}입니다",
    "국민은행 {} 김하나로 넣어 주세요",
    "카카오뱅크 {}",
    "아래 계좌로 입금 부탁드려요: {}",
    "신한 {} 예금주 이두리",
)


def digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choice(string.digits) for _ in range(count))


def resident(dice: random.Random) -> list[str]:
    month = dice.randint(1, 12)
    born = f"{dice.randint(0, 99):02}{month:02}{dice.randint(1, 28 if month == 2 else 30):02}"
    return [born, dice.choice("12345678") + digits(dice, 6)]


def mobile(dice: random.Random) -> list[str]:
    if dice.random() < 0.1:
        return [dice.choice(("011", "016", "017", "018", "019")), str(dice.randint(200, 999)), digits(dice, 4)]
    return ["010", digits(dice, 4), digits(dice, 4)]


def landline(dice: random.Random) -> list[str]:
    area = dice.choice(("02", "031", "032", "041", "051", "053", "062", "064", "070", "0505"))
    middle = str(dice.randint(2, 9)) + digits(dice, 3 if area == "070" else dice.choice((2, 3)))
    return [area, middle, digits(dice, 4)]


def card(dice: random.Random) -> list[str]:
    cuts: tuple[int, ...]
    if dice.random() < 0.1:
        body = dice.choice(("34", "37")) + digits(dice, 12)
        cuts = (4, 10)
    else:
        body = dice.choice(("4", "51", "53", "55", "35", "62", "94", "9490", "5409")) + digits(dice, 15)
        body, cuts = body[:15], (4, 8, 12)
    body += next(last for last in string.digits if luhn(body + last))
    return [body[a:b] for a, b in zip((0, *cuts), (*cuts, len(body)), strict=True)]


def luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit)
        if place % 2 == 1:
            value = value * 2 - 9 if value * 2 > 9 else value * 2
        total += value
    return total % 10 == 0


def account(dice: random.Random) -> list[str]:
    shape = dice.choice(((3, 3, 6), (4, 3, 6), (6, 2, 6), (3, 4, 4, 2), (3, 6, 5), (4, 2, 7), (3, 6, 2, 3), (3, 2, 6)))
    return ["1" + digits(dice, shape[0] - 1), *(digits(dice, size) for size in shape[1:])]


def wide(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def written(dice: random.Random, groups: list[str]) -> str:
    """The number as people (and people who know the filter) write it."""
    joined = "".join(groups)
    ways: tuple[Callable[[], str], ...] = (
        lambda: "-".join(groups),
        lambda: "-".join(groups),
        lambda: joined,
        lambda: " ".join(groups),
        lambda: " - ".join(groups),
        lambda: ".".join(groups),
        lambda: "–".join(groups),
        lambda: wide("-".join(groups)),
        lambda: wide(joined),
        lambda: " ".join(joined),
        lambda: " ".join(wide(joined)),
        lambda: "-\n".join(groups),
        lambda: "\n".join(groups),
        lambda: "\u200b".join(joined),
        lambda: "-".join(" ".join(group) for group in groups),
        lambda: " ".join([*groups[:1], "".join(groups[1:])]),
    )
    return dice.choice(ways)()


def abroad(dice: random.Random) -> str:
    _, middle, last = "010", digits(dice, 4), digits(dice, 4)
    return dice.choice(
        (
            f"+82 10-{middle}-{last}",
            f"+82-10-{middle}-{last}",
            f"+8210{middle}{last}",
            f"+82 (0)10 {middle} {last}",
            f"82-10-{middle}-{last}",
            f"(+82) 10 {middle} {last}",
            f"0082 10 {middle} {last}",
            "+1 415 555 " + last,
        )
    )


def plant(dice: random.Random, kind: str) -> Planted:
    sentence = dice.choice(SENTENCES)
    if kind == "abroad":
        number = abroad(dice)
    elif kind == "account":
        groups = account(dice)
        number = "-".join(groups) if dice.random() < 0.5 else written(dice, groups)
        if number != "-".join(groups):
            sentence = dice.choice(ACCOUNT_SENTENCES)
    else:
        makers = {"resident": resident, "mobile": mobile, "landline": landline, "card": card}
        number = written(dice, makers[kind](dice))
    start = sentence.index("{}")
    return Planted(kind, sentence.replace("{}", number), start, start + len(number))


def harmless(dice: random.Random) -> str:
    """A sentence with numbers that are nobody's."""
    year, month, day = dice.randint(1990, 2030), dice.randint(1, 12), dice.randint(1, 28)
    clock = f"{dice.randint(0, 23):02}:{dice.randint(0, 59):02}"
    ways: tuple[Callable[[], str], ...] = (
        lambda: f"{year}-{month:02}-{day:02} {clock}:{dice.randint(0, 59):02}에 결제했어요",
        lambda: f"{year}.{month:02}.{day:02} ~ {year}.{month:02}.{day + 2:02} 행사",
        lambda: f"{year}년 {month}월 {day}일 {dice.randint(1, 12)}시 {dice.randint(0, 59)}분",
        lambda: f"{dice.randint(1, 999)},{digits(dice, 3)},{digits(dice, 3)}원이 빠져나갔어요",
        lambda: f"매출 {dice.randint(1, 99)},{digits(dice, 3)},{digits(dice, 3)},{digits(dice, 3)}원 달성",
        lambda: f"주문번호 {year}{month:02}{day:02}-{digits(dice, 7)} 확인해 주세요",
        lambda: f"주문번호는 {year % 100:02}{month:02}{day:02}-{dice.randint(1, 99):07} 이에요",
        lambda: f"송장번호 {digits(dice, 4)}-{digits(dice, 4)}-{digits(dice, 4)} 배송 언제 와요",
        lambda: f"운송장 {digits(dice, 12)} 조회가 안 돼요",
        lambda: f"{dice.choice(('1588', '1577', '1544', '1600', '1899'))}-{digits(dice, 4)}로 전화했어요",
        lambda: f"무료 상담 080-{digits(dice, 3)}-{digits(dice, 4)}",
        lambda: f"사업자등록번호 {dice.randint(100, 999)}-{digits(dice, 2)}-{digits(dice, 5)}",
        lambda: f"서버 192.168.{dice.randint(0, 255)}.{dice.randint(0, 255)}에서 오류 {dice.randint(400, 599)}",
        lambda: f"버전 {dice.randint(1, 20)}.{dice.randint(0, 30)}.{dice.randint(0, 9999)}로 올렸어요",
        lambda: f"ISBN 978-89-{digits(dice, 4)}-{digits(dice, 3)}-{digits(dice, 1)}",
        lambda: f"바코드 880{digits(dice, 10)} 상품이에요",
        lambda: f"37.{digits(dice, 6)}, 126.{digits(dice, 6)} 근처 매장",
        lambda: f"승인번호 {digits(dice, 8)} / 승인시각 {clock}",
        lambda: f"제{year}-{dice.randint(1, 9999)}호 고시에 따라 {dice.randint(1, 99)}조 {dice.randint(1, 9)}항",
        lambda: f"{clock}~{clock} 사이 {dice.randint(2, 90)}번 버스, {dice.randint(100, 900)}m 앞",
        lambda: f"상품코드 {digits(dice, 16)} 품절인가요",
        lambda: f"https://example.com/posts/{digits(dice, 9)}?page={dice.randint(1, 99)}",
        lambda: f"{dice.randint(1, 50)}대 {dice.randint(1, 50)}로 이겼고 {dice.randint(1, 99)}.{dice.randint(0, 9)}%",
        lambda: f"입금일 {year}-{month:02}-{day:02} {clock}, 금액 {dice.randint(10000, 99999999)}원",
        lambda: f"계좌 이체 한도 {dice.randint(1, 9)}00,000,000원으로 올려 주세요",
        lambda: f"우편번호 {digits(dice, 5)}, {dice.randint(1, 300)}동 {dice.randint(101, 2500)}호",
        lambda: f"{year} {month:02} {day:02} {clock.replace(':', ' ')} 기록",
        lambda: f"요청 시각 17{digits(dice, 11)} ms",
        lambda: f"일련번호 {digits(dice, 10)}인 기기예요",
        lambda: f"당첨 번호 {' '.join(str(dice.randint(1, 45)) for _ in range(6))} 보너스 {dice.randint(1, 45)}",
    )  # fmt: skip
    return dice.choice(ways)()
