"""The practice network's connector against the practice network itself."""

from __future__ import annotations

import io
import itertools

import pytest
from PIL import Image

from sotong.networks import errors
from sotong.networks.contract import (
    InboundItem,
    InboundKind,
    Media,
    MemorySession,
    OutboundPost,
    PostRef,
    Unreadable,
)
from sotong.networks.practice.connector import open_connector
from tests.servers.keys import new_key

NUMBERS = itertools.count()


@pytest.fixture
def cast(practice):
    """A company's connector with its handle, and a customer's handle."""
    number = next(NUMBERS)
    brand = practice.create_account(f"brand{number}", kind="company")
    practice.create_account(f"customer{number}")
    return connect(practice, f"brand{number}", brand["token"]), f"brand{number}", f"customer{number}"


def connect(practice, handle, token):
    return open_connector({"base_url": practice.url, "handle": handle, "token": token}, MemorySession())


def say(practice, handle, text, **fields):
    return practice.call("POST", "/api/posts", {"text": text, **fields}, as_handle=handle)


def png():
    target = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(target, "PNG")
    return target.getvalue()


def test_a_mention_is_fetched_answered_once_found_measured_and_deleted(practice, cast):
    connector, brand, customer = cast
    assert connector.whoami().handle == brand
    start = connector.fetch("").cursor
    asked = say(practice, customer, f"@{brand} 환불 되나요?")
    page = connector.fetch(start)
    (item,) = page.items
    assert (item.kind, item.remote_id, item.thread_ref) == (InboundKind.POST, asked["id"], asked["root"])
    assert (item.text, item.author.handle, item.revision) == (f"@{brand} 환불 되나요?", customer, "1")
    assert connector.fetch(page.cursor).items == ()

    post = OutboundPost(
        text="네, 도와드릴게요", idempotency_key=new_key(), in_reply_to=PostRef(remote_id=item.remote_id)
    )
    assert connector.find(post.idempotency_key) is None
    receipt = connector.publish(post)
    assert receipt.thread_ref == asked["root"]
    assert connector.publish(post) == receipt == connector.find(post.idempotency_key)
    assert practice.effects(post.idempotency_key) == 1
    practice.call("PUT", f"/api/posts/{receipt.remote_id}/like", as_handle=customer)
    assert connector.measure(receipt.remote_id).likes == 1
    (like,) = connector.fetch(page.cursor).items
    assert (like.kind, like.in_reply_to, like.text) == (InboundKind.REACTION, receipt.remote_id, "like")
    connector.delete(receipt.remote_id)
    connector.delete(receipt.remote_id)
    with pytest.raises(errors.Gone):
        connector.measure(receipt.remote_id)


def test_edits_and_deletions_come_as_versions_of_the_same_post(practice, cast):
    connector, brand, customer = cast
    cursor = connector.fetch("").cursor
    asked = say(practice, customer, f"@{brand} 오타")
    practice.call("PATCH", f"/api/posts/{asked['id']}", {"text": f"@{brand} 고침"}, as_handle=customer)
    practice.call("DELETE", f"/api/posts/{asked['id']}", as_handle=customer)
    items = connector.fetch(cursor).items
    assert {item.remote_id for item in items} == {asked["id"]}
    assert items[-1].kind is InboundKind.DELETION
    assert len({(item.kind, item.revision) for item in items}) >= 2


def test_direct_messages_go_both_ways(practice, cast):
    connector, brand, customer = cast
    cursor = connector.fetch("").cursor
    sent = practice.call("POST", "/api/messages", {"to": brand, "text": "주소를 알려 드릴게요"}, as_handle=customer)
    (item,) = connector.fetch(cursor).items
    assert (item.kind, item.thread_ref, item.text) == (InboundKind.DIRECT, sent["exchange"], "주소를 알려 드릴게요")
    post = OutboundPost(text="고맙습니다", idempotency_key=new_key(), direct_to=item.author)
    receipt = connector.publish(post)
    assert receipt.thread_ref == sent["exchange"]
    assert connector.publish(post) == receipt
    assert connector.find(post.idempotency_key).remote_id == receipt.remote_id
    connector.delete(receipt.remote_id)


def test_images_go_out_and_come_in_with_their_alternative_text(practice, cast):
    connector, brand, customer = cast
    media = Media(mime="image/png", content=png(), alt="빨간 네모", width=64, height=48)
    receipt = connector.publish(OutboundPost(text="", idempotency_key=new_key(), media=(media,)))
    shown = practice.call("GET", f"/api/posts/{receipt.remote_id}")["media"][0]
    assert (shown["alt"], shown["width"]) == ("빨간 네모", 64)
    quoted = say(practice, customer, f"@{brand} 이거요", quote_of=receipt.remote_id)
    items = [item for item in connector.fetch("").items if item.remote_id == quoted["id"]]
    assert items


def test_a_reply_to_a_deleted_post_is_gone_and_a_long_text_is_rejected(practice, cast):
    connector, brand, customer = cast
    asked = say(practice, customer, f"@{brand} 지울 글")
    practice.call("DELETE", f"/api/posts/{asked['id']}", as_handle=customer)
    with pytest.raises(errors.Gone):
        connector.publish(
            OutboundPost(text="답", idempotency_key=new_key(), in_reply_to=PostRef(remote_id=asked["id"]))
        )
    with pytest.raises(errors.Rejected):
        connector.publish(OutboundPost(text="가" * 501, idempotency_key=new_key()))
    connector.publish(OutboundPost(text="가" * 500, idempotency_key=new_key()))


@pytest.fixture
def fault(practice, cast):
    _, brand, _ = cast

    def switch_on(kind, **fields):
        practice.call("PUT", f"/api/admin/faults/{kind}", {"probability": 1, "accounts": [brand], **fields})

    yield switch_on
    practice.call("DELETE", "/api/admin/faults")


@pytest.mark.parametrize(
    ("kind", "fields", "happened"),
    [
        ("drop_before", {}, False),
        ("drop_after", {}, True),
        ("html", {}, True),
        ("truncated_json", {}, True),
        ("short_body", {}, True),
        ("server_error", {"status": 502, "after": True}, True),
        ("server_error", {"status": 503}, False),
    ],
)
def test_whenever_the_answer_says_nothing_it_is_unknown_and_find_tells(practice, cast, fault, kind, fields, happened):
    connector, _, _ = cast
    fault(kind, operations=["post"], limit=1, **fields)
    post = OutboundPost(text="한 번만", idempotency_key=new_key())
    with pytest.raises(errors.Unknown):
        connector.publish(post)
    assert (connector.find(post.idempotency_key) is not None) is happened
    receipt = connector.publish(post)
    assert connector.find(post.idempotency_key) == receipt
    assert practice.effects(post.idempotency_key) == 1


def test_a_rate_limit_says_when_to_come_back_and_a_dead_token_is_unauthorized(practice, cast, fault):
    connector, brand, _ = cast
    fault("rate_limited", operations=["post"], seconds=17, limit=1)
    with pytest.raises(errors.RateLimited) as caught:
        connector.publish(OutboundPost(text="천천히", idempotency_key=new_key()))
    assert caught.value.retry_after == 17
    with pytest.raises(errors.Unauthorized):
        connect(practice, "someone_else", connector._client.token).whoami()
    practice.call("DELETE", f"/api/accounts/{brand}/token")
    for call in (connector.whoami, lambda: connector.fetch(""), lambda: connector.find(new_key())):
        with pytest.raises(errors.Unauthorized):
            call()


def test_a_malformed_item_is_set_aside_and_the_others_come(practice, cast, fault):
    connector, brand, customer = cast
    cursor = connector.fetch("").cursor
    made = [say(practice, customer, f"@{brand} {number}")["id"] for number in range(5)]
    unread = 0
    for seed in range(12):
        fault("malformed_item", seed=seed, operations=["feed"])
        items = connector.fetch(cursor).items
        assert [item.remote_id for item in items if isinstance(item, InboundItem) and item.remote_id in made] == made
        unread += sum(isinstance(item, Unreadable) for item in items)
        practice.call("DELETE", "/api/admin/faults/malformed_item")
    assert unread >= 6
    for seed in range(12):
        fault("hostile_item", seed=seed, operations=["feed"])
        items = connector.fetch(cursor).items
        assert set(made) <= {item.remote_id for item in items}
        for item in items:
            if isinstance(item, InboundItem):
                item.text.encode()
                assert "\x00" not in item.text
                assert item.posted_at <= item.observed_at


def test_a_new_world_is_read_from_its_beginning(practice, cast):
    connector, brand, customer = cast
    asked = say(practice, customer, f"@{brand} 안녕")
    items = connector.fetch("zzzzzz.12").items
    assert asked["id"] in {item.remote_id for item in items}


def test_search_finds_a_word_and_then_only_what_is_new(practice, cast):
    connector, brand, customer = cast
    first = say(practice, customer, f"오징어{brand} 하나")
    page = connector.search(f"오징어{brand}", "")
    assert [item.remote_id for item in page.items] == [first["id"]]
    second = say(practice, customer, f"오징어{brand} 둘")
    assert [item.remote_id for item in connector.search(f"오징어{brand}", page.cursor).items] == [second["id"]]


def test_every_probe_says_what_it_saw_and_changes_nothing(practice, cast):
    connector, brand, _ = cast
    before = len(practice.call("GET", f"/api/accounts/{brand}/posts")["posts"])
    seen = {name: probe() for name, probe in connector.probes().items()}
    assert seen["account"] == seen["publish"] == f"@{brand}"
    assert len(practice.call("GET", f"/api/accounts/{brand}/posts")["posts"]) == before
