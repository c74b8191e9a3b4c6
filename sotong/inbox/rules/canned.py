"""The places in a canned response that are filled when it is used."""

from __future__ import annotations

import re

from sotong.language.particles import followed

CUSTOMER, OWN = frozenset({"{이름}", "{customer}"}), frozenset({"{내이름}", "{me}"})
_PLACE = re.compile(r"(\{[^{}\n]*\})")


def unknown_places(text: str) -> list[str]:
    """What stands in braces and would reach the customer as it is, each once."""
    return [place for place in dict.fromkeys(_PLACE.findall(text)) if place not in CUSTOMER | OWN]


def fill(text: str, *, customer: str, own: str) -> str:
    """The text with its places filled, and the particle after each as the name asks for: 나래예요, 하늘이에요.

    What a name itself has in braces stays as it is.
    """
    values = dict.fromkeys(CUSTOMER, customer) | dict.fromkeys(OWN, own)
    before, *rest = _PLACE.split(text)
    filled = (
        followed(values[place], after) if place in values else place + after
        for place, after in zip(rest[::2], rest[1::2], strict=True)
    )
    return before + "".join(filled)
