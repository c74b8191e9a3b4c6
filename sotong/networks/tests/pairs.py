"""Fixtures come in pairs: ``name.json`` is what is given, ``name.expected.json`` what must come of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sotong.egress.door import Response
from sotong.networks.contract import InboundItem, Media, OutboundPost, PostRef, RemoteAccount, Unreadable
from sotong.networks.errors import NetworkError, RateLimited

KINDS = ("inbound", "outbound", "errors")
OBSERVED_AT = datetime(2026, 4, 13, 9, 30, tzinfo=UTC)
"""The moment at which every inbound fixture is read."""


@dataclass(frozen=True)
class Pair:
    name: str
    given: Any
    expected: Any


def pairs(tests_folder: Path, kind: str) -> list[Pair]:
    """All pairs of a kind, in order of their names."""
    folder = tests_folder / "fixtures" / kind
    names = sorted(path.stem for path in folder.glob("*.json") if not path.name.endswith(".expected.json"))
    return [
        Pair(
            name,
            json.loads((folder / f"{name}.json").read_text(encoding="utf-8")),
            json.loads((folder / f"{name}.expected.json").read_text(encoding="utf-8")),
        )
        for name in names
    ]


def inbound_as_json(item: InboundItem | Unreadable | None) -> Any:
    """What a fixture expects of an item: everything but the raw bytes and the moment of reading."""
    if item is None:
        return None
    if isinstance(item, Unreadable):
        return {"unreadable": item.why, "remote_id": item.remote_id}
    blank = InboundItem(
        kind=item.kind,
        remote_id="",
        revision="",
        thread_ref="",
        author=RemoteAccount(remote_id="", handle=""),
        text="",
        posted_at=item.posted_at,
        observed_at=item.observed_at,
    )
    result: dict[str, Any] = {"kind": item.kind.value, "posted_at": item.posted_at.isoformat()}
    for each in fields(item):
        value = getattr(item, each.name)
        if each.name in ("kind", "posted_at", "observed_at", "raw") or value == getattr(blank, each.name):
            continue
        if each.name == "author":
            value = {name: part for name, part in asdict(value).items() if part}
        if each.name == "media":
            value = [{name: part for name, part in asdict(media).items() if part} for media in value]
        result[each.name] = value
    return result


def outbound(given: dict[str, Any]) -> OutboundPost:
    """The post that an outbound fixture describes. Images are given by their size in bytes."""
    values = dict(given)
    values["media"] = tuple(Media(**{**media, "content": b"x" * media["content"]}) for media in values.get("media", ()))
    if values.get("in_reply_to"):
        values["in_reply_to"] = PostRef(**values["in_reply_to"])
    if values.get("direct_to"):
        values["direct_to"] = RemoteAccount(**values["direct_to"])
    if values.get("created_at"):
        values["created_at"] = datetime.fromisoformat(values["created_at"])
    return replace(OutboundPost(text="", idempotency_key=""), **values)


def answer(given: dict[str, Any]) -> Response:
    """The answer that an error fixture describes: ``body`` is JSON, ``text`` anything else."""
    content = given["text"].encode() if "text" in given else json.dumps(given.get("body", {})).encode()
    return Response(status=given["status"], headers=given.get("headers", {}), content=content)


def error_as_json(error: NetworkError | None) -> Any:
    """What a fixture expects of an answer: the nearest error of the contract, and when to come back."""
    if error is None:
        return None
    kind = next(each for each in type(error).__mro__ if each.__module__ == NetworkError.__module__)
    result: dict[str, Any] = {"error": kind.__name__}
    if isinstance(error, RateLimited):
        result["retry_after"] = error.retry_after
    return result
