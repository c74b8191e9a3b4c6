"""The text of a foreign post with nothing hidden: where a link shows other words than its address, both are said.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LINKS_MAX = 100
URL_MAX = 2000


def expanded_text(record: Mapping[str, Any]) -> str:
    """The words as displayed. A shortened address ("a.example/long…") becomes the full one; other words keep theirs and
    get the address behind them: ``여기 (https://…)``. A link card or a quoted post that the text does not name is added
    on a line of its own.
    """
    text = record.get("text")
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else b""
    pieces: list[bytes] = []
    position = 0
    for start, end, url in sorted(_links(record, len(raw)))[:LINKS_MAX]:
        if start < position:
            continue  # overlapping ranges: the first one counts
        shown = raw[start:end]
        try:
            words = shown.decode()
            raw[:start].decode()
        except UnicodeDecodeError:
            continue  # a range that cuts a character is no range
        pieces += [raw[position:start], _spelled_out(words, url).encode("utf-8", "replace")]
        position = end
    result = (b"".join(pieces) + raw[position:]).decode()
    for url in _attached(record):
        if url not in result:
            result = f"{result}\n{url}" if result else url
    return result


def _spelled_out(words: str, url: str) -> str:
    bare = words.strip().rstrip(".…").rstrip("/")
    for scheme in ("https://", "http://"):
        bare = bare.removeprefix(scheme)
    target = url.partition("://")[2]
    if bare and (target == bare or target.startswith(bare) or target.removeprefix("www.").startswith(bare)):
        return words.replace(words.strip(), url)
    return f"{words} ({url})"


def _links(record: Mapping[str, Any], size: int) -> Iterator[tuple[int, int, str]]:
    facets = record.get("facets")
    for facet in facets if isinstance(facets, list) else ():
        if not isinstance(facet, dict):
            continue
        index, features = facet.get("index"), facet.get("features")
        if not isinstance(index, dict) or not isinstance(features, list):
            continue
        start, end = index.get("byteStart"), index.get("byteEnd")
        if not (type(start) is int and type(end) is int and 0 <= start < end <= size):
            continue
        for feature in features:
            url = feature.get("uri") if isinstance(feature, dict) else None
            if _is_web(url):
                yield start, end, str(url)
                break


def _attached(record: Mapping[str, Any]) -> Iterator[str]:
    embed = record.get("embed")
    if not isinstance(embed, dict):
        return
    for part in (embed, embed.get("media")):
        external = part.get("external") if isinstance(part, dict) else None
        if isinstance(external, dict) and _is_web(external.get("uri")):
            yield str(external["uri"])
    quoted = embed.get("record")
    if isinstance(quoted, dict) and isinstance(quoted.get("record"), dict):
        quoted = quoted["record"]  # a quote with images
    uri = quoted.get("uri") if isinstance(quoted, dict) else None
    parts = uri.split("/") if isinstance(uri, str) and len(uri) < URL_MAX else []
    if len(parts) == 5 and parts[0] == "at:" and parts[3] == "app.bsky.feed.post":
        yield f"https://bsky.app/profile/{parts[2]}/post/{parts[4]}"


def _is_web(url: object) -> bool:
    return isinstance(url, str) and url.startswith(("https://", "http://")) and len(url) <= URL_MAX
