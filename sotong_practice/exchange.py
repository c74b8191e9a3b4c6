"""A request and an answer, apart from the wire they travel on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, unquote

from sotong_practice.refusals import Refusal

JSON_MAX = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Request:
    """``headers``: names in lower case. ``path`` is decoded; ``query`` holds the last value of each name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    @property
    def language(self) -> str:
        """``en`` when the reader prefers English to Korean, else ``ko``."""
        return preferred_language(self.headers.get("accept-language", ""))

    @property
    def cookies(self) -> dict[str, str]:
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(self.headers.get("cookie", ""))
        except CookieError:
            return {}
        return {name: morsel.value for name, morsel in jar.items()}

    def json(self) -> dict[str, Any]:
        """The JSON object in the body; an empty body is an empty object."""
        if not self.body:
            return {}
        if self.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Refusal(415, "type_bad")
        if len(self.body) > JSON_MAX:
            raise Refusal(413, "body_too_large", limit=JSON_MAX)
        try:
            body = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise Refusal(400, "json_bad") from error
        if not isinstance(body, dict):
            raise Refusal(400, "json_bad")
        return body


@dataclass(kw_only=True)
class Answer:
    """``drop``: close without a word. ``send_only``: announce the whole body, send that many bytes, close."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[str] = field(default_factory=list)
    body: bytes = b""
    drop: bool = False
    send_only: int | None = None


def read_target(raw: str) -> tuple[str, dict[str, str]]:
    """Path and query of a request line."""
    path, _, query = raw.partition("?")
    try:
        values = dict(parse_qsl(query, keep_blank_values=True, max_num_fields=40, errors="strict"))
        return unquote(path, errors="strict"), values
    except ValueError as error:
        raise Refusal(404, "not_found") from error


def preferred_language(accepted: str) -> str:
    weights = {"ko": 0.0, "en": 0.0}
    for part in accepted.split(","):
        name, *options = part.strip().split(";")
        weight = 1.0
        for option in options:
            if option.strip().startswith("q="):
                try:
                    weight = float(option.strip()[2:])
                except ValueError:
                    weight = 0.0
        base = name.strip().lower().partition("-")[0]
        if base in weights:
            weights[base] = max(weights[base], weight)
    return "en" if weights["en"] > weights["ko"] else "ko"


def json_answer(value: Any, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(
        status=status,
        headers={"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store", **named},
        body=json.dumps(value, ensure_ascii=False).encode(),
    )


def no_content() -> Answer:
    return Answer(status=204, headers={"Cache-Control": "no-store"})


def error_answer(refusal: Refusal, language: str) -> Answer:
    """The JSON answer of a refusal."""
    body = {"error": refusal.code, "message": refusal.message(language), **refusal.details}
    answer = json_answer(body, refusal.status)
    if "retry_after" in refusal.details:
        answer.headers["Retry-After"] = str(refusal.details["retry_after"])
    return answer
