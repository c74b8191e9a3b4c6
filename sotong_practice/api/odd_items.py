"""Items that no client may trip over: of a wrong shape, or of the right shape with hostile content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Pick = Callable[[int], int]
"""A number below the given one."""

WRONG_SHAPES: tuple[Any, ...] = (
    None,
    [],
    "item",
    0,
    {},
    {"type": "post"},
    {"type": "post", "post": None},
    {"type": "post", "post": {}},
    {"type": "post", "post": {"id": 7, "text": ["…"], "author": "bada"}},
    {"type": "post", "post": {"id": "", "text": None, "author": {}}},
    {"type": "post", "post": {"id": "x", "text": "안녕", "author": {"id": None, "handle": {}}}},
    {"type": "post", "post": {"id": "x", "text": "안녕", "created_at": "어제", "revision": "한 번"}},
    {"type": "post", "post": {"id": "x", "text": "안녕", "created_at": 1e308, "revision": -1}},
    {"type": "direct", "message": {"id": "x", "text": {"html": "<b>"}, "exchange": 3}},
    {"type": "deletion", "post": {"id": ["x"]}},
    {"type": "post", "post": {"id": "x", "media": "none", "mentions": {"0": 1}, "author": []}},
    {"type": "levitation", "post": {"id": "x"}},
    {"type": {"$ne": None}},
)

HOSTILE_TEXTS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "http://127.0.0.1/'\"><iframe srcdoc='<script>alert(1)</script>'>",
    "{{7*7}} {% debug %} ${7*7} %s %n",
    "'; DROP TABLE inbox_message; --",
    "\u202e거꾸로 읽혀요\u202d \u2066숨은 글\u2069",
    "끝\u0000가운데",
    "\ud800 혼자 남은 반쪽",
    "Z" + "\u0300" * 5000,
    "가" * 200_000,
    "@" * 5000,
    "\n" * 10_000,
    "ﷺ" * 500,
)

HOSTILE_TIMES = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2026-02-30T00:00:00Z", "1970-01-01")


def malformed_item(pick: Pick, named: str) -> Any:
    shape = WRONG_SHAPES[pick(len(WRONG_SHAPES))]
    return {"id": named, **shape} if isinstance(shape, dict) and shape and pick(2) else shape


def hostile_item(pick: Pick, named: str, base: str) -> dict[str, Any]:
    """A post item by nobody, each of whose texts is hostile."""
    text = HOSTILE_TEXTS[pick(len(HOSTILE_TEXTS))]
    short = text[:200]
    author = {
        "id": f"{named}-author",
        "handle": short if pick(2) else "hostile_harry",
        "display_name": short,
        "kind": "customer",
        "bio": text,
        "url": "javascript:alert(1)" if pick(2) else f"{base}/@hostile_harry",
        "avatar_url": "http://169.254.169.254/latest/meta-data" if pick(2) else "",
        "created_at": HOSTILE_TIMES[pick(len(HOSTILE_TIMES))],
    }
    when = HOSTILE_TIMES[pick(2)]
    return {
        "id": named,
        "type": "post",
        "reasons": ["mention"],
        "at": when,
        "actor": author,
        "message": None,
        "post": {
            "id": f"{named}-post",
            "url": "javascript:alert(1)",
            "author": author,
            "text": text,
            "language": short[:20],
            "created_at": when,
            "edited_at": None,
            "revision": 1,
            "deleted": False,
            "reply_to": f"{named}-post",
            "root": f"{named}-post",
            "quote_of": None,
            "mentions": [{"id": "…", "handle": short}],
            "media": [
                {
                    "id": "x",
                    "url": "file:///etc/passwd",
                    "mime": "text/html",
                    "width": -1,
                    "height": 2**53,
                    "alt": short,
                }
            ],
            "counts": {"likes": -1, "replies": 2**63, "quotes": 0},
        },
    }
