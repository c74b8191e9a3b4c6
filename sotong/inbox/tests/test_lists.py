"""The list against a plain look at every conversation: whoever asks, however it is narrowed, page by page."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from sotong.channels.models import Channel
from sotong.contacts.models import Contact, Identity
from sotong.inbox.models import Conversation, Label, Labelling, Message, ReadMark
from sotong.inbox.queries.lists import SHELVES, VIEWS, Filters, conversation_page, tab_counts
from sotong.inbox.queries.visible import visible_to
from sotong.people.models import Company, Person, Team

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def house(db: None) -> tuple[list[Person], list[Channel], list[Label]]:
    """Four channels, two of them a team's; people of no team, of one team and of both; 200 conversations."""
    Company.objects.create(name="한소리텔레콤")
    teams = [Team.objects.create(name=name) for name in ("홍보", "돌봄")]
    people = [Person.objects.create_user(f"p{n}@hansori.example", name=f"사람{n}", roles=["agent"]) for n in range(3)]
    people[1].teams.add(teams[0])
    people[2].teams.add(*teams)
    channels = [
        Channel.objects.create(
            network="practice", origin="http://127.0.0.1:1", remote_id=f"c{n}", handle=f"c{n}", name=f"c{n}",
            opened_on=date(2026, 1, 1),
        )
        for n in range(4)
    ]  # fmt: skip
    channels[1].teams.add(teams[0])
    channels[2].teams.add(teams[1])
    labels = [Label.objects.create(name=name) for name in ("나", "가")]
    _converse(people, channels, labels)
    return people, channels, labels


def _converse(people: list[Person], channels: list[Channel], labels: list[Label]) -> None:
    drawn = random.Random(5)
    for number in range(200):
        identity = Identity.objects.create(
            contact=Contact.objects.create(), network="practice", origin="http://127.0.0.1:1", remote_id=f"i{number}"
        )
        claimer = drawn.choice([None, None, *people])
        row = Conversation.objects.create(
            channel=drawn.choice(channels), also_channels=drawn.choice([[], [], [], [drawn.choice(channels).pk]]),
            identity=identity, origin="http://127.0.0.1:1", thread_ref=f"t{number}", is_direct=drawn.random() < 0.3,
            state=drawn.choice(["open", "open", "pending", "resolved"]), claimed_by=claimer,
            claim_until=NOON if claimer else None, assigned_to=drawn.choice([None, None, *people]),
            snoozed_until=drawn.choice([None, None, None, NOON]), last_at=NOON + timedelta(minutes=drawn.randrange(40)),
        )  # fmt: skip
        for label in labels:
            if drawn.random() < 0.4:
                Labelling.objects.create(conversation=row, label=label)


def plainly(person: Person, filters: Filters) -> list[int]:
    """What the list must be, said without any cleverness."""
    teams = set(person.teams.all())
    seen = {c.pk for c in Channel.objects.all() if not c.teams.exists() or teams & set(c.teams.all())}
    if filters.channel_id is not None:
        seen &= {filters.channel_id}

    def belongs(row: Conversation) -> bool:
        shelf = "resolved" if row.state == "resolved" else "snoozed" if row.snoozed_until else "live"
        return all(
            (
                seen & {row.channel_id, *row.also_channels},
                shelf == SHELVES.get(filters.view, "live"),
                filters.view != "mine" or person.pk in (row.claimed_by_id, row.assigned_to_id),
                filters.view != "unclaimed"
                or (row.state == "open" and not row.claimed_by_id and not row.assigned_to_id),
                filters.is_direct in (None, row.is_direct),
                filters.label_id is None or row.labels.filter(pk=filters.label_id).exists(),
            )
        )

    rows = [row for row in Conversation.objects.all() if belongs(row)]
    return [row.pk for row in sorted(rows, key=lambda row: (row.last_at, row.pk), reverse=True)]


def test_every_list_is_what_a_plain_look_finds(house: tuple[list[Person], list[Channel], list[Label]]) -> None:
    people, channels, labels = house
    found_any = 0
    narrowed = product(people, VIEWS, [None, *channels[:3]], [None, labels[0]], [None, True])
    for person, view, channel, label, is_direct in narrowed:
        filters = Filters(
            view=view,
            channel_id=channel.pk if channel else None,
            label_id=label.pk if label else None,
            is_direct=is_direct,
        )
        expected, got, after = plainly(person, filters), [], ""
        while True:
            page = conversation_page(person, filters, after=after, size=7)
            got += [row.id for row in page.rows]
            after = page.next_after
            if not after:
                break
        assert got == expected, filters
        assert tab_counts(person, filters, (view,), visible_to(person)) == {view: min(100, len(expected))}
        found_any += bool(expected)
    assert found_any > 150


def test_a_row_says_who_holds_it_what_it_is_called_and_what_is_unread(
    house: tuple[list[Person], list[Channel], list[Label]],
) -> None:
    people, _, labels = house
    Conversation.objects.update(claimed_by=None, claim_until=None, assigned_to=people[1])
    row = Conversation.objects.exclude(state="resolved").filter(snoozed_until=None).order_by("-last_at", "-pk")[0]
    message = Message.objects.create(conversation=row, direction="inbound", posted_at=NOON, remote_id="m1", origin="o")
    row.labels.set(labels)
    Conversation.objects.filter(pk=row.pk).update(last_inbound_id=message.pk)
    Channel.objects.all()[1].teams.clear()
    people[2].teams.set(Team.objects.all())
    shown = conversation_page(people[2], Filters(view="all")).rows[0]
    assert (shown.id, shown.holder, shown.holder_id, shown.is_unread) == (row.pk, "사람1", people[1].pk, True)
    assert [name for name, _ in shown.labels] == ["가", "나"]
    assert shown.name == row.identity.remote_id
    ReadMark.objects.create(person=people[2], conversation=row, upto_id=message.pk)
    assert not conversation_page(people[2], Filters(view="all")).rows[0].is_unread
