"""Kiwi behind two calls. Only the language process makes an ``Analyser``; nothing else may load Kiwi."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

SLICE = 200
"""Characters that Kiwi reads at a time: below 10 ms for the worst text we found, usually below 1 ms."""
_MARGIN = 4.5
"""How much less likely (natural logarithm) than the best a further reading may be."""
_CUT = re.compile(rf".{{1,{SLICE}}}(?:(?<=[.!?…])\s+|\s+|$)|.{{1,{SLICE}}}", re.DOTALL)

WireReading = list[tuple[str, str]]


class Analyser:
    """Kiwi, loaded and warm. Takes 3 to 7 s to make."""

    def __init__(self) -> None:
        from kiwipiepy import Kiwi  # costs seconds and 500 MB: never at import

        self.version = version("kiwipiepy")
        self._kiwi: Any = Kiwi(num_workers=1)
        self.readings("터졌어요", 3)

    def readings(self, text: str, best: int) -> list[WireReading]:
        """Up to ``best`` readings of ``text`` (at most ``SLICE`` characters), the likeliest first."""
        if best == 1:
            return [[(token.form, token.tag) for token in self._kiwi.tokenize(text, normalize_coda=True)]]
        found = self._kiwi.analyze(text, top_n=best, normalize_coda=True)
        return [
            [(token.form, token.tag) for token in tokens] for tokens, score in found if score >= found[0][1] - _MARGIN
        ]


def slices(text: str) -> Iterator[str]:
    """``text`` in pieces of at most ``SLICE`` characters, cut between words where there is a place to."""
    return (match.group() for match in _CUT.finditer(text))
