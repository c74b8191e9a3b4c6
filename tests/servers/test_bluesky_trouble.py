"""The Bluesky connector against the real servers: lost answers, dead tokens, keys that are taken."""

from __future__ import annotations

import time

import pytest

from sotong.networks import errors
from sotong.networks.bluesky.signin import SignIn
from sotong.networks.contract import (
    InboundItem,
    MemorySession,
    OutboundPost,
)
from tests.servers.atproto_accounts import wait_for
from tests.servers.bluesky_clients import connect, pair
from tests.servers.cutting_proxy import cutting_proxy
from tests.servers.keys import new_key

pytestmark = pytest.mark.atproto


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
