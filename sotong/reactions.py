"""Who reacts to which event: the only such list.

AT_ONCE runs in the announcing transaction: what must be true together with the event. LATER runs as a job of its own,
once per (reaction, event), and may fail without harm to the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sotong.bus.actions import use_dispatcher
from sotong.bus.events import Event
from sotong.channels.events import ArrivalsRecorded, DeliveryChanged, RemovalChanged
from sotong.inbox.actions.intake import receive_messages
from sotong.inbox.actions.replying import note_delivery
from sotong.inbox.actions.taking_back import note_removal

Reaction = Callable[[Any], None]

AT_ONCE: Mapping[type[Event], tuple[Reaction, ...]] = {
    ArrivalsRecorded: (receive_messages,),
    DeliveryChanged: (note_delivery,),
    RemovalChanged: (note_removal,),
}


def dispatch(event: Event) -> None:
    """Run the reactions of an event."""
    for reaction in AT_ONCE.get(type(event), ()):
        reaction(event)


def connect() -> None:
    """Hand the dispatcher to the bus; called when the site starts."""
    use_dispatcher(dispatch)
