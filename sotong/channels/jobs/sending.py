"""Sending what is due, and looking for what is in doubt. The network call stands between two actions."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial

from django.db import connection

from sotong.channels.actions.attempts import Intent, Stopped, begin_attempt, settle_attempt
from sotong.channels.actions.looks import Look, begin_look, settle_look
from sotong.channels.connectors import connector_for, forget_connector
from sotong.channels.jobs.lanes import is_stopping, lanes
from sotong.channels.models import Channel
from sotong.channels.rules.timing import START_WITHIN
from sotong.jobs.failpoints import reach
from sotong.networks import errors
from sotong.networks.contract import Receipt

ROUND = 200
"""Deliveries that one thread sends before the next sweep looks at the whole again."""

DUE = """
    SELECT channel_id, LEAST(count(*), 8) FROM channels_delivery
    WHERE state = 'due' AND due_at <= now() GROUP BY channel_id
"""
LOOKS = "SELECT DISTINCT channel_id FROM channels_delivery WHERE next_look_at <= now()"


def _now() -> datetime:
    return datetime.now(UTC)


def offer_due() -> None:
    """Give every channel with something due its threads."""
    with connection.cursor() as cursor:
        cursor.execute(DUE)
        waiting: list[tuple[int, int]] = cursor.fetchall()
    for channel_id, count in waiting:
        offer_channel(channel_id, count)


def offer_channel(channel_id: int, count: int = 1) -> None:
    """Give one channel up to ``count`` threads."""
    for _ in range(count):
        if not lanes.lane("send", channel_id).offer(partial(_send_round, channel_id)):
            return


def offer_looks() -> None:
    """Give every channel with something to look for a thread."""
    with connection.cursor() as cursor:
        cursor.execute(LOOKS)
        waiting: list[tuple[int]] = cursor.fetchall()
    for (channel_id,) in waiting:
        lanes.lane("look", channel_id).offer(partial(_look_round, channel_id))


def _send_round(channel_id: int) -> None:
    for _ in range(ROUND):
        if is_stopping.is_set() or not send_next(channel_id=channel_id):
            return


def _look_round(channel_id: int) -> None:
    for _ in range(ROUND):
        if is_stopping.is_set() or not look_next(channel_id=channel_id):
            return


def send_next(*, channel_id: int) -> bool:
    """Send the channel's next due delivery; False when there is none that may go now."""
    begun = time.monotonic()
    intent = begin_attempt(channel_id=channel_id, at=_now())
    if intent is None:
        return False
    if isinstance(intent, Stopped):
        return not intent.is_waiting
    settle_attempt(intent=intent, result=_publish(intent, begun), at=_now())
    return True


def _publish(intent: Intent, begun: float) -> Receipt | BaseException:
    """Call the network. Whatever happens there is a value, so that it is always written down."""
    try:
        connector = connector_for(Channel.objects.get(pk=intent.channel_id))
    except Exception as problem:  # noqa: BLE001
        # The socket was never opened: surely no effect.
        return errors.Temporary(f"the connector could not be made: {type(problem).__name__}")
    reach("channels.publish.before")
    if time.monotonic() - begun > START_WITHIN.total_seconds():
        return errors.Temporary("this worker stood still too long to send under its lease")
    try:
        receipt = connector.publish(intent.post)
    except errors.NetworkError as problem:
        if isinstance(problem, errors.Unauthorized):
            forget_connector(intent.channel_id)
        result: Receipt | BaseException = problem
    except Exception as problem:  # noqa: BLE001
        # None of the contract's errors: it may have come after the effect.
        forget_connector(intent.channel_id)
        result = errors.Unknown(f"{type(problem).__name__} in the connector")
    else:
        result = receipt
    reach("channels.publish.after")
    return result


def look_next(*, channel_id: int) -> bool:
    """Look for the channel's next delivery in doubt; False when there is none."""
    look = begin_look(channel_id=channel_id)
    if look is None:
        return False
    reach("channels.look.before")
    found = _find(look)
    reach("channels.look.after")
    settle_look(look=look, found=found, at=_now())
    return True


def _find(look: Look) -> Receipt | BaseException | None:
    try:
        return connector_for(Channel.objects.get(pk=look.channel_id)).find(look.key)
    except errors.NetworkError as problem:
        return problem
    except Exception as problem:  # noqa: BLE001
        # A look that fails proves nothing, whatever the reason.
        forget_connector(look.channel_id)
        return errors.Temporary(f"{type(problem).__name__} in the connector")
