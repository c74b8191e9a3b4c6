"""Links, mentions and tags in a text of ours, as ranges of UTF-8 bytes. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sotong.language.length import measure

ASCII_URL = r"A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%"
# A Hangul run goes on with the address only right after one of these; elsewhere it is a particle or the next word.
LINK = re.compile(rf"https?://[{ASCII_URL}]+(?:(?<=[/=_\-+#&])[가-힣]+[{ASCII_URL}]*)*")
PARTICLES = frozenset(
    re.findall(
        "[가-힣]+", "을 를 은 는 이 가 에 의 와 과 도 로 으로 에서 에게 까지 부터 만 입니다 이에요 예요 라고 처럼"
    )
)
LAST_HANGUL = re.compile(r"[가-힣]+$")
MENTION = re.compile(
    r"(?<![A-Za-z0-9_@./])@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)"
)
TAG = re.compile(r"(?<!\S)[#＃](\S+)")
TAG_GRAPHEMES = 64
TAG_BYTES = 640


@dataclass(frozen=True)
class Span:
    """A feature over ``text[start:end]`` (code points)."""

    kind: str
    """link, mention or tag."""
    value: str
    """The URL, the handle in lower case, or the tag without its sign."""
    start: int
    end: int


def find_spans(text: str) -> list[Span]:
    """All features of a text in order, without overlaps; links win."""
    links = list(_links(text))
    others = [*_mentions(text), *_tags(text)]
    free = [span for span in others if not any(span.start < link.end and link.start < span.end for link in links)]
    return sorted([*links, *free], key=lambda span: span.start)


def as_facets(text: str, spans: list[Span], dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facets of the record. A mention whose handle is not in ``dids`` stays plain text."""
    facets = []
    for span in spans:
        if span.kind == "link":
            feature = {"$type": "app.bsky.richtext.facet#link", "uri": span.value}
        elif span.kind == "tag":
            feature = {"$type": "app.bsky.richtext.facet#tag", "tag": span.value}
        elif span.value in dids:
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": dids[span.value]}
        else:
            continue
        begin = len(text[: span.start].encode())
        index = {"byteStart": begin, "byteEnd": begin + len(text[span.start : span.end].encode())}
        facets.append({"$type": "app.bsky.richtext.facet", "index": index, "features": [feature]})
    return facets


def _links(text: str) -> Iterator[Span]:
    for match in LINK.finditer(text):
        url = match.group()
        tail = LAST_HANGUL.search(url)
        if tail and tail.group() in PARTICLES:
            url = url[: tail.start()]
        url = url.rstrip(".,;:!?'")
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1].rstrip(".,;:!?'")
        if len(url) > len("https://"):
            yield Span("link", url, match.start(), match.start() + len(url))


def _mentions(text: str) -> Iterator[Span]:
    for match in MENTION.finditer(text):
        yield Span("mention", match.group(1).lower(), match.start(), match.end())


def _tags(text: str) -> Iterator[Span]:
    for match in TAG.finditer(text):
        tag = match.group(1)
        while tag and unicodedata.category(tag[-1]).startswith("P"):
            tag = tag[:-1]
        is_word = any(not (char.isdigit() or unicodedata.category(char).startswith("P")) for char in tag)
        if is_word and "#" not in tag and measure(tag, "graphemes") <= TAG_GRAPHEMES and len(tag.encode()) <= TAG_BYTES:
            yield Span("tag", tag, match.start(), match.start() + 1 + len(tag))
