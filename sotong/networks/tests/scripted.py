"""A way out that leads nowhere: it answers from a script and remembers what was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sotong.egress.door import Egress, Response
from sotong.egress.errors import NotSent

Answer = Callable[["Asked"], Response | Exception]


@dataclass(frozen=True)
class Asked:
    method: str
    url: str
    headers: Mapping[str, str]
    params: Mapping[str, Any]
    json: Any
    content: bytes | None

    @property
    def call(self) -> str:
        """The last part of the path."""
        return self.url.rsplit("/", 1)[-1]


class ScriptedEgress(Egress):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self._answer = answer
        self.asked: list[Asked] = []

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str | int | bool | list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        content: bytes | None = None,
        timeout: float = 20.0,
        max_bytes: int = 4_000_000,
    ) -> Response:
        asked = Asked(method, url, headers or {}, params or {}, json, content)
        self.asked.append(asked)
        answer = self._answer(asked)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def calls(self, name: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.call == name]


def says(body: Any, status: int = 200, **headers: str) -> Response:
    return Response(status=status, headers=headers, content=json.dumps(body).encode())


def no_network() -> ScriptedEgress:
    """Every call fails before a byte is sent."""
    return ScriptedEgress(lambda asked: NotSent("there is no network"))
