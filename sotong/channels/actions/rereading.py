"""Arrivals that could not be read, read again after a mend: by their connector's newer parser."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sotong.bus.actions import announce
from sotong.channels.actions.arrivals import parse_again
from sotong.channels.events import ChannelChanged
from sotong.channels.models import Arrival
from sotong.channels.records import clean
from sotong.networks.contract import InboundItem, Unreadable

BATCH = 50


def unread_arrivals(*, channel_id: int) -> list[Arrival]:
    """What a person put back and nobody has read yet, oldest first."""
    waiting = Arrival.objects.filter(channel_id=channel_id, state=Arrival.State.RECORDED, item__isnull=True)
    return list(waiting.order_by("id")[:BATCH])


def settle_reread(*, arrival_id: int, found: InboundItem | Unreadable | str, at: datetime) -> bool:
    """Write down what came of reading again; a text is why it could not be. Returns whether it can be settled now.

    Where the same version has meanwhile come by another way, this row is done.
    """
    with transaction.atomic():
        rows = Arrival.objects.select_for_update(of=("self",)).select_related("channel")
        arrival = rows.filter(pk=arrival_id, state=Arrival.State.RECORDED, item__isnull=True).first()
        if arrival is None:
            return False
        plain, version, why = (None, "", found) if isinstance(found, str) else parse_again(arrival.channel, found)
        if plain is None:
            arrival.state, arrival.problem, arrival.settled_at = Arrival.State.SET_ASIDE, clean(why, 500), at
        elif Arrival.objects.filter(channel=arrival.channel, remote_id=plain["remote_id"], version=version).exists():
            arrival.state, arrival.settled_at = Arrival.State.PROCESSED, at
        else:
            arrival.item, arrival.kind = plain, plain["kind"]
            arrival.remote_id, arrival.version = plain["remote_id"], version
        arrival.save(update_fields=["state", "problem", "settled_at", "item", "kind", "remote_id", "version"])
        announce(ChannelChanged(channel_id=arrival.channel_id))
    return arrival.state == Arrival.State.RECORDED
