"""Questions with an answer and no effect: texts, handles, keys, times, mentions, search terms."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime

from sotong_practice.refusals import Refusal

TEXT_MAX = 500
ALT_MAX = 1000
NAME_MAX = 40
BIO_MAX = 200
IMAGES_MAX = 4
QUERY_MAX = 100

HANDLE = re.compile(r"[a-z0-9_]{2,30}")
KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")
MENTION = re.compile(r"(?<![A-Za-z0-9_./@])@([A-Za-z0-9_]{2,30})(?![A-Za-z0-9_@])")
WORD_RUN = re.compile(r"\w+")
BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that leave no ink: fillers of Hangul and the empty braille cell."""


def clean_text(raw: str, *, limit: int, code: str = "text_too_long", may_be_empty: bool = True) -> str:
    """The text in NFC with ``\\n`` line ends and without white space around it.

    ``limit`` is in code points of the result. Raises ``Refusal`` for control characters and lone surrogates
    (``text_bad``), for emptiness (``text_missing``) and for length (``code``).
    """
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(mark) in {"Cc", "Cs"} and mark not in "\n\t" for mark in text):
        raise Refusal(400, "text_bad")
    if len(text) > limit:
        raise Refusal(400, code, limit=limit, length=len(text))
    if not text and not may_be_empty:
        raise Refusal(400, "text_missing")
    return text


def clean_name(raw: str) -> str:
    """A display name: one line, 1 to 40 code points, of which at least one can be seen."""
    name = " ".join(clean_text(raw, limit=10_000, code="name_bad").split())
    if not any(unicodedata.category(mark)[0] in "LNPS" and mark not in BLANK for mark in name):
        raise Refusal(400, "name_missing")
    if len(name) > NAME_MAX:
        raise Refusal(400, "name_bad", limit=NAME_MAX, length=len(name))
    return name


def likeness(name: str) -> str:
    """What two names that a reader takes for the same have in common: their letters and digits, whatever the case."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(mark for mark in folded if unicodedata.category(mark)[0] in "LN" and mark not in BLANK)


def clean_handle(raw: str) -> str:
    """The handle in lower case without a leading ``@``. Raises ``Refusal`` (``handle_bad``)."""
    handle = raw.strip().removeprefix("@").lower()
    if HANDLE.fullmatch(handle) is None:
        raise Refusal(400, "handle_bad")
    return handle


def clean_key(raw: str) -> str:
    if KEY.fullmatch(raw) is None:
        raise Refusal(400, "key_bad")
    return raw


def mentioned_handles(text: str) -> list[str]:
    """Handles that the text addresses, in order, each once. Whether such an account exists is not asked here."""
    return list(dict.fromkeys(found.group(1).lower() for found in MENTION.finditer(text)))


def show_time(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and ``Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_time(raw: str) -> datetime:
    """A time with its zone; raises ``Refusal`` (``time_bad``) for anything else."""
    try:
        moment = datetime.fromisoformat(raw)
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Refusal(400, "time_bad") from error


def bigrams(text: str) -> str:
    """The text as overlapping pairs of letters, for the search index: any part of a word can then be found.

    A run of word characters "로밍요" becomes "로밍 밍요 요", its last letter alone, so that one letter can be found
    as the beginning of a pair.
    """
    runs = WORD_RUN.findall(unicodedata.normalize("NFC", text).casefold())
    return " ".join(run[place : place + 2] for run in runs for place in range(len(run)))


def search_expression(query: str) -> str:
    """The full-text expression that finds posts holding every word of the query; empty when it holds no word."""
    parts = []
    for run in WORD_RUN.findall(unicodedata.normalize("NFC", query).casefold()):
        if len(run) == 1:
            parts.append(f'"{run}"*')
        else:
            parts.append('"' + " ".join(run[place : place + 2] for place in range(len(run) - 1)) + '"')
    return " AND ".join(parts)
