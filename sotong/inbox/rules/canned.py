"""The places in a canned response that are filled when it is used."""

from __future__ import annotations

import re
from collections.abc import Mapping

CUSTOMER, OWN = "{이름}", "{내이름}"
_PLACE = re.compile(r"\{[^{}\n]*\}")


def unknown_places(text: str) -> list[str]:
    """What stands in braces and would reach the customer as it is, each once."""
    return [place for place in dict.fromkeys(_PLACE.findall(text)) if place not in {CUSTOMER, OWN}]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; what a name itself has in braces stays as it is."""
    return _PLACE.sub(lambda found: values.get(found[0], found[0]), text)
