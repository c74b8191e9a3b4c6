"""Who finds what: permission, the list's filters, people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sotong.channels.models import Channel
from sotong.inbox.actions.indexing import index_messages
from sotong.inbox.models import Conversation, Label, Labelling, Message
from sotong.inbox.queries.customers import search_customers
from sotong.inbox.queries.visible import visible_to
from sotong.inbox.tests.arriving import arrive, item
from sotong.inbox.tests.searching import find, texts
from sotong.language.client import LanguageClient
from sotong.people.models import Person, Team


def test_a_message_on_another_teams_channel_is_neither_found_nor_counted(
    care: Channel, brand: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    team = Team.objects.create(name="브랜드")
    brand.teams.add(team)
    secret = say(brand, "환불 비밀 이야기", author="secret-person")
    say(care, "환불해 주세요", author="kim")
    index_messages(kiwi, at=datetime.now(UTC))
    assert texts(find(hana, "환불", kiwi)) == ["환불해 주세요"]
    assert not find(hana, "환불", kiwi, channel_id=brand.pk).hits
    assert not find(hana, "비밀", kiwi).next_after
    for query in ("secret-person", "@secret-person", "secret"):
        terms = find(hana, query, kiwi).terms
        assert not search_customers(terms, visible_to(hana))
    hana.teams.add(team)
    assert len(find(hana, "환불", kiwi).hits) == 2
    assert [one.conversation_id for one in search_customers(terms, visible_to(hana))] == [secret.pk]


def test_a_stale_index_never_shows_what_the_rows_forbid(
    care: Channel, brand: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    """The index says care; meanwhile the conversation belongs to brand, which hana may not read."""
    brand.teams.add(Team.objects.create(name="브랜드"))
    talk = say(care, "환불해 주세요")
    index_messages(kiwi, at=datetime.now(UTC))
    Conversation.objects.filter(pk=talk.pk).update(channel=brand)
    assert not find(hana, "환불", kiwi).hits
    assert Message.objects.get(conversation=talk).indexed_at is None


def test_a_post_that_mentions_a_second_channel_is_found_by_its_people_too(
    care: Channel, brand: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    brand.teams.add(Team.objects.create(name="브랜드"))
    talk = say(brand, "환불해 주세요")
    index_messages(kiwi, at=datetime.now(UTC))
    Conversation.objects.filter(pk=talk.pk).update(also_channels=[care.pk])
    index_messages(kiwi, at=datetime.now(UTC))
    assert texts(find(hana, "환불", kiwi)) == ["환불해 주세요"]


def test_whoever_may_not_read_the_inbox_finds_nothing(
    care: Channel, garam: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    say(care, "환불해 주세요")
    index_messages(kiwi, at=datetime.now(UTC))
    assert not find(garam, "환불", kiwi).hits


def test_the_lists_filters_hold_in_the_search(
    care: Channel, brand: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient, at: datetime
) -> None:
    say(care, "환불 하나", ago=5)
    say(care, "환불 둘", ago=4, claimed_by=hana, claim_until=at + timedelta(hours=1))
    say(care, "환불 셋", ago=3, state="resolved", outcome="solved")
    say(care, "환불 넷", ago=2, snoozed_until=at + timedelta(hours=1))
    labelled = say(brand, "환불 다섯", ago=1)
    label = Label.objects.create(name="요금")
    Labelling.objects.create(conversation=labelled, label=label)
    index_messages(kiwi, at=datetime.now(UTC))
    assert len(find(hana, "환불", kiwi).hits) == 5
    assert texts(find(hana, "환불", kiwi, view="mine")) == ["환불 둘"]
    assert texts(find(hana, "환불", kiwi, view="unclaimed")) == ["환불 다섯", "환불 하나"]
    assert texts(find(hana, "환불", kiwi, view="all")) == ["환불 다섯", "환불 둘", "환불 하나"]
    assert texts(find(hana, "환불", kiwi, view="snoozed")) == ["환불 넷"]
    assert texts(find(hana, "환불", kiwi, view="resolved")) == ["환불 셋"]
    assert texts(find(hana, "환불", kiwi, label_id=label.pk)) == ["환불 다섯"]
    assert texts(find(hana, "환불", kiwi, label_id=label.pk, channel_id=care.pk)) == []
    assert texts(find(hana, "환불", kiwi, channel_id=brand.pk)) == ["환불 다섯"]
    assert texts(find(hana, "환불", kiwi, is_direct=True)) == []


def test_marks_of_the_index_cannot_be_asked_for(
    care: Channel, hana: Person, say: Callable[..., Conversation], kiwi: LanguageClient
) -> None:
    say(care, "조용한 글")
    index_messages(None, at=datetime.now(UTC))
    assert not find(hana, f"c:{care.pk}", kiwi).hits
    assert not find(hana, "w:", kiwi).hits


def test_people_are_found_by_name_and_handle(care: Channel, hana: Person, kiwi: LanguageClient) -> None:
    plain = item("n-1", "안녕하세요", author="minji.example")
    plain["author"]["display_name"] = "김민지"
    talk = arrive(care, plain)[0]
    for query in ("김민지", "민지", "minji", "@minji.example", "minji.example", "@min"):
        found = search_customers(find(hana, query, kiwi).terms, visible_to(hana))
        assert [one.conversation_id for one in found] == [talk.pk], query
    plain = item("n-2", "저예요", author="minji.example", seen=9, posted=9)
    plain["author"]["display_name"] = "박서연"
    arrive(care, plain)
    assert search_customers(find(hana, "박서연", kiwi).terms, visible_to(hana))
    assert not search_customers(find(hana, "김민지", kiwi).terms, visible_to(hana))
