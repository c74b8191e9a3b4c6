"""Texts of people as HTML, and times as people say them."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta, timezone

from sotong_practice.pages.markup import Safe, html, joined
from sotong_practice.rules import MENTION, read_time

SEOUL = timezone(timedelta(hours=9), "KST")
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
    """The time in Seoul: the hour today, the day this year, the year before that; all of it on hover."""
    moment = read_time(stored).astimezone(SEOUL)
    now = datetime.now(UTC).astimezone(SEOUL)
    clock = f"{moment:%H:%M}"
    if language == "en":
        day = f"{moment:%b} {moment.day}"
        whole = f"{day}, {moment.year}, {clock} (Seoul)"
        year = f"{day}, {moment.year}"
    else:
        day = f"{moment.month}월 {moment.day}일"
        whole = f"{moment.year}년 {day} {clock} (한국 시각)"
        year = f"{moment.year}년 {day}"
    if moment.date() == now.date():
        words = clock
    elif moment.year == now.year:
        words = f"{day} {clock}"
    else:
        words = year
    return html('<time datetime="{stored}" title="{whole}">{words}</time>', stored=stored, whole=whole, words=words)
