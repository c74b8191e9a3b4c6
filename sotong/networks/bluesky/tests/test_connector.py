"""The connector against a scripted server: unknown outcomes, and what may never happen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sotong.egress.door import Response
from sotong.egress.errors import MaybeSent, NotSent
from sotong.networks import errors, foreign
from sotong.networks.bluesky.tests.server import DID, KEY, NOW, POST, URI, connect
from sotong.networks.contract import Connector, InboundItem, Media, MemorySession, OutboundPost, PostRef, Unreadable
from sotong.networks.tests.scripted import says


def test_the_connector_keeps_the_contract(server):
    connector: Connector = connect(server)
    assert connector.whoami().display_name == "브랜드"


def test_a_repeated_attempt_writes_the_same_bytes_to_the_same_place(server):
    connector = connect(server)
    first = connector.publish(POST)
    assert connector.publish(POST) == first == connector.find(KEY)
    one, two = server.egress.calls("com.atproto.repo.putRecord")
    assert one.json == two.json
    assert len(server.records) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        MaybeSent("cut"),
        Response(status=200, headers={}, content=b"<html>"),
        Response(status=200, headers={}, content=b'{"uri": "at://'),
        Response(status=200, headers={}, content=b"[]"),
        says({"uri": 7}),
        says({}, 500),
        says({}, 502),
        says({}, 503),
        says({}, 504),
        says({}, 408),
    ],
)
def test_whatever_does_not_say_yes_or_no_to_a_post_is_unknown(server, trouble):
    server.answers["com.atproto.repo.putRecord"] = trouble
    with pytest.raises(errors.Unknown):
        connect(server).publish(POST)


@pytest.mark.parametrize("call", ["com.atproto.server.createSession", "com.atproto.repo.uploadBlob"])
@pytest.mark.parametrize("trouble", [MaybeSent("cut"), NotSent("no"), says({}, 502), says({})])
def test_trouble_before_the_post_is_written_is_surely_without_effect(server, call, trouble):
    server.answers[call] = trouble
    media = (Media(mime="image/png", content=b"x"),)
    with pytest.raises(errors.Temporary):
        connect(server).publish(OutboundPost(text="그림", idempotency_key=KEY, media=media))
    assert not server.egress.calls("com.atproto.repo.putRecord")


def test_a_token_that_dies_at_the_very_post_is_renewed_and_the_post_written_once(server):
    connector = connect(server)
    connector.whoami()
    server.answers["com.atproto.repo.putRecord"] = [says({"error": "ExpiredToken"}, 400), None]
    assert connector.publish(POST).remote_id == URI
    assert len(server.egress.calls("com.atproto.repo.putRecord")) == 2


def test_only_the_missing_record_means_not_there(server):
    connector = connect(server)
    assert connector.find(KEY) is None
    for trouble, kind in [
        (says({"error": "NotFound"}, 404), errors.Gone),
        (says({"error": "RepoNotFound"}, 400), errors.Gone),
        (Response(status=404, headers={}, content=b"<html>"), errors.Rejected),
        (says({}, 502), errors.Temporary),
        (says({}), errors.Temporary),
    ]:
        server.answers["com.atproto.repo.getRecord"] = trouble
        with pytest.raises(kind):
            connector.find(KEY)


def test_an_attempt_whose_facets_came_out_differently_is_still_the_same_post(server):
    connector = connect(server)
    server.records["3mjgjxx4dv4hf"] = {"text": POST.text, "createdAt": "2026-04-13T09:30:00.000Z", "langs": ["en"]}
    assert connector.publish(POST).remote_id == URI
    server.records["3mjgjxx4dv4hf"] = {"text": "다른 글", "createdAt": "2026-04-13T09:30:00.000Z"}
    with pytest.raises(errors.Rejected):
        connector.publish(POST)


def test_a_post_of_others_is_neither_deleted_nor_asked_about(server):
    connector = connect(server)
    for uri in ("at://did:plc:other/app.bsky.feed.post/3m", f"at://{DID}/app.bsky.actor.profile/self", "x"):
        with pytest.raises(errors.Rejected):
            connector.delete(uri)
    assert not server.egress.calls("com.atproto.repo.deleteRecord")
    with pytest.raises(errors.Rejected):
        connector.publish(OutboundPost(text="답", idempotency_key=KEY, in_reply_to=PostRef(remote_id="x")))


def notification(number):
    did = "did:plc:customer"
    return {
        "uri": f"at://{did}/app.bsky.feed.post/{number}",
        "cid": f"cid{number}",
        "author": {"did": did, "handle": "bada.example"},
        "reason": "mention",
        "record": {"text": f"{number}", "createdAt": (NOW - timedelta(minutes=number)).isoformat()},
        "indexedAt": (NOW - timedelta(minutes=number)).isoformat(),
    }


def test_one_odd_notification_never_stops_the_others(server):
    odd = [
        7,
        None,
        {"reason": "mention"},
        {**notification(2), "author": []},
        {**notification(3), "record": {"reply": 1}},
    ]
    server.answers["app.bsky.notification.listNotifications"] = says({"notifications": [notification(1), *odd]})
    server.answers["app.bsky.feed.getAuthorFeed"] = says({}, 502)
    server.answers["app.bsky.feed.getPosts"] = says({"posts": []})
    page = connect(server).fetch("")
    assert [item.text for item in page.items if isinstance(item, InboundItem)] == ["1"]
    assert len([item for item in page.items if isinstance(item, Unreadable)]) == 5
    assert page.cursor


def test_a_feed_that_cannot_be_read_raises_and_moves_nothing(server):
    connector = connect(server)
    for trouble in (
        says({"notifications": 7}),
        says({}, 502),
        MaybeSent("cut"),
        Response(status=200, headers={}, content=b""),
    ):
        server.answers["app.bsky.notification.listNotifications"] = trouble
        with pytest.raises(errors.Temporary):
            connector.fetch("")


def test_the_rate_limit_says_when_to_come_back(server):
    reset = str(int(NOW.timestamp()) + 90)
    limited = says({"error": "RateLimitExceeded"}, 429, **{"ratelimit-reset": reset})
    server.answers["com.atproto.repo.putRecord"] = limited
    with pytest.raises(errors.RateLimited) as caught:
        connect(server).publish(POST)
    assert caught.value.retry_after == 90


def test_no_error_and_no_repr_holds_a_secret(server):
    server.password = "another"
    connector = connect(server)
    with pytest.raises(errors.Unauthorized) as caught:
        connector.whoami()
    assert "app-pass" not in f"{caught.value!r} {caught.value.detail} {connector!r} {vars(connector)!r}"
    server.password = "app-pass"
    connector.whoami()
    assert "access-1" not in repr(connector._sign_in.tokens())


def test_a_stored_notification_and_a_stored_post_are_read_again(server):
    record = {"$type": "app.bsky.feed.post", "text": "안녕", "createdAt": "2026-04-13T09:00:00Z"}
    raw = {"uri": URI, "cid": "bafy1", "author": {"did": DID, "handle": "brand.example"}, "record": record}
    raw |= {"indexedAt": "2026-04-13T09:00:01Z"}
    connector = connect(server, MemorySession())
    for stored in (raw | {"reason": "mention", "isRead": False}, raw):
        found = connector.reread(foreign.as_bytes(stored), NOW)
        assert isinstance(found, InboundItem), found
        assert (found.remote_id, found.text, found.observed_at) == (URI, "안녕", NOW)
    assert isinstance(connector.reread(foreign.as_bytes(raw | {"record": 7}), NOW), Unreadable)
