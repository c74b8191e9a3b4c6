"""Korean particles after any word: 을 or 를, 이 or 가, 은 or 는, 과 or 와, 으로 or 로 …

What decides is how the word *sounds* at its end, so digits, Latin letters and units are read aloud first. A closing
bracket or quotation mark is looked through; what stands in brackets after a word is skipped (블루스카이(Bluesky)를).
The final consonant of a syllable is found by the arithmetic of the Unicode Standard, §3.12 "Conjoining Jamo Behavior".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum

_PAIRS = (
    *(("을", "를"), ("이", "가"), ("은", "는"), ("과", "와"), ("으로", "로"), ("아", "야"), ("이나", "나")),
    *(
        ("이랑", "랑"),
        ("이라", "라"),
        ("이라고", "라고"),
        ("이라는", "라는"),
        ("이에요", "예요"),
        ("이었", "였"),
        ("이며", "며"),
    ),
    *(
        ("으로부터", "로부터"),
        ("으로서", "로서"),
        ("으로써", "로써"),
        ("으로의", "로의"),
        ("이든", "든"),
        ("이여", "여"),
    ),
)
"""After a consonant, after a vowel."""


def _spellings(pair: tuple[str, str]) -> Iterator[str]:
    """Either form alone, and how people write both: 을(를), 를(을), 을/를, and (으)로 where one ends like the other."""
    long, short = pair
    yield from (long, short, f"{long}({short})", f"{short}({long})", f"{long}/{short}", f"{short}/{long}")
    if long.endswith(short):
        yield f"({long.removesuffix(short)}){short}"
    if short == "예요":
        yield from ("(이)에요", "(이)예요")


_PAIR_OF = {spelling: pair for pair in _PAIRS for spelling in _spellings(pair)}
_AT_ONCE = "|".join(re.escape(spelling) for spelling in sorted(_PAIR_OF, key=len, reverse=True))
_FOLLOWING = re.compile(rf"이었|(?:{_AT_ONCE})(?=(?:는|도|만|의|부터|까지|요)?(?![가-힣]))")
"""A particle, alone or with another after it (과는, 으로도, 이라고요). What goes on as a word (가족, 이사) is none."""


class Sound(Enum):
    """How a word ends; ㄹ is a consonant except before (으)로."""

    VOWEL = "vowel"
    RIEUL = "rieul"
    CONSONANT = "consonant"
    UNKNOWN = "unknown"


_V, _R, _C = Sound.VOWEL, Sound.RIEUL, Sound.CONSONANT
_DIGITS = dict(zip("0123456789", (_C, _R, _V, _C, _V, _V, _C, _R, _R, _V), strict=True))
_LETTERS = {letter: {"l": _R, "r": _R, "m": _C, "n": _C}.get(letter, _V) for letter in "abcdefghijklmnopqrstuvwxyz"}
_SIGNS = {
    "%": _V,
    "％": _V,
    "℃": _V,
    "°": _V,
    "$": _V,
    "€": _V,
    "￦": _C,
    "₩": _C,
    "㎏": _C,
    "㎢": _V,
    "+": _V,
    "&": _V,
}
_UNITS = {"kg": _C, "g": _C, "mg": _C, "m": _V, "km": _V, "cm": _V, "mm": _V, "l": _V, "ml": _V, "gb": _V, "mb": _V}
_ASIDE = re.compile(r"(?<=[^\s(（\[{<「『“‘\"'])\s?(?:\([^()]*\)|（[^（）]*）|\[[^\[\]]*\])[\"'”’」』]*$")
_TRAILING = " \t\n\"'”’」』》〉】)）]}>.,!?…·*_`~:;"


def with_particle(word: str, particle: str) -> str:
    """``word`` followed by the right form of ``particle``: ``with_particle("블루스카이", "을")`` → ``블루스카이를``.

    ``particle`` is either form of a pair (을, 를, 을(를) …). Where the ending cannot be known (an emoji, another
    script) both forms are written. Raises ``ValueError`` for a particle that has only one form.
    """
    pair = _PAIR_OF.get(particle)
    if pair is None:
        raise ValueError(f"{particle!r} has no second form")
    after_consonant, after_vowel = pair
    sound = final_sound(word)
    if sound is Sound.UNKNOWN:
        return f"{word}{after_consonant}({after_vowel})"
    if sound is Sound.VOWEL or (sound is Sound.RIEUL and after_consonant.startswith("으로")):
        return word + after_vowel
    return word + after_consonant


def followed(word: str, rest: str) -> str:
    """``word`` and what stands right after it, whose particle takes the right form: ``followed("나래", "이에요.")``."""
    found = _FOLLOWING.match(rest)
    return with_particle(word, found[0]) + rest[found.end() :] if found else word + rest


def final_sound(word: str) -> Sound:
    """How ``word`` ends when it is read aloud in Korean."""
    spoken = _ASIDE.sub("", word.rstrip()).rstrip(_TRAILING) or word.strip(_TRAILING)
    if not spoken:
        return Sound.UNKNOWN
    last = spoken[-1]
    if "가" <= last <= "힣":
        final = (ord(last) - 0xAC00) % 28
        return Sound.VOWEL if final == 0 else Sound.RIEUL if final == 8 else Sound.CONSONANT
    if "ㄱ" <= last <= "ㅎ":
        return Sound.RIEUL if last == "ㄹ" else Sound.CONSONANT
    if "ㅏ" <= last <= "ㅣ":
        return Sound.VOWEL
    if last in _SIGNS:
        return _SIGNS[last]
    if last.isascii() and last.isdigit():
        return _number(spoken)
    if last.isascii() and last.isalpha():
        return _latin(spoken)
    return Sound.UNKNOWN


def _number(spoken: str) -> Sound:
    """The last digit, or what trailing zeros are read as: 십, 백, 천, 만, 억 end in consonants, 조 does not."""
    written = re.search(r"[\d,.]*\d$", spoken)
    text = written.group().replace(",", "") if written else spoken[-1]
    zeros = len(text) - len(text.rstrip("0"))
    if zeros == 0 or zeros == len(text) or "." in text:
        return _DIGITS[text[-1]]
    return Sound.VOWEL if 12 <= zeros < 16 else Sound.CONSONANT


def _latin(spoken: str) -> Sound:
    found = re.search(r"(\d*)([A-Za-z]+)$", spoken)
    digits, word = (found.group(1), found.group(2)) if found else ("", spoken[-1])
    low = word.lower()
    if digits and low in _UNITS:
        return _UNITS[low]
    if len(word) == 1 or (word.isupper() and (len(word) <= 4 or not re.search("[AEIOUY]", word))):
        return _LETTERS[low[-1]]
    return _english(low)


def _english(word: str) -> Sound:
    """How Korean speakers end an English word, guessed from its spelling: Slack 슬랙, Google 구글, Twitter 트위터."""
    if re.search(r"[^aeiou]le$|[aeiou]les?$|l$", word):
        return Sound.RIEUL if not word.endswith("s") else Sound.VOWEL
    if re.search(r"[mn]$|ng$|[aeiouy][mn]e$", word):
        return Sound.CONSONANT
    if re.search(r"(?:[aeiouy]|[aeiouy]c)k$|[aeiouy](?:pp?|b|tt?|c)$", word):
        return Sound.CONSONANT
    return Sound.VOWEL
