"""Which version of a thing an arrival is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

CONTENT = ("kind", "thread_ref", "author", "text", "in_reply_to", "media", "url")
"""What makes one version differ from another; times of observation do not."""
LONGEST = 200


def _short(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def digest(item: Mapping[str, Any]) -> str:
    """A short hash of an item's content (``records.to_plain``)."""
    return _short(json.dumps({name: item[name] for name in CONTENT}, sort_keys=True, ensure_ascii=False))


def version_of(item: Mapping[str, Any], previous: str) -> str:
    """The version of an item: the network's revision, else a hash chained to ``previous`` ("" when it is the first).

    Where the network has no revisions, the same content as the version before is the same version, and content that
    comes back after a change is a new one. A deletion is a version of its own, and there is one.
    """
    kind, revision = str(item["kind"]), str(item["revision"])
    prefix = "" if kind in {"post", "direct"} else f"{kind}:"
    if revision:
        whole = prefix + revision
        return whole if len(whole) <= LONGEST else f"{prefix}#{_short(revision)}"
    if kind == "deletion":
        return "deletion:"
    content = digest(item)
    if previous.startswith(f"{prefix}~{content}."):
        return previous
    return f"{prefix}~{content}.{_short(previous + content)}"


def is_chained(item: Mapping[str, Any]) -> bool:
    """Whether ``version_of`` needs the version before."""
    return not item["revision"] and item["kind"] != "deletion"
