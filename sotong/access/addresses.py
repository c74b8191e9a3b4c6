"""What an address or a form names: numbers of rows. Pure."""

from __future__ import annotations

ROW_ID_MAX = 2**63 - 1
"""The largest number that a row can have."""


def row_id(text: str) -> int | None:
    """The number of a row that ``text`` names; None for anything else, such as other scripts' digits or a flood."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(ROW_ID_MAX))):
        return None
    number = int(text)
    return number if number <= ROW_ID_MAX else None
