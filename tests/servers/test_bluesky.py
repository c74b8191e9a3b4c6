"""The Bluesky connector against the real PLC, PDS and AppView."""

from __future__ import annotations

import io
import itertools
import time
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from sotong.networks import errors
from sotong.networks.bluesky.connector import open_connector
from sotong.networks.bluesky.signin import SignIn
from sotong.networks.contract import (
    InboundItem,
    InboundKind,
    Media,
    MemorySession,
    OutboundPost,
    PostRef,
    Unreadable,
)
from tests.servers.atproto_accounts import wait_for
from tests.servers.cutting_proxy import cutting_proxy
from tests.servers.keys import new_key

pytestmark = pytest.mark.atproto
NUMBERS = itertools.count()


def pair(network):
    number = next(NUMBERS)
    return network.create_account(f"brand{number}"), network.create_account(f"customer{number}")


def connect(network, account, *, session=None, password=None, server=None, now=None):
    credentials = {
        "handle": account.handle,
        "app_password": password or account.app_password,
        "base_url": server or network.pds,
    }
    extra = {"now": now} if now else {}
    return open_connector(credentials, session if session is not None else MemorySession(), **extra)


class Follow:
    """Fetches on and on as the poll does, and keeps what came."""

    def __init__(self, connector):
        self.connector = connector
        self.cursor = ""
        self.items = []

    def once(self):
        page = self.connector.fetch(self.cursor)
        self.cursor = page.cursor
        assert not [item for item in page.items if isinstance(item, Unreadable)]
        assert list(page.items) == sorted(page.items, key=lambda item: item.posted_at)
        self.items += page.items
        return page

    def until(self, wanted):
        def look():
            self.once()
            return next((item for item in self.items if wanted(item)), None)

        return wait_for(look)


def image(color=(200, 30, 30)):
    target = io.BytesIO()
    Image.new("RGB", (64, 48), color).save(target, "PNG")
    return target.getvalue()


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


def test_an_answer_that_is_lost_is_unknown_and_find_tells(atproto):
    brand, _ = pair(atproto)
    with cutting_proxy(atproto.pds) as proxy:
        connector = connect(atproto, brand, server=proxy.url)
        connector.whoami()
        post = OutboundPost(text="한 번만", idempotency_key=new_key())
        proxy.drop_answer("putRecord")
        with pytest.raises(errors.Unknown):
            connector.publish(post)
        assert proxy.dropped == 1
        receipt = wait_for(lambda: connector.find(post.idempotency_key))
        assert connector.publish(post).remote_id == receipt.remote_id
        assert len(atproto.posts_of(brand)) == 1

        other = OutboundPost(text="닿지 않음", idempotency_key=new_key())
        proxy.drop_request("putRecord")
        with pytest.raises(errors.Unknown):
            connector.publish(other)
        assert connector.find(other.idempotency_key) is None
        assert connector.publish(other).remote_id
        assert len(atproto.posts_of(brand)) == 2


def test_another_post_at_our_key_is_never_overwritten(atproto):
    brand, _ = pair(atproto)
    connector = connect(atproto, brand)
    key = new_key()
    first = connector.publish(OutboundPost(text="먼저", idempotency_key=key))
    with pytest.raises(errors.Rejected):
        connector.publish(OutboundPost(text="나중", idempotency_key=key))
    (record,) = atproto.posts_of(brand)
    assert (record["value"]["text"], record["cid"]) == ("먼저", first.revision)


def test_a_wrong_password_is_unauthorized(atproto):
    brand, _ = pair(atproto)
    with pytest.raises(errors.Unauthorized):
        connect(atproto, brand, password="wrong-wrong-wrong").whoami()


def test_a_dead_access_token_is_renewed_and_the_new_pair_is_kept(atproto):
    brand, _ = pair(atproto)
    session = MemorySession()
    connector = connect(atproto, brand, session=session)
    connector.whoami()
    before = session.read()
    session.write({**before, "access": before["access"][:-4] + "AAAA"})
    assert connector.whoami().remote_id == brand.did
    after = session.read()
    assert after["refresh"] not in ("", before["refresh"])
    session.write({**after, "access": "x.y.z", "refresh": "x.y.z"})
    receipt = connector.publish(OutboundPost(text="다시 로그인", idempotency_key=new_key()))
    assert receipt.remote_id.startswith(f"at://{brand.did}/")


def test_two_processes_that_renew_at_once_both_go_on(atproto):
    brand, _ = pair(atproto)
    session = MemorySession()
    one, two = (connect(atproto, brand, session=session) for _ in range(2))
    one.whoami()
    stale = session.read()
    sign_in: SignIn = two._sign_in
    refused = sign_in.tokens()
    session.write({**stale, "access": "x.y.z"})
    one.whoami()
    assert sign_in.renew(refused).access == session.read()["access"]
    assert two.whoami().remote_id == brand.did


def test_search_finds_a_word_and_then_only_what_is_new(atproto):
    brand, customer = pair(atproto)
    connector = connect(atproto, brand)
    word = f"hansori{int(time.time() * 1000)}"
    first = atproto.post(customer, f"{word} good")

    def found(cursor=""):
        page = connector.search(word, cursor)
        return page if page.items else None

    page = wait_for(found)
    assert [item.remote_id for item in page.items if isinstance(item, InboundItem)] == [first["uri"]]
    second = atproto.post(customer, f"{word} again")
    later = wait_for(lambda: found(page.cursor))
    assert [item.remote_id for item in later.items if isinstance(item, InboundItem)] == [second["uri"]]


def test_every_probe_says_what_it_saw_and_changes_nothing(atproto):
    brand, _ = pair(atproto)
    connector = connect(atproto, brand)
    seen = {name: probe() for name, probe in connector.probes().items()}
    assert seen["account"] == seen["publish"] == f"@{brand.handle}"
    assert atproto.posts_of(brand) == []
