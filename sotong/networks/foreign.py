"""Reading what others sent: nothing is trusted to have its shape, its size or its characters. Pure.

A connector's ``parse.py`` raises ``Malformed`` for one item; ``read_each`` sets that item aside, alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sotong.networks.contract import InboundItem, Unreadable

TEXT_MAX = 20_000
"""Code points. Longer than a post of any network: such an item is set aside instead of being cut."""
NAME_MAX = 2000
MISTAKE = "our reader failed"
READER_MISTAKES = (AttributeError, LookupError, TypeError, ValueError, RecursionError)
"""What a parser raises over a shape that nobody thought of: the item waits for a better parser, the others come."""
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


class Malformed(ValueError):
    """An item that does not have the shape of its kind."""


def read_each(
    raws: Iterable[Any],
    read: Callable[[Mapping[str, Any]], InboundItem | None],
    *,
    remote_id: Callable[[Mapping[str, Any]], str],
    observed_at: datetime,
) -> list[InboundItem | Unreadable]:
    """Each item by itself; ``read`` answers None for what is of no interest. ``remote_id`` names an unreadable one,
    "" where it cannot: then it goes by the hash of its content.
    """
    items: list[InboundItem | Unreadable] = []
    for raw in raws:
        try:
            if not isinstance(raw, dict):
                raise Malformed("not an object")
            item = read(raw)
        except Malformed as error:
            items.append(_set_aside(raw, why=str(error), remote_id=remote_id, observed_at=observed_at))
        except READER_MISTAKES as error:
            why = f"{MISTAKE} ({type(error).__name__})"
            items.append(_set_aside(raw, why=why, remote_id=remote_id, observed_at=observed_at))
        else:
            items += [item] if item is not None else []
    return items


def read_again(
    stored: bytes,
    read: Callable[[Mapping[str, Any]], InboundItem | None],
    *,
    remote_id: Callable[[Mapping[str, Any]], str],
    observed_at: datetime,
) -> InboundItem | Unreadable:
    """One item from the bytes that ``Unreadable.raw`` keeps, by the parser of today."""
    raw = json.loads(stored)
    found = read_each([raw], read, remote_id=remote_id, observed_at=observed_at)
    if not found:
        return _set_aside(raw, why="of no interest to us", remote_id=remote_id, observed_at=observed_at)
    return found[0]


def _set_aside(
    raw: Any, *, why: str, remote_id: Callable[[Mapping[str, Any]], str], observed_at: datetime
) -> Unreadable:
    content = as_bytes(raw)
    name = remote_id(raw) if isinstance(raw, dict) else ""
    name = name or f"sha256:{hashlib.sha256(content).hexdigest()}"
    return Unreadable(remote_id=name, raw=content, why=why, observed_at=observed_at)


def as_bytes(raw: Any) -> bytes:
    """The JSON of an item, in ASCII: the form in which even half characters can be kept."""
    return json.dumps(raw).encode()


def mapping(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object that must be there."""
    value = raw.get(name)
    if not isinstance(value, dict):
        raise Malformed(f"no {name}")
    return value


def name(raw: Mapping[str, Any], field: str) -> str:
    """A short text that must be there: an id, a handle, an address."""
    value = raw.get(field)
    if not isinstance(value, str) or not value or len(value) > NAME_MAX:
        raise Malformed(f"no {field}")
    return clean(value)


def text(raw: Mapping[str, Any], field: str) -> str:
    """A text that may be missing (""), but not of another type, nor endless."""
    value = raw.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(f"{field} is no text")
    if len(value) > TEXT_MAX:
        raise Malformed(f"{field} is longer than any network allows")
    return clean(value)


def clean(value: str) -> str:
    """Without NUL and half characters, which no database stores; nothing else is touched."""
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def moment(value: object) -> datetime | None:
    """An ISO 8601 time with a zone, in UTC; None for anything else."""
    if not isinstance(value, str) or len(value) > 64:
        return None
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else None
    except (ValueError, OverflowError):
        return None


def posted_at(claimed: object, *, shown: object, observed_at: datetime) -> datetime:
    """When it was posted: as its author's clock claims, if that is a possible time, else as the network shows it.

    Never later than our seeing it, so that nobody sorts to the top for ever.
    """
    for candidate in (moment(claimed), moment(shown)):
        if candidate is not None and candidate >= EARLIEST:
            return min(candidate, observed_at)
    return observed_at


def count(raw: Mapping[str, Any], field: str) -> int | None:
    """A number of likes and the like; None where it is not said."""
    value = raw.get(field)
    return value if type(value) is int and 0 <= value < 2**53 else None


def size(value: object) -> int | None:
    """A width or height in pixels."""
    return value if type(value) is int and 0 < value < 100_000 else None


def web_address(value: object, *, schemes: tuple[str, ...] = ("https",)) -> str:
    """An address to show or to load, or "" when it is none."""
    is_one = isinstance(value, str) and len(value) <= NAME_MAX and value.startswith(tuple(f"{s}://" for s in schemes))
    return clean(str(value)) if is_one else ""
