"""Fetching the images that customers posted. The browser never calls a network; a worker does, within bounds."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sotong.channels.connectors import way_out_for
from sotong.channels.keys import KeyMissing
from sotong.channels.models import Channel
from sotong.egress.door import Egress
from sotong.egress.errors import Blocked, EgressError
from sotong.inbox.actions.media import Fetched, Wanted, begin_fetches, settle_fetches
from sotong.inbox.rules import pictures

log = logging.getLogger(__name__)

AT_ONCE = 4
TIMEOUT = 10.0
"""Seconds of one image."""
BYTES_MAX = 15_000_000
"""Of the file as the network has it."""
KEPT_BYTES = 2_000_000
KEPT_SIDE = 1600
KEPT_TYPES = ("image/jpeg", "image/png", "image/webp")
NEVER = frozenset({400, 401, 403, 404, 410, 451})
"""Answers that will be the same next time."""


def fetch_waiting() -> int:
    """One batch of images that wait; returns how many were tried."""
    wanted = begin_fetches(at=datetime.now(UTC))
    if not wanted:
        return 0
    doors = {one.channel.pk: _door(one.channel) for one in wanted}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # Only the asking is done side by side; unpacking takes memory, and the database is this thread's.
        answers = list(pool.map(lambda one: _ask(one, doors[one.channel.pk]), wanted))
    settle_fetches([_read(one, answer) for one, answer in zip(wanted, answers, strict=True)], at=datetime.now(UTC))
    return len(wanted)


def _door(channel: Channel) -> Egress:
    try:
        return way_out_for(channel)
    except (KeyMissing, Blocked):
        # Without the channel's own servers only the public ones are left.
        return Egress()


def _ask(one: Wanted, door: Egress) -> bytes | str:
    """The bytes, or why there will be none, or "" for another try. Whatever was wrong is logged."""
    try:
        answer = door.request("GET", one.url, timeout=TIMEOUT, max_bytes=BYTES_MAX)
    except EgressError as error:
        _log(one, f"{type(error).__name__}: {error}")
        return "blocked" if isinstance(error, Blocked) else ""
    if answer.status == 200:
        return answer.content
    _log(one, f"HTTP {answer.status}")
    return "gone" if answer.status in NEVER else ""


def _log(one: Wanted, reason: str) -> None:
    """Without the address: it may be the secret that opens the image."""
    log.warning("image %d of channel %d was not fetched: %s", one.media_id, one.channel.pk, reason)


def _read(one: Wanted, answer: bytes | str) -> Fetched:
    if isinstance(answer, str):
        return Fetched(one.media_id, problem=answer)
    try:
        picture = pictures.rewrite(answer, types=KEPT_TYPES, bytes_max=KEPT_BYTES, side_max=KEPT_SIDE)
    except (pictures.NotAPicture, pictures.TooManyPixels) as error:
        problem = "not an image" if isinstance(error, pictures.NotAPicture) else "too large"
        _log(one, problem)
        return Fetched(one.media_id, problem=problem)
    except pictures.Busy:
        _log(one, "no memory free to unpack it")
        return Fetched(one.media_id)
    return Fetched(one.media_id, picture)
