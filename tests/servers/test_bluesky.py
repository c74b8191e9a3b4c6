"""The Bluesky connector against the real PLC, PDS and AppView: what is said reaches the other side."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sotong.networks import errors
from sotong.networks.contract import (
    InboundKind,
    Media,
    OutboundPost,
    PostRef,
)
from tests.servers.atproto_accounts import wait_for
from tests.servers.bluesky_clients import Follow, connect, image, pair
from tests.servers.keys import new_key

pytestmark = pytest.mark.atproto


def test_a_mention_is_fetched_answered_once_and_seen_in_the_thread(atproto):
    brand, customer = pair(atproto)
    connector = connect(atproto, brand)
    me = connector.whoami()
    assert (me.remote_id, me.handle) == (brand.did, brand.handle)
    follow = Follow(connector)
    follow.once()

    asked = atproto.mention(customer, brand, f"안녕하세요 👋🏽 @{brand.handle} 이어폰 환불 되나요?")
    item = follow.until(lambda item: item.remote_id == asked["uri"])
    assert item.kind is InboundKind.POST
    assert item.revision == asked["cid"]
    assert item.thread_ref == asked["uri"]
    assert item.author.handle == customer.handle
    assert "이어폰 환불 되나요?" in item.text

    post = OutboundPost(
        text=f"@{customer.handle} 네, 도와드릴게요. https://example.com/환불 #환불",
        idempotency_key=new_key(),
        in_reply_to=PostRef(remote_id=item.remote_id, revision=item.revision, thread_ref=item.thread_ref),
        created_at=datetime.now(UTC),
    )
    receipt = connector.publish(post)
    assert receipt.thread_ref == asked["uri"]
    assert connector.publish(post) == receipt, "the same key is the same post"
    assert connect(atproto, brand).publish(post) == receipt, "also from another process"
    assert connector.find(post.idempotency_key) == receipt
    records = atproto.posts_of(brand)
    assert [record["uri"] for record in records] == [receipt.remote_id]
    kinds = [
        feature["$type"].partition("#")[2] for facet in records[0]["value"]["facets"] for feature in facet["features"]
    ]
    assert kinds == ["mention", "link", "tag"]

    def replies():
        return [reply["post"]["uri"] for reply in atproto.thread(asked["uri"], viewer=customer).get("replies", [])]

    wait_for(lambda: receipt.remote_id in replies())
    told = Follow(connect(atproto, customer)).until(lambda item: item.remote_id == receipt.remote_id)
    assert told.in_reply_to == asked["uri"]
    assert told.text == post.text

    connector.delete(receipt.remote_id)
    connector.delete(receipt.remote_id)
    assert connector.find(post.idempotency_key) is None
    assert atproto.posts_of(brand) == []


def test_replies_quotes_likes_and_deep_replies_in_our_thread_are_seen(atproto):
    brand, customer = pair(atproto)
    clock = [datetime.now(UTC)]
    connector = connect(atproto, brand, now=lambda: clock[0])
    follow = Follow(connector)
    follow.once()
    key = new_key()
    ours = connector.publish(OutboundPost(text="새 소식이에요", idempotency_key=key))
    ref = {"uri": ours.remote_id, "cid": ours.revision}
    first = atproto.reply(customer, ref, "첫 답글")
    deep = atproto.reply(customer, first, "답글의 답글", root=ref)
    embed = {"$type": "app.bsky.embed.record", "record": ref}
    quote = atproto.post(customer, "이거 보세요", embed=embed)
    like = atproto.like(customer, ref)
    wanted = {each["uri"] for each in (first, deep, quote, like)}

    def look():
        clock[0] += timedelta(minutes=6)  # the second look: the AppView forgets a notification now and then
        follow.once()
        return wanted <= {item.remote_id for item in follow.items}

    wait_for(look)
    by_id = {item.remote_id: item for item in follow.items}
    assert by_id[first["uri"]].thread_ref == by_id[deep["uri"]].thread_ref == ours.remote_id
    assert by_id[deep["uri"]].in_reply_to == first["uri"]
    assert by_id[quote["uri"]].text.endswith(ours.url)
    assert by_id[like["uri"]].kind is InboundKind.REACTION
    assert by_id[like["uri"]].in_reply_to == ours.remote_id
    metrics = wait_for(lambda: (found := connector.measure(ours.remote_id)).likes and found)
    assert (metrics.likes, metrics.replies, metrics.quotes, metrics.reposts) == (1, 1, 1, 0)


def test_a_reply_to_a_reply_keeps_the_root_and_may_follow_our_own_fresh_post(atproto):
    brand, _ = pair(atproto)
    connector = connect(atproto, brand)
    first = connector.publish(OutboundPost(text="하나", idempotency_key=new_key()))
    second = connector.publish(
        OutboundPost(text="둘", idempotency_key=new_key(), in_reply_to=PostRef(remote_id=first.remote_id))
    )
    third = connector.publish(
        OutboundPost(text="셋", idempotency_key=new_key(), in_reply_to=PostRef(remote_id=second.remote_id))
    )
    assert {second.thread_ref, third.thread_ref} == {first.remote_id}
    value = atproto.posts_of(brand)[0]["value"]
    assert value["reply"]["root"] == {"uri": first.remote_id, "cid": first.revision}
    assert value["reply"]["parent"] == {"uri": second.remote_id, "cid": second.revision}


def test_a_reply_to_a_deleted_post_is_gone(atproto):
    brand, customer = pair(atproto)
    connector = connect(atproto, brand)
    asked = atproto.mention(customer, brand, f"@{brand.handle} 지울 글")
    Follow(connector).until(lambda item: item.remote_id == asked["uri"])
    atproto.delete(customer, asked["uri"])

    def is_gone():
        try:
            connector.publish(
                OutboundPost(text="답", idempotency_key=new_key(), in_reply_to=PostRef(remote_id=asked["uri"]))
            )
        except errors.Gone:
            return True
        return False

    wait_for(is_gone)


def test_a_deletion_is_noticed(atproto):
    brand, customer = pair(atproto)
    clock = [datetime.now(UTC)]
    follow = Follow(connect(atproto, brand, now=lambda: clock[0]))
    asked = atproto.mention(customer, brand, f"@{brand.handle} 곧 지울 글")
    kept = atproto.mention(customer, brand, f"@{brand.handle} 남길 글")
    follow.until(lambda item: item.remote_id == asked["uri"])
    follow.until(lambda item: item.remote_id == kept["uri"])
    atproto.delete(customer, asked["uri"])

    def look():
        clock[0] += timedelta(minutes=3)
        follow.once()
        return [item for item in follow.items if item.kind is InboundKind.DELETION]

    assert [item.remote_id for item in wait_for(look)] == [asked["uri"]]


def test_images_go_out_and_come_in_with_their_alternative_text(atproto):
    brand, customer = pair(atproto)
    connector = connect(atproto, brand)
    media = Media(mime="image/png", content=image(), alt="빨간 네모", width=64, height=48)
    post = OutboundPost(text="그림", idempotency_key=new_key(), media=(media,))
    receipt = connector.publish(post)
    assert connector.publish(post) == receipt
    shown = atproto.posts_of(brand)[0]["value"]["embed"]["images"][0]
    assert (shown["alt"], shown["aspectRatio"]) == ("빨간 네모", {"width": 64, "height": 48})

    blob = atproto.upload(customer, image((0, 0, 250)), "image/png")
    embed = {"$type": "app.bsky.embed.images", "images": [{"alt": "파란 네모", "image": blob}]}
    asked = atproto.mention(customer, brand, f"@{brand.handle} 고장 났어요", embed=embed)
    item = Follow(connector).until(lambda item: item.remote_id == asked["uri"])
    (found,) = item.media
    assert (found.alt, found.mime) == ("파란 네모", "image/png")
    assert found.url.startswith(f"{atproto.pds}/xrpc/com.atproto.sync.getBlob?")


def test_more_notifications_than_one_page_come_without_a_gap_and_without_repeats(atproto):
    brand, customer = pair(atproto)
    follow = Follow(connect(atproto, brand))
    follow.once()
    made = {atproto.mention(customer, brand, f"@{brand.handle} {number}")["uri"] for number in range(230)}
    wait_for(lambda: follow.once() and made <= {item.remote_id for item in follow.items}, seconds=60)
    assert sorted(item.remote_id for item in follow.items) == sorted(made)


def test_a_post_that_claims_an_earlier_time_is_still_found(atproto):
    brand, customer = pair(atproto)
    clock = [datetime.now(UTC)]
    follow = Follow(connect(atproto, brand, now=lambda: clock[0]))
    now_post = atproto.mention(customer, brand, f"@{brand.handle} 지금")
    follow.until(lambda item: item.remote_id == now_post["uri"])
    early = (datetime.now(UTC) - timedelta(hours=3)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    late = atproto.mention(customer, brand, f"@{brand.handle} 세 시간 전이라고 함", createdAt=early)

    def look():
        clock[0] += timedelta(minutes=31)
        follow.once()
        return late["uri"] in {item.remote_id for item in follow.items}

    wait_for(look)
