"""Reading the fields of a JSON body and of a query, with a named error for each that does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sotong_practice.refusals import Refusal
from sotong_practice.state.reading import Span

LIMIT_MAX = 100


class Fields:
    """A JSON object that is read field by field; ``finish`` refuses what nobody asked for."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body
        self._read: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._body

    def _take(self, name: str, kinds: tuple[type, ...]) -> Any:
        self._read.add(name)
        value = self._body.get(name)
        if value is not None and (not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)):
            raise Refusal(400, "field_bad", field=name)
        return value

    def text(self, name: str) -> str:
        value = self.maybe_text(name)
        if value is None:
            raise Refusal(400, "field_missing", field=name)
        return value

    def maybe_text(self, name: str) -> str | None:
        value: str | None = self._take(name, (str,))
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        value: bool | None = self._take(name, (bool,))
        return default if value is None else value

    def whole(self, name: str, *, low: int, high: int) -> int | None:
        value: int | None = self._take(name, (int,))
        if value is not None and not low <= value <= high:
            raise Refusal(400, "field_bad", field=name)
        return value

    def number(self, name: str, *, low: float, high: float) -> float | None:
        value: float | None = self._take(name, (int, float))
        if value is not None and not low <= value <= high:
            raise Refusal(400, "field_bad", field=name)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        values = self._take(name, (list,)) or []
        if not all(isinstance(value, str) for value in values):
            raise Refusal(400, "field_bad", field=name)
        return tuple(values)

    def images(self, name: str) -> list[dict[str, str]]:
        """A list of ``{"id", "alt"?}``."""
        images = []
        for value in self._take(name, (list,)) or []:
            if not isinstance(value, dict):
                raise Refusal(400, "field_bad", field=name)
            one = Fields(value)
            images.append({"id": one.text("id"), "alt": one.maybe_text("alt") or ""})
            one.finish()
        return images

    def finish(self) -> None:
        for name in self._body:
            if name not in self._read:
                raise Refusal(400, "field_unknown", field=name)


def read_limit(query: Mapping[str, str], default: int) -> int:
    raw = query.get("limit", str(default))
    if not (raw.isascii() and raw.isdigit() and len(raw) < 6 and 1 <= int(raw) <= LIMIT_MAX):
        raise Refusal(400, "limit_bad")
    return int(raw)


def read_cursor(raw: str, world: str) -> int:
    """The number in a cursor of this world. Raises ``Refusal`` (``cursor_bad``)."""
    if raw == "start":
        return 0
    named, _, number = raw.partition(".")
    if named != world or not (number.isascii() and number.isdigit() and len(number) < 18):
        raise Refusal(400, "cursor_bad")
    return int(number)


def show_cursor(rank: int, world: str) -> str:
    return f"{world}.{rank}"


def read_span(query: Mapping[str, str], world: str, *, default: int = 30) -> Span:
    """``before`` or ``after`` (not both) and ``limit``."""
    limit = read_limit(query, default)
    if "before" in query and "after" in query:
        raise Refusal(400, "cursor_bad")
    if "after" in query:
        return Span(after=read_cursor(query["after"], world), limit=limit)
    if "before" in query:
        return Span(before=read_cursor(query["before"], world), limit=limit)
    return Span(limit=limit)
