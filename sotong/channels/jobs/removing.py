"""Taking sent posts off their networks. The network call stands between two actions."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from django.db import connection

from sotong.channels.actions.removals import Removing, begin_removal, settle_gone, settle_removal
from sotong.channels.connectors import connector_for, forget_connector
from sotong.channels.jobs.lanes import is_stopping, lanes
from sotong.channels.models import Channel
from sotong.jobs.failpoints import reach
from sotong.networks import errors
from sotong.networks.contract import Connector, Receipt

ROUND = 200
"""Calls that one thread makes before the next sweep looks at the whole again."""
WAITING = """
    SELECT DISTINCT d.channel_id FROM channels_removal r JOIN channels_delivery d ON d.id = r.delivery_id
    WHERE r.next_at <= now()
"""


def offer_removals() -> None:
    """Give every channel with a removal that waits its thread."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        waiting: list[tuple[int]] = cursor.fetchall()
    for (channel_id,) in waiting:
        offer_removing(channel_id)


def offer_removing(channel_id: int) -> None:
    """Give one channel its thread."""
    lanes.lane("remove", channel_id).offer(partial(_remove_round, channel_id))


def _remove_round(channel_id: int) -> None:
    for _ in range(ROUND):
        if is_stopping.is_set() or not remove_next(channel_id=channel_id):
            return


def remove_next(*, channel_id: int) -> bool:
    """Ask the network to delete the channel's next unwanted post, or look whether it is gone; False: nothing waits."""
    removing = begin_removal(channel_id=channel_id)
    if removing is None:
        return False
    reach("channels.remove.before")
    said = _ask(removing)
    reach("channels.remove.after")
    if removing.is_look:
        settle_gone(removing=removing, found=said, at=datetime.now(UTC))
    else:
        settle_removal(removing=removing, error=said if isinstance(said, BaseException) else None, at=datetime.now(UTC))
    return True


def _ask(removing: Removing) -> Receipt | BaseException | None:
    """Call the network. Whatever happens there is a value, so that it is always written down."""
    try:
        connector: Connector = connector_for(Channel.objects.get(pk=removing.channel_id))
    except Exception as problem:  # noqa: BLE001
        return errors.Temporary(f"the connector could not be made: {type(problem).__name__}")
    try:
        if removing.is_look:
            return connector.find(removing.key)
        connector.delete(removing.remote_id)
    except errors.NetworkError as problem:
        if isinstance(problem, errors.Unauthorized):
            forget_connector(removing.channel_id)
        return problem
    except Exception as problem:  # noqa: BLE001
        # None of the contract's errors: the post may be gone, and asking again does no harm.
        forget_connector(removing.channel_id)
        return errors.Unknown(f"{type(problem).__name__} in the connector")
    return None
