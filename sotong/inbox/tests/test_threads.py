"""A thread as the desk reads it: order, pages, versions, images and what became of our answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from sotong.channels.models import Channel, Delivery, DeliveryMedia
from sotong.contacts.models import Contact, Identity
from sotong.inbox.models import Conversation, Message, MessageMedia, MessageVersion
from sotong.inbox.queries.threads import Image, thread
from sotong.people.models import Company, Person

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def hana(db: None) -> Person:
    Company.objects.create(name="한소리텔레콤")
    return Person.objects.create_user("hana@hansori.example", name="박하나", nickname="하나", roles=["agent"])


@pytest.fixture
def conversation(db: None) -> Conversation:
    channel = Channel.objects.create(
        network="practice", origin="http://127.0.0.1:1", remote_id="care", handle="care", name="care",
        opened_on=date(2026, 1, 1),
    )  # fmt: skip
    identity = Identity.objects.create(
        contact=Contact.objects.create(), network="practice", origin=channel.origin, remote_id="id1", handle="mina"
    )
    return Conversation.objects.create(
        channel=channel, identity=identity, origin=channel.origin, thread_ref="t1", last_at=NOON
    )


def said(conversation: Conversation, text: str, minute: int, **fields: object) -> Message:
    return Message.objects.create(
        conversation=conversation, direction="inbound", identity=conversation.identity, text=text,
        origin=conversation.origin, remote_id=text, posted_at=NOON + timedelta(minutes=minute), **fields,
    )  # fmt: skip


def test_a_message_comes_with_its_earlier_versions_and_images(hana: Person, conversation: Conversation) -> None:
    edited = said(conversation, "고친 글", 0, edited_at=NOON)
    for minute, text in enumerate(["첫 글", "둘째 글"]):
        MessageVersion.objects.create(message=edited, text=text, replaced_at=NOON + timedelta(minutes=minute))
    for position, alt in ((1, "뒤"), (0, "앞")):
        MessageMedia.objects.create(message=edited, position=position, alt=alt, width=4, height=3, mime="image/png")
    found = thread(hana, conversation.pk)
    assert found is not None
    (message,) = found.messages
    assert message.versions == ((NOON, "첫 글"), (NOON + timedelta(minutes=1), "둘째 글"))
    assert [image.alt for image in message.images] == ["앞", "뒤"]
    assert (message.writer, message.person, message.delivery_state) == ("mina", "", "")


def test_our_answer_comes_with_its_delivery_and_images(hana: Person, conversation: Conversation) -> None:
    delivery = Delivery.objects.create(
        key=uuid4(), channel=conversation.channel, kind="reply", state="sent", text="네", due_at=NOON, sent_at=NOON,
        remote_id="r1",
    )  # fmt: skip
    picture = DeliveryMedia.objects.create(
        delivery=delivery, position=0, mime="image/png", alt="그림", content=b"x", width=2, height=1
    )
    Message.objects.create(
        conversation=conversation, direction="outbound", person=hana, text="네", posted_at=NOON, delivery=delivery
    )
    found = thread(hana, conversation.pk)
    assert found is not None
    (message,) = found.messages
    assert (message.person, message.writer, message.delivery_state, message.sent_at) == ("하나", "", "sent", NOON)
    assert message.sent_images == (Image(picture.pk, "그림", 2, 1),)


def test_pages_go_back_without_gap_or_repeat_where_times_are_equal(hana: Person, conversation: Conversation) -> None:
    for number in range(10):
        said(conversation, f"글 {number}", number // 4, network_order=f"{number:02}")
    shown: list[str] = []
    before = 0
    while page := thread(hana, conversation.pk, before=before, size=3):
        shown = [message.text for message in page.messages] + shown
        before = page.older
        if not before:
            break
    assert shown == [f"글 {number}" for number in range(10)]
