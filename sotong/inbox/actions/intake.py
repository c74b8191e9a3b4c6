"""Taking in what the networks brought: identities, conversations, messages, their edits and deletions.

The rows that result depend on the set of arrivals alone: not on their order, nor on how often each one came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from sotong.bus.actions import announce
from sotong.channels.events import ArrivalsRecorded
from sotong.channels.models import Arrival, Channel
from sotong.contacts.actions.identities import identity_key, lock_origin, meet_identities
from sotong.inbox.actions.arriving import Seen, early_for, hold_early, seen_of
from sotong.inbox.actions.conversations import Threads
from sotong.inbox.actions.reading import unread_again
from sotong.inbox.actions.standing import open_again, recount, save, touched
from sotong.inbox.actions.versions import apply_deletion, apply_versions, new_message, write_children
from sotong.inbox.events import ConversationChanged, MessagesReceived
from sotong.inbox.models import Conversation, Message
from sotong.inbox.rules.standing import is_open_again, is_waiting, state_after_history, state_after_inbound
from sotong.jobs.face import enqueue


def receive_messages(event: ArrivalsRecorded) -> None:
    """React to ``ArrivalsRecorded``: store what customers wrote and tell the open desks.

    Likes and boosts make no message: the arrival keeps them. An arrival that came before what it belongs to is kept
    and taken up later. Raises whatever makes an arrival unusable; the caller then tries them one by one.
    """
    arrivals = Arrival.objects.filter(pk__in=event.arrival_ids, item__isnull=False).defer("raw").order_by("pk")
    channel = Channel.objects.get(pk=event.channel_id)
    with transaction.atomic():
        lock_origin(channel.origin)
        intake = Intake(channel)
        intake.take([seen_of(arrival, channel) for arrival in arrivals])
        intake.settle()


class Intake:
    """One batch of one origin, within one transaction that holds the origin's lock."""

    def __init__(self, channel: Channel) -> None:
        self.origin = channel.origin
        accounts = Channel.objects.filter(origin=channel.origin).values_list("remote_id", flat=True)
        self.our_accounts = frozenset(accounts)
        self.threads = Threads(channel.origin)
        self.received: list[Message] = []
        self.rewritten: set[int] = set()
        """Conversations whose history changed: a deletion, or an answer of ours found on the network."""
        self.changed: set[int] = set()
        """Conversations with an edit."""
        self.reworded: list[Message] = []
        """What customers said and now say otherwise."""

    def take(self, items: Sequence[Seen]) -> None:
        """Store these, then what had waited for them, until nothing more is woken."""
        while items:
            placed = self._round(items)
            woken = early_for(self.origin, placed)
            items = [seen_of(arrival, arrival.channel) for arrival in woken]

    def _round(self, items: Sequence[Seen]) -> set[str]:
        """One pass; returns what an early arrival may have waited for."""
        posts: dict[str, list[Seen]] = {}
        for item in items:
            if item.is_post:
                posts.setdefault(item.remote_id, []).append(item)
        deletions = [item for item in items if item.is_deletion]
        known = self._known({*posts, *(item.remote_id for item in deletions)})
        self.threads.lock(message.conversation_id for message in known.values())
        for remote_id, group in posts.items():
            if remote_id in known:
                self._change(known[remote_id], group)
        fresh = {remote_id: group for remote_id, group in posts.items() if remote_id not in known}
        made = self._receive(
            {key: group for key, group in fresh.items() if group[0].author_id not in self.our_accounts}
        )
        made |= self._find_ours({key: group for key, group in fresh.items() if group[0].author_id in self.our_accounts})
        self._delete(deletions, known | made)
        return {*made, *(f"thread:{group[0].thread_ref}" for key, group in fresh.items() if key in made)}

    def _change(self, message: Message, group: Sequence[Seen]) -> None:
        """What was there already is seen again: perhaps edited, perhaps through another channel."""
        said = message.text
        if apply_versions(message, group):
            self.changed.add(message.conversation_id)
        if message.text != said and message.direction == Message.Direction.INBOUND:
            self.reworded.append(message)
        self.threads.note_channels(message, group)

    def _known(self, remote_ids: Iterable[str]) -> dict[str, Message]:
        # The exclusion is the index's own condition, without which PostgreSQL would not use it.
        rows = Message.objects.filter(origin=self.origin, remote_id__in=list(remote_ids)).exclude(remote_id="")
        return {row.remote_id: row for row in rows.defer("search").order_by("pk")}

    def _receive(self, groups: dict[str, list[Seen]]) -> dict[str, Message]:
        """New messages of customers."""
        sightings = [item for group in groups.values() for item in group]
        if not sightings:
            return {}
        identities = meet_identities(
            network=sightings[0].channel.network,
            origin=self.origin,
            met=[item.author for item in sightings],
        )
        ordered = sorted(groups.values(), key=lambda group: group[0].place)
        keyed = [(group, identities[identity_key(group[0].author_id)]) for group in ordered]
        conversations = self.threads.meet([(group[0], identity) for group, identity in keyed])
        rows = [
            new_message(group, conversation, identity)
            for (group, identity), conversation in zip(keyed, conversations, strict=True)
        ]
        made = self._insert(ordered, rows)
        self.received += made.values()
        return made

    def _find_ours(self, groups: dict[str, list[Seen]]) -> dict[str, Message]:
        """Posts by our own accounts that no desk here wrote: someone of us answered on the network itself.

        They belong to the conversation of what they answer; until that is known, they wait. Our own posts that
        answer nobody are not the inbox's.
        """
        ordered = sorted(groups.values(), key=lambda group: group[0].place)
        answered = self._known({group[0].in_reply_to for group in ordered} - {""})
        placed: list[list[Seen]] = []
        rows: list[Message] = []
        for group in ordered:
            first = group[0]
            home = self.threads.home(first, answered.get(first.in_reply_to))
            if home is None:
                if first.wanted:
                    hold_early(group, first.wanted)
                continue
            placed.append(group)
            rows.append(new_message(group, home, None))
            self.rewritten.add(home.pk)
        return self._insert(placed, rows)

    def _insert(self, groups: Sequence[Sequence[Seen]], rows: Sequence[Message]) -> dict[str, Message]:
        made = Message.objects.bulk_create(rows, batch_size=500)
        write_children(list(zip(made, groups, strict=True)))
        for message, group in zip(made, groups, strict=True):
            self.threads.note_channels(message, group)
        return {message.remote_id: message for message in made}

    def _delete(self, deletions: Sequence[Seen], messages: dict[str, Message]) -> None:
        for item in deletions:
            message = messages.get(item.remote_id)
            if message is None:
                hold_early([item], item.remote_id)
            elif apply_deletion(message, item.observed_at):
                self.rewritten.add(message.conversation_id)

    def settle(self) -> None:
        """Count the conversations anew, move their states, write and announce."""
        conversations = self.threads.all()
        waited = {conversation.pk for conversation in conversations if conversation.waiting_since is not None}
        counted = recount(conversations)
        new: dict[int, list[Message]] = {}
        for message in self.received:
            new.setdefault(message.conversation_id, []).append(message)
        for conversation in conversations:
            found = counted.get(conversation.pk)
            if found is None:
                continue
            has_new = any(
                is_waiting(
                    message_id=message.pk,
                    posted_at=message.posted_at,
                    is_deleted=message.deleted_at is not None,
                    answered_id=found.answered_id,
                    answered_at=found.answered_at,
                )
                for message in new.get(conversation.pk, [])
            )
            _move(conversation, has_new=has_new)
            if conversation.pk in self.rewritten:
                waits = found.waiting_since is not None
                if is_open_again(conversation.state, was_waiting=conversation.pk in waited, is_waiting=waits):
                    open_again(conversation)
                conversation.state = state_after_history(
                    conversation.state, has_waiting=waits, has_answer=found.has_answer
                )
        self.changed |= self.threads.choose_channels()
        save(conversations)
        unread_again(self.reworded)
        self._tell(conversations, new)

    def _tell(self, conversations: Sequence[Conversation], new: dict[int, list[Message]]) -> None:
        if self.received:
            ids = tuple(sorted(message.pk for message in self.received))
            having_new = [touched(conversation) for conversation in conversations if conversation.pk in new]
            announce(MessagesReceived(message_ids=ids, touched=tuple(having_new)))
        greeted = [row.pk for row in self.threads.opened if row.channel.acknowledgement]
        if greeted:
            enqueue("inbox.acknowledge", conversation_ids=greeted)
        if self.received or self.rewritten or self.changed:
            enqueue("inbox.index_messages", once="inbox.index_messages")
        others = (self.rewritten | self.changed) - set(new)
        announce(*(ConversationChanged(touched=touched(row)) for row in conversations if row.pk in others))


def _move(conversation: Conversation, *, has_new: bool) -> None:
    """Open a conversation again when something new waits in it: out of the drawer, out of the resolved ones."""
    if not has_new:
        return
    if conversation.state == Conversation.State.RESOLVED:
        open_again(conversation)
    conversation.state = state_after_inbound(conversation.state, has_waiting=True)
    conversation.snoozed_until = None
