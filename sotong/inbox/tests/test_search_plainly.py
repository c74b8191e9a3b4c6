"""The search against a plain look at every message: whoever asks, however it is narrowed, whichever way it goes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from sotong.channels.models import Channel
from sotong.contacts.models import Contact, Identity
from sotong.inbox.actions.indexing import index_messages
from sotong.inbox.models import Conversation, Label, Labelling, Message
from sotong.inbox.queries.lists import SHELVES
from sotong.inbox.queries.search import search_messages
from sotong.inbox.queries.walking import Asked
from sotong.people.models import Company, Person, Team

NOW = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)
SIZE = 3
WORDS = ("refund", "refunds", "refunded", "order", "late")
# Some at the very same time, some within one shortest span, some years ago.
AGOS = (timedelta(0), timedelta(seconds=40), timedelta(hours=3), timedelta(days=40), timedelta(days=900))
FOUND = ("refund", "refunds", "late order", "refund late", '"late order"', "parcel")


@pytest.fixture
def house(db: None) -> tuple[list[Person], list[Channel], Label]:
    """Three channels, one of them a team's; somebody of no team and somebody of it; 60 conversations, indexed."""
    Company.objects.create(name="한소리텔레콤")
    team = Team.objects.create(name="홍보")
    people = [Person.objects.create_user(f"p{n}@hansori.example", name=f"사람{n}", roles=["agent"]) for n in range(2)]
    people[1].teams.add(team)
    channels = [
        Channel.objects.create(
            network="practice", origin="http://127.0.0.1:1", remote_id=f"c{n}", handle=f"c{n}", name=f"c{n}",
            opened_on=date(2026, 1, 1),
        )
        for n in range(3)
    ]  # fmt: skip
    channels[1].teams.add(team)
    label = Label.objects.create(name="가")
    drawn = random.Random(7)
    for number in range(60):
        _converse(number, drawn, people, channels, label)
    while index_messages(None, at=NOW):
        pass
    return people, channels, label


def _converse(number: int, drawn: random.Random, people: list[Person], channels: list[Channel], label: Label) -> None:
    identity = Identity.objects.create(
        contact=Contact.objects.create(), network="practice", origin="http://127.0.0.1:1", remote_id=f"i{number}"
    )
    claimer = drawn.choice([None, None, *people])
    row = Conversation.objects.create(
        channel=drawn.choice(channels), also_channels=drawn.choice([[], [], [drawn.choice(channels).pk]]),
        identity=identity, origin="http://127.0.0.1:1", thread_ref=f"t{number}", is_direct=drawn.random() < 0.3,
        state=drawn.choice(["open", "open", "pending", "resolved"]), claimed_by=claimer,
        claim_until=NOW if claimer else None, assigned_to=drawn.choice([None, None, *people]),
        snoozed_until=drawn.choice([None, None, None, NOW]), last_at=NOW,
    )  # fmt: skip
    if drawn.random() < 0.4:
        Labelling.objects.create(conversation=row, label=label)
    for place in range(drawn.randrange(1, 5)):
        Message.objects.create(
            conversation=row, direction="inbound", identity=identity, origin="practice", remote_id=f"m{number}-{place}",
            text=" ".join(drawn.choices(WORDS, k=2)), posted_at=NOW - drawn.choice(AGOS) * drawn.choice([1, 1, 0.5]),
            deleted_at=NOW if drawn.random() < 0.1 else None,
        )  # fmt: skip


class Plain:
    """Everything there is, and what the search must find of it, said without any cleverness."""

    def __init__(self) -> None:
        self.teams = {channel.pk: set(channel.teams.all()) for channel in Channel.objects.all()}
        self.rows = list(Conversation.objects.prefetch_related("labels"))
        self.messages = list(Message.objects.filter(deleted_at=None).order_by("posted_at", "pk"))

    def finds(self, person: Person, asked: Asked) -> list[tuple[int, int]]:
        """(message, conversation)."""
        kept = {row.pk for row in self.rows if self._belongs(row, person, asked)}
        whole = self._newest(kept, asked.text, is_whole=True)
        return whole if len(whole) > SIZE else self._newest(kept, asked.text, is_whole=False)

    def _belongs(self, row: Conversation, person: Person, asked: Asked) -> bool:
        own = set(person.teams.all())
        seen = {pk for pk, teams in self.teams.items() if not teams or own & teams}
        if asked.channel_id is not None:
            seen &= {asked.channel_id}
        shelf = "resolved" if row.state == "resolved" else "snoozed" if row.snoozed_until else "live"
        return all(
            (
                seen & {row.channel_id, *row.also_channels},
                not asked.view or shelf == SHELVES.get(asked.view, "live"),
                asked.view != "mine" or person.pk in (row.claimed_by_id, row.assigned_to_id),
                asked.view != "unclaimed" or (row.state == "open" and not row.claimed_by_id and not row.assigned_to_id),
                asked.is_direct in (None, row.is_direct),
                asked.label_id is None or asked.label_id in {label.pk for label in row.labels.all()},
            )
        )

    def _newest(self, kept: set[int], query: str, *, is_whole: bool) -> list[tuple[int, int]]:
        found: dict[int, Message] = {}
        for message in self.messages:
            if message.conversation_id in kept and _says(message.text, query, is_whole=is_whole):
                found[message.conversation_id] = message
        rows = sorted(found.values(), key=lambda message: (message.posted_at, message.pk), reverse=True)
        return [(message.pk, message.conversation_id) for message in rows]


def _says(text: str, query: str, *, is_whole: bool) -> bool:
    words = text.split()
    asked = query.strip('"').split()
    if query.startswith('"') and " ".join(asked) not in text:
        return False
    return all(any(word == one if is_whole else word.startswith(one) for word in words) for one in asked)


@pytest.mark.parametrize(
    ("once", "few", "at_once"),
    [(1_500, 0, 250), (20, 0, 250), (20, 200, 3), (-1, 0, 250), (-1, 0, 3), (-1, 200, 250)],
    ids=["at once", "once or a walk", "once or few", "walk", "a walk of short steps", "few"],
)
def test_every_way_finds_what_a_plain_look_finds(
    once: int,
    few: int,
    at_once: int,
    house: tuple[list[Person], list[Channel], Label],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in (("ONCE", once), ("FEW", few), ("AT_ONCE", at_once), ("PROBES_MAX", 10_000)):
        monkeypatch.setattr(f"sotong.inbox.queries.walking.{name}", value)
    people, channels, label = house
    plain, paged = Plain(), 0
    views = ["", "mine", "unclaimed", "all", "resolved"]
    narrowed = list(product(people, FOUND, views, [None, *channels[:2]], [None, None, label], [None, None, True]))
    for person, text, view, channel, one, is_direct in random.Random(once + few + at_once).sample(narrowed, 60):
        asked = Asked(
            text=text,
            view=view,
            channel_id=channel.pk if channel else None,
            label_id=one.pk if one else None,
            is_direct=is_direct,
        )
        expected = plain.finds(person, asked)
        pages = list(_pages(person, asked))
        assert [hit for page in pages for hit in page] == expected, asked
        assert all(len(page) == SIZE for page in pages[:-1]), asked
        paged += len(pages) > 1
    assert paged > 8


def _pages(person: Person, asked: Asked) -> Iterator[list[tuple[int, int]]]:
    after = ""
    while True:
        found = search_messages(person, asked, None, at=NOW, after=after, size=SIZE)
        yield [(hit.message.pk, hit.conversation.pk) for hit in found.hits]
        after = found.next_after
        if not after:
            return
