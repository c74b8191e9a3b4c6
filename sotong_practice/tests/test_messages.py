"""Direct messages are between two people, and so are their images."""

from __future__ import annotations

from sotong_practice.tests.running import Practice
from sotong_practice.tests.test_media import png


def test_two_people_share_one_exchange_and_others_see_nothing(shared: Practice) -> None:
    care, bada, eve = shared.account("dm_care"), shared.account("dm_bada"), shared.account("dm_eve")
    asked = bada.post("/api/messages", to="@DM_care", text="번호는 여기로요").json
    answer = care.post("/api/messages", to="dm_bada", text="네", reply_to=asked["id"]).json
    assert asked["exchange"] == answer["exchange"]
    base = f"http://127.0.0.1:{shared.port}"
    assert asked["url"] == f"{base}/@dm_bada/messages/{asked['id']}"
    assert answer["url"] == f"{base}/@dm_care/messages/{answer['id']}"
    for reader in (care, bada):
        handle = "dm_bada" if reader is care else "dm_care"
        found = reader.get(f"/api/exchanges/{handle}?after=start").json["messages"]
        assert [one["id"] for one in found] == [asked["id"], answer["id"]]
        listed = reader.get("/api/exchanges").json["exchanges"]
        assert [(one["with"]["handle"], one["last"]["id"]) for one in listed] == [(handle, answer["id"])]
    assert eve.get(f"/api/messages/{asked['id']}").json["error"] == "message_unknown"
    assert eve.get("/api/exchanges").json["exchanges"] == []
    assert eve.call("DELETE", f"/api/messages/{asked['id']}").status == 404
    assert eve.get("/api/search?q=%EB%B2%88%ED%98%B8%EB%8A%94").json["posts"] == []


def test_refusals(shared: Practice) -> None:
    bada, care = shared.account("dm_refused"), shared.account("dm_refused_care")
    assert bada.post("/api/messages", to="dm_refused", text="나에게").json["error"] == "recipient_self"
    assert bada.post("/api/messages", to="dm_nobody", text="없는 사람").json["error"] == "recipient_unknown"
    assert bada.post("/api/messages", to="dm_refused_care", text="가" * 501).json["error"] == "text_too_long"
    elsewhere = care.post("/api/messages", to="dm_refused", text="쪽지").json
    eve = shared.account("dm_refused_eve")
    refused = eve.post("/api/messages", to="dm_refused_care", text="끼어들기", reply_to=elsewhere["id"])
    assert refused.json["error"] == "reply_target_unknown"
    assert bada.call("DELETE", f"/api/messages/{elsewhere['id']}").json["error"] == "not_yours"


def test_a_message_can_be_addressed_by_account_id_and_taken_back(shared: Practice) -> None:
    bada, care = shared.account("dm_back"), shared.account("dm_back_care")
    message = bada.post("/api/messages", to=care.get("/api/me").json["id"], text="잘못 보냄").json
    assert [bada.call("DELETE", f"/api/messages/{message['id']}").status for _ in range(2)] == [204, 204]
    gone = care.get(f"/api/messages/{message['id']}").json
    assert (gone["deleted"], gone["text"], gone["revision"]) == (True, "", 2)


def test_an_image_of_a_message_is_seen_by_its_two_people_only(shared: Practice) -> None:
    bada, care, eve = shared.account("dm_image"), shared.account("dm_image_care"), shared.account("dm_image_eve")
    image = bada.call("POST", "/api/media", png(), **{"Content-Type": "image/png"}).json
    path = "/media/" + image["url"].rpartition("/")[2]
    assert [caller.get(path).status for caller in (bada, care, eve)] == [200, 404, 404]
    message = bada.post("/api/messages", to="dm_image_care", text="", media=[{"id": image["id"], "alt": "화면"}]).json
    assert message["media"][0]["alt"] == "화면"
    assert [caller.get(path).status for caller in (bada, care, eve)] == [200, 200, 404]
    assert shared.request("GET", path).status == 404
    bada.call("DELETE", f"/api/messages/{message['id']}")
    assert care.get(path).status == 404


def test_whoever_has_the_address_of_a_messages_image_is_served_until_the_message_is_gone(shared: Practice) -> None:
    bada, care = shared.account("dm_address"), shared.account("dm_address_care")
    images = [bada.call("POST", "/api/media", png(), **{"Content-Type": "image/png"}).json for _ in range(2)]
    messages = [
        bada.post("/api/messages", to="dm_address_care", text="", media=[{"id": one["id"]}]).json for one in images
    ]
    given = [one["message"]["media"][0]["url"] for one in care.feed()["items"]]
    assert given == [one["media"][0]["url"] for one in messages]
    first, second = ("/media/" + url.rpartition("/media/")[2] for url in given)
    assert [shared.request("GET", path).status for path in (first, second)] == [200, 200]
    bare, _, key = first.partition("?key=")
    wrong = (bare, f"{bare}?key=", f"{bare}?key={key[:-1]}", f"{bare}?key=%ff", f"{second.partition('?')[0]}?key={key}")
    assert [shared.request("GET", path).status for path in wrong] == [404] * len(wrong)
    bada.call("DELETE", f"/api/messages/{messages[0]['id']}")
    assert [shared.request("GET", path).status for path in (first, second)] == [404, 200]
