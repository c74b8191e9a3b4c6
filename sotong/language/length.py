"""How long a text is, counted as networks count.

Units: ``graphemes`` (what a reader sees as one sign; Bluesky), ``code_points`` (Mastodon), ``weighted`` (X: Hangul and
other wide signs two, a link 23; X composes the text first), ``bytes`` (UTF-8, the second limit of some networks).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

import regex

LINK_WEIGHT = 23
"""What X counts for a link, however long it is."""
_LIGHT = ((0x0000, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
"""Code points that X counts as one; all others count two."""
_LINK = re.compile(r"https?://[!-~]*[0-9A-Za-z/=_#&+%~-]", re.IGNORECASE)
_BARE_LINK = re.compile(
    r"(?<![@\w.-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}"
    r"(?:com|net|org|io|dev|app|info|biz|me|tv|ai|kr|jp|cn|us|uk|eu)(?:/[!-~]*[0-9A-Za-z/=_#&+%~-]|/)?(?![\w-])",
    re.IGNORECASE,
)
_SIGN = regex.compile(r"\X")
_UNSEEN = regex.compile(r"[\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]*")
_EMOJI_JOINERS = re.compile("[\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")


def measure(text: str, unit: str) -> int:
    """Length of ``text`` in ``unit``: ``graphemes``, ``code_points``, ``weighted`` or ``bytes``.

    Raises ``ValueError`` for another unit.
    """
    count = _COUNTS.get(unit)
    if count is None:
        raise ValueError(f"{unit!r} is not one of {', '.join(_COUNTS)}")
    return count(text)


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of ``text``: white space, joiners and fillers alone, or not even those."""
    return _UNSEEN.fullmatch(text) is not None


def signs(text: str) -> list[str]:
    """The signs that a reader sees, one by one: Unicode's grapheme clusters."""
    return list(text) if text.isascii() and "\r" not in text else _SIGN.findall(text)


def _graphemes(text: str) -> int:
    return len(signs(text))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _weighted(text: str) -> int:
    """As X weighs it. A bare address (no https://) counts as the longer of a link and its letters: X knows more
    endings than we do, so this never says less than X would."""
    text = unicodedata.normalize("NFC", text)
    links = 0

    def taken(match: re.Match[str]) -> str:
        nonlocal links
        links += LINK_WEIGHT
        return "\n"

    def weighed(match: re.Match[str]) -> str:
        nonlocal links
        links += max(LINK_WEIGHT, sum(map(_weight, match.group())))
        return "\n"

    rest, count = _LINK.subn(taken, text)
    rest, bare = _BARE_LINK.subn(weighed, rest)
    return links - count - bare + sum(map(_weight_of_sign, signs(rest)))


def _weight_of_sign(sign: str) -> int:
    """An emoji counts two, with all that is joined to it; anything else is the sum of its code points."""
    if _EMOJI_JOINERS.search(sign) or (
        len(sign) == 2 and all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in sign)
    ):
        return 2
    return sum(map(_weight, sign))


def _weight(letter: str) -> int:
    code = ord(letter)
    return 1 if any(first <= code <= last for first, last in _LIGHT) else 2


_COUNTS: dict[str, Callable[[str], int]] = {
    "graphemes": _graphemes,
    "code_points": len,
    "weighted": _weighted,
    "bytes": _bytes,
}
