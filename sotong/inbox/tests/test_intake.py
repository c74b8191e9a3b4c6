"""What the networks brought becomes conversations and messages, whatever the order in which it came."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sotong.channels.models import Arrival, Channel
from sotong.inbox.actions.reading import mark_read
from sotong.inbox.events import ConversationChanged, MessagesReceived
from sotong.inbox.models import Conversation, EarlyArrival, Message
from sotong.inbox.queries.lists import Filters, conversation_page
from sotong.inbox.tests.arriving import arrive, item, minute, receive, recorded

pytestmark = pytest.mark.django_db

US = "hansori_care"
DAY = "2026-05-01"
WORLD = (
    ("care", item("p-1", "인터넷이 안 돼요", thread="t-1", posted=0, seen=1)),
    ("care", item("p-1", "인터넷이 안 돼요", thread="t-1", posted=0, seen=4)),
    ("care", item("p-1", "인터넷이 또 안 돼요", thread="t-1", posted=0, seen=6)),
    ("brand", item("p-1", "인터넷이 안 돼요", thread="t-1", posted=0, seen=3)),
    ("care", item("p-2", "다시 켰어요", thread="t-1", posted=2, in_reply_to="p-1", images=["http://x.example/1.png"])),
    ("care", item("p-3", "저도 그래요", author="lee", thread="t-1", posted=2, in_reply_to="p-1")),
    ("brand", item("p-3", "저도 그래요", author="lee", thread="t-1", posted=1, seen=7, in_reply_to="p-1")),
    ("care", item("p-2", kind="deletion", seen=9)),
    ("brand", item("p-2", kind="deletion", seen=11)),
    ("care", item("p-9", kind="deletion", seen=9)),
    ("care", item("q-1", "확인했어요", author=US, thread="t-1", posted=3, in_reply_to="p-1")),
    ("care", item("q-2", "아직이에요", author=US, thread="t-2", posted=3, in_reply_to="p-5")),
    ("care", item("p-5", "요금은요?", author="lee", thread="t-2", posted=2, revision=f"{DAY}T03:02:00+00:00")),
    ("care", item("p-5", "요금이요", author="lee", thread="t-2", posted=2, seen=5, revision=f"{DAY}T03:04:00+00:00")),
    ("care", item("p-5", "요금?", author="lee", thread="t-2", posted=2, seen=3, revision=f"{DAY}T03:03:00+00:00")),
    ("care", item("d-1", "번호 드릴게요", kind="direct", thread="x-1", posted=1)),
    ("brand", item("d-2", "여기도요", kind="direct", thread="x-2", posted=1)),
    ("care", item("d-3", "감사해요", author=US, kind="direct", thread="x-1", posted=4)),
    ("care", item("l-1", "like", kind="reaction", author="lee", posted=5, in_reply_to="q-1")),
)  # fmt: skip


def snapshot() -> dict[str, Any]:
    """Everything that people see, without the numbers of the rows."""
    conversations = {
        (row.thread_ref, row.identity.remote_id, row.is_direct, row.channel.handle if row.is_direct else ""): row
        for row in Conversation.objects.select_related("identity", "channel")
    }
    names = {row.pk: key for key, row in conversations.items()}
    handles = dict(Channel.objects.values_list("pk", "handle"))
    remote = dict(Message.objects.values_list("pk", "remote_id"))
    return {
        "conversations": {
            key: (
                row.channel.handle, [handles[pk] for pk in row.also_channels], row.state, row.subject, row.preview,
                row.last_at, row.waiting_since, row.answered_at, row.first_inbound_at, row.first_human_reply_at,
                remote.get(row.last_message_id), row.reopened, row.shelf,
            )
            for key, row in conversations.items()
        },
        "messages": {
            row.remote_id: (
                names[row.conversation_id], row.direction, row.is_direct, row.text, row.revision, row.revised_at,
                row.posted_at, row.edited_at, row.deleted_at, row.in_reply_to, row.thread_ref,
                row.identity and row.identity.remote_id,
                [*row.versions.order_by("observed_at").values_list("revision", "text", "observed_at", "replaced_at")],
                [(one.position, one.url) for one in row.media.order_by("position")],
            )
            for row in Message.objects.select_related("identity")
        },
        "early": sorted(EarlyArrival.objects.values_list("waits_for", "arrival__remote_id")),
    }  # fmt: skip


def outcome(channels: dict[str, Channel], chosen: list[int], batches: list[list[int]]) -> dict[str, Any]:
    """What is there after these were taken in, batch by batch; then everything is taken back."""
    with transaction.atomic():
        rows = {place: recorded(channels[WORLD[place][0]], WORLD[place][1]) for place in chosen}
        for batch in batches:
            receive([rows[place] for place in batch])
        found = snapshot()
        transaction.set_rollback(True)
    return found


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[int], list[list[int]]]:
    """Some of the world, each at least once, in any order, cut anywhere."""
    chosen = sorted(draw(st.sets(st.sampled_from(range(len(WORLD))), min_size=1)))
    again = draw(st.lists(st.sampled_from(chosen), max_size=6))
    order = draw(st.permutations([*chosen, *again]))
    batches: list[list[int]] = [[]]
    for place in order:
        batches[-1].append(place)
        if draw(st.booleans()):
            batches.append([])
    return chosen, [batch for batch in batches if batch]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories())
def test_order_repetition_and_batching_change_nothing(care, brand, history):
    chosen, batches = history
    channels = {"care": care, "brand": brand}
    in_order = [[place] for place in sorted(chosen, key=lambda place: WORLD[place][1]["observed_at"])]
    assert outcome(channels, chosen, batches) == outcome(channels, chosen, in_order)


def test_the_whole_world_is_what_people_expect(care, brand):
    found = outcome({"care": care, "brand": brand}, [*range(len(WORLD))], [[*range(len(WORLD))]])
    assert len(found["conversations"]) == 5
    first = found["messages"]["p-1"]
    assert first[3] == "인터넷이 또 안 돼요"
    assert [version[1] for version in first[12]] == ["인터넷이 안 돼요"]
    assert [version[1] for version in found["messages"]["p-5"][12]] == ["요금은요?", "요금?"]
    assert found["messages"]["p-2"][8] == minute(9)
    assert found["early"] == [("p-9", "p-9")]
    assert "l-1" not in found["messages"], "a like is no message"


def test_one_post_to_two_of_our_accounts_is_one_conversation(care, brand):
    receive([recorded(care, item("p-1", "둘 다 보세요"))])
    receive([recorded(brand, item("p-1", "둘 다 보세요", seen=2))])
    (conversation,) = Conversation.objects.all()
    assert (conversation.channel, conversation.also_channels) == (care, [brand.pk])
    assert Message.objects.count() == 1


def test_a_new_message_opens_what_was_resolved_and_wakes_what_sleeps(care, talk):
    Conversation.objects.update(state="resolved", outcome="solved", resolved_at=minute(1), snoozed_until=minute(900))
    arrive(care, item("p-2", "다시 안 돼요", thread="p-1", posted=5))
    talk.refresh_from_db()
    assert (talk.state, talk.outcome, talk.resolved_at, talk.snoozed_until) == ("open", "", None, None)
    assert talk.reopened == 1


def test_an_edit_and_an_old_post_open_nothing(care, talk):
    Conversation.objects.update(state="resolved", outcome="solved", resolved_at=minute(1))
    arrive(care, item("p-1", "인터넷이 안 돼요!", seen=5))
    talk.refresh_from_db()
    assert (talk.state, talk.reopened) == ("resolved", 0)


def test_what_its_customer_writes_anew_is_unread_again_for_whoever_had_read_it(care, talk, hana, doyun):
    def unread(person):
        return conversation_page(person, Filters(view="all")).rows[0].is_unread

    for person in (hana, doyun):
        mark_read(conversation_id=talk.pk, upto_id=talk.last_inbound_id, by=person)
    arrive(care, item("p-1", Message.objects.get(remote_id="p-1").text, seen=4))
    assert not unread(hana), "the same words seen again are no news"
    arrive(care, item("p-1", "요금이 두 번 나갔어요", seen=5))
    assert unread(hana) and unread(doyun)
    mark_read(conversation_id=talk.pk, upto_id=talk.last_inbound_id, by=hana)
    assert not unread(hana) and unread(doyun)


def test_screens_hear_of_new_messages_once(care, told):
    row = recorded(care, item("p-1", "안녕"))
    receive([row])
    assert [type(event) for event in told] == [MessagesReceived]
    receive([row])
    assert [type(event) for event in told] == [MessagesReceived], "nothing is new the second time"
    arrive(care, item("p-1", "안녕하세요", seen=3))
    assert isinstance(told[-1], ConversationChanged)


def test_an_item_that_is_none_stops_the_batch_and_leaves_nothing(care):
    broken = recorded(care, item("p-2", "깨졌어요"))
    Arrival.objects.filter(pk=broken.pk).update(item={"kind": "post"})
    with pytest.raises((KeyError, ValueError, TypeError)):
        receive([recorded(care, item("p-1", "안녕")), broken])
    assert not Message.objects.exists()


def test_what_changed_is_indexed_anew(care, brand):
    arrive(care, item("p-1", "하나"), item("p-2", "둘", thread="p-1", posted=1), item("p-3", "셋", author="lee"))

    def waiting() -> set[str]:
        found = set(Message.objects.filter(indexed_at__isnull=True).values_list("remote_id", flat=True))
        Message.objects.update(indexed_at=minute(10))
        return found

    assert waiting() == {"p-1", "p-2", "p-3"}
    arrive(care, item("p-1", "하나 고침", seen=4))
    assert waiting() == {"p-1"}
    arrive(care, item("p-3", kind="deletion", seen=5))
    assert waiting() == {"p-3"}
    arrive(brand, item("p-1", "하나 고침", seen=6))
    assert waiting() == {"p-1", "p-2"}, "another channel may find the whole conversation now"


@pytest.mark.parametrize("handle", ["", "\u200b\u2060", "\u202e \u3164"])
def test_who_has_no_name_that_anybody_sees_is_called_by_the_accounts_id(care, handle):
    plain = item("p-1", "안녕")
    plain["author"] |= {"handle": handle, "display_name": handle}
    (talk,) = arrive(care, plain)
    assert talk.identity.shown_name == "id-kim"
