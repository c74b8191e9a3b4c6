"""Finding the conversation that a message belongs to, and the channels that it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sotong.channels.models import Arrival, Channel
from sotong.contacts.models import Identity
from sotong.inbox.actions.arriving import Seen
from sotong.inbox.models import Conversation, Message

Key = tuple[bool, str, int, int]
"""Direct or not, thread, identity, and the channel where it is direct (0 where it is public)."""


def key_of(item: Seen, identity: Identity) -> Key:
    """One conversation a thread and customer. A public thread is one for all our accounts: it is answered once."""
    return (item.is_direct, item.thread_ref, identity.pk, item.channel.pk if item.is_direct else 0)


class Threads:
    """The conversations that a batch touches, locked."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.opened: list[Conversation] = []
        """Those that are new."""
        self._rows: dict[int, Conversation] = {}
        self._reached: dict[int, set[int]] = {}
        """Channels by which messages of a conversation came."""

    def all(self) -> list[Conversation]:
        return sorted(self._rows.values(), key=lambda row: row.pk)

    def lock(self, ids: Iterable[int]) -> None:
        """Lock these until the transaction ends, in the order in which everyone locks."""
        missing = sorted(set(ids) - set(self._rows))
        if missing:
            rows = Conversation.objects.select_for_update(no_key=True).filter(pk__in=missing).order_by("pk")
            self._rows.update({row.pk: row for row in rows})

    def meet(self, wanted: Sequence[tuple[Seen, Identity]]) -> list[Conversation]:
        """The conversation of each, made where it is new."""
        keys = {key_of(item, identity): (item, identity) for item, identity in reversed(wanted)}
        found = self._find(keys)
        new = [(key, item, identity) for key, (item, identity) in sorted(keys.items()) if key not in found]
        made = Conversation.objects.bulk_create(
            [
                Conversation(
                    channel=item.channel,
                    identity=identity,
                    origin=self.origin,
                    thread_ref=item.thread_ref,
                    is_direct=item.is_direct,
                    last_at=item.posted_at,
                )
                for _, item, identity in new
            ]
        )
        self.lock([*found.values(), *(row.pk for row in made)])
        self.opened += made
        places = found | {key: row.pk for (key, _, _), row in zip(new, made, strict=True)}
        return [self._rows[places[key_of(item, identity)]] for item, identity in wanted]

    def _find(self, keys: Iterable[Key]) -> dict[Key, int]:
        wanted = set(keys)
        rows = Conversation.objects.filter(
            origin=self.origin,
            thread_ref__in={key[1] for key in wanted},
            identity_id__in={key[2] for key in wanted},
        ).values_list("is_direct", "thread_ref", "identity_id", "channel_id", "pk")
        found = {(direct, ref, who, channel if direct else 0): pk for direct, ref, who, channel, pk in rows}
        return {key: pk for key, pk in found.items() if key in wanted}

    def home(self, item: Seen, answered: Message | None) -> Conversation | None:
        """The conversation in which a post of ours belongs: that of the message it answers, or of its exchange."""
        if answered is not None:
            self.lock([answered.conversation_id])
            return self._rows[answered.conversation_id]
        if not item.is_direct or item.in_reply_to:
            return None
        rows = Conversation.objects.filter(
            origin=self.origin, thread_ref=item.thread_ref, is_direct=True, channel=item.channel
        )
        pk = rows.order_by("identity__remote_id").values_list("pk", flat=True).first()
        if pk is None:
            return None
        self.lock([pk])
        return self._rows[pk]

    def note_channels(self, message: Message, group: Sequence[Seen]) -> None:
        """Remember by which channels a public message came."""
        if not message.is_direct and message.direction == Message.Direction.INBOUND:
            reached = self._reached.setdefault(message.conversation_id, set())
            reached.update(item.channel.pk for item in group)

    def choose_channels(self) -> set[int]:
        """Which channel answers, and which others see it: the same whatever came first. Returns what changed.

        The one that the conversation's first message reached answers; of several, the one we opened first. Once a
        person has answered at the desk, the answering channel stays.
        """
        changed = set()
        for pk, reached in sorted(self._reached.items()):
            conversation = self._rows[pk]
            known = {conversation.channel_id, *conversation.also_channels}
            every = known | reached
            if len(every) == 1:
                continue
            before = (conversation.channel_id, conversation.also_channels)
            if not conversation.answered_id:
                conversation.channel_id = self._first_channel(conversation, every)
            conversation.also_channels = sorted(every - {conversation.channel_id})
            if before != (conversation.channel_id, conversation.also_channels):
                changed.add(pk)
        return changed

    def _first_channel(self, conversation: Conversation, candidates: set[int]) -> int:
        first = (
            Message.objects.filter(conversation=conversation, direction=Message.Direction.INBOUND)
            .order_by("posted_at", "network_order", "pk")
            .values_list("remote_id", flat=True)
            .first()
        )
        by = Arrival.objects.filter(
            channel_id__in=candidates, remote_id=first or "", kind__in=["post", "direct"]
        ).values_list("channel_id", flat=True)
        return min(set(by) & candidates, default=conversation.channel_id)


def channels_of(conversation: Conversation) -> list[Channel]:
    """The answering channel first, then the others that see the conversation."""
    ids = [conversation.channel_id, *conversation.also_channels]
    rows = Channel.objects.prefetch_related("teams").in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]
