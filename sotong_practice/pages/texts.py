"""Texts of people as HTML, and times as people say them."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime

from sotong_practice.pages.markup import Safe, html, joined
from sotong_practice.rules import MENTION, read_time

LINK = re.compile(r"https?://[^\s<>\"'`\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
CLOSING = ".,!?:;)]}…"


def rich_text(text: str, mentions: Collection[str]) -> Safe:
    """The text with its links and the mentions of existing accounts (handles); everything else stays text."""
    parts: list[Safe] = []
    place = 0
    found = [(match.start(), match.group(), True) for match in LINK.finditer(text)]
    found += [(match.start(), match.group(), False) for match in MENTION.finditer(text)]
    for start, raw, is_link in sorted(found):
        if start < place or not (is_link or raw[1:].lower() in mentions):
            continue
        word = raw.rstrip(CLOSING) if is_link else raw
        target = word if is_link else f"/@{raw[1:].lower()}"
        relation = ' rel="nofollow noopener noreferrer ugc"' if is_link else ""
        parts.append(html("{text}", text=text[place:start]))
        parts.append(html('<a href="{target}"{rel}>{word}</a>', target=target, rel=Safe(relation), word=word))
        place = start + len(word)
    parts.append(html("{text}", text=text[place:]))
    return joined(parts)


def time_tag(stored: str, language: str) -> Safe:
    """The time as UTC, which the page's script puts into the reader's zone: with the day unless that is today, with
    the year unless that is this one.
    """
    moment, now = read_time(stored).astimezone(UTC), datetime.now(UTC)
    clock = f"{moment:%H:%M} UTC"
    is_english = language == "en"
    day = f"{moment:%b} {moment.day}" if is_english else f"{moment.month}월 {moment.day}일"
    if moment.year != now.year:
        day = f"{day}, {moment.year}" if is_english else f"{moment.year}년 {day}"
    words = clock if moment.date() == now.date() else f"{day} {clock}"
    return html('<time datetime="{stored}">{words}</time>', stored=stored, words=words)
