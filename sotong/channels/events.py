"""What happened to channels, arrivals, deliveries and holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from sotong.access.rules import Actor
from sotong.bus.events import Event, Shown

if TYPE_CHECKING:
    from sotong.channels.models import Delivery

DOUBTFUL = frozenset({"unconfirmed", "failed", "held"})
"""Delivery states that a person looks after on /channels/doubtful/."""


@dataclass(frozen=True, kw_only=True)
class ArrivalsRecorded(Event):
    """Things came in; ``arrival_ids`` in the order in which the network gave them."""

    event_name: ClassVar[str] = "channels.arrivals_recorded"
    channel_id: int
    arrival_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class DeliveryChanged(Event):
    """A delivery is in another state, or was seen on the network. ``was``: the state before. ``by_id``: the person who
    decided that it does not leave; None: nobody did."""

    event_name: ClassVar[str] = "channels.delivery_changed"
    delivery_id: int
    channel_id: int
    state: str
    was: str = ""
    by_id: int | None = None

    @classmethod
    def to(cls, state: str, delivery: Delivery, *, by: Actor | None = None) -> Self:
        """That ``delivery``, read before it was changed, is in ``state`` now, which ``by`` decided."""
        return cls(
            delivery_id=delivery.pk,
            channel_id=delivery.channel_id,
            state=state,
            was=delivery.state,
            by_id=getattr(by, "pk", None),
        )

    def shown(self) -> tuple[Shown, ...]:
        told = [Shown(name="delivery", ids={"delivery": self.delivery_id}, channel_id=self.channel_id)]
        if {self.state, self.was} & DOUBTFUL:
            told.append(
                Shown(
                    name="channel",
                    ids={"channel": self.channel_id},
                    permission="channels.read",
                    channel_id=self.channel_id,
                )
            )
        return tuple(told)


@dataclass(frozen=True, kw_only=True)
class RemovalChanged(Event):
    """Someone wants a sent post to go from its network, or the network said something about that."""

    event_name: ClassVar[str] = "channels.removal_changed"
    delivery_id: int
    channel_id: int
    state: str

    def shown(self) -> tuple[Shown, ...]:
        return (Shown(name="delivery", ids={"delivery": self.delivery_id}, channel_id=self.channel_id),)


@dataclass(frozen=True, kw_only=True)
class ChannelChanged(Event):
    """A channel was connected or changed, or its state of health did."""

    event_name: ClassVar[str] = "channels.channel_changed"
    channel_id: int

    def shown(self) -> tuple[Shown, ...]:
        return (
            Shown(
                name="channel", ids={"channel": self.channel_id}, permission="channels.read", channel_id=self.channel_id
            ),
        )


@dataclass(frozen=True, kw_only=True)
class HoldChanged(Event):
    """A hold came into force or was lifted. Everyone who works here is told: it changes what sending means."""

    event_name: ClassVar[str] = "channels.hold_changed"
    scope: str
    is_on: bool

    def shown(self) -> tuple[Shown, ...]:
        return (Shown(name="hold", ids={"on": int(self.is_on)}, permission="signed_in"),)
