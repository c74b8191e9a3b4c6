"""The idempotency rule: the same key by the same account is the same post for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sotong_practice.tests.running import Practice


def test_the_same_key_is_the_same_post_whatever_the_body_says(shared: Practice) -> None:
    bada = shared.account("keys_same")
    first = bada.post("/api/posts", text="처음", key="k1")
    again = bada.post("/api/posts", text="다른 말", key="k1", reply_to="nothing-there")
    assert (first.status, again.status) == (201, 200)
    assert again.headers["X-Practice-Replayed"] == "true"
    assert again.json == first.json
    assert bada.get("/api/posts/by-key/k1").json == {"post": first.json, "effects": 1}


def test_twenty_at_once_with_one_key_have_one_effect(shared: Practice) -> None:
    bada = shared.account("keys_race")
    with ThreadPoolExecutor(20) as pool:
        made = list(pool.map(lambda n: bada.post("/api/posts", text=f"말 {n}", key="race"), range(20)))
    assert sorted(answer.status for answer in made) == [200] * 19 + [201]
    assert len({answer.json["id"] for answer in made}) == 1
    assert [record["key"] for record in shared.records("post")].count("race") == 1


def test_keys_belong_to_their_account(shared: Practice) -> None:
    one, other = shared.account("keys_one"), shared.account("keys_other")
    assert one.write("하나", key="mine")["id"] != other.write("둘", key="mine")["id"]
    assert shared.account("keys_third").get("/api/posts/by-key/mine").status == 404


def test_a_key_outlives_edit_deletion_and_the_target_of_the_reply(shared: Practice) -> None:
    bada, care = shared.account("keys_bada"), shared.account("keys_care")
    target = bada.write("질문")
    reply = care.write("답", key="answer", reply_to=target["id"])
    care.call("PATCH", f"/api/posts/{reply['id']}", {"text": "고친 답"})
    bada.call("DELETE", f"/api/posts/{target['id']}")
    again = care.post("/api/posts", text="답", key="answer", reply_to=target["id"])
    assert (again.status, again.json["id"], again.json["text"]) == (200, reply["id"], "고친 답")
    care.call("DELETE", f"/api/posts/{reply['id']}")
    gone = care.post("/api/posts", text="답", key="answer")
    assert (gone.status, gone.json["id"], gone.json["deleted"]) == (200, reply["id"], True)
    found = care.get("/api/posts/by-key/answer")
    assert (found.status, found.json["post"]["deleted"], found.json["effects"]) == (200, True, 1)


def test_posts_and_messages_share_one_space_of_keys(shared: Practice) -> None:
    bada, care = shared.account("keys_space"), shared.account("keys_space_care")
    post = bada.write("글", key="p")
    message = bada.post("/api/messages", to="keys_space_care", text="쪽지", key="m").json
    assert bada.post("/api/messages", to="keys_space_care", text="쪽지", key="p").json["error"] == "key_used"
    assert bada.post("/api/posts", text="글", key="m").json["error"] == "key_used"
    assert bada.get("/api/by-key/p").json == {"kind": "post", "post": post, "effects": 1}
    assert bada.get("/api/by-key/m").json == {"kind": "direct", "message": message, "effects": 1}
    assert bada.get("/api/messages/by-key/m").json["message"]["id"] == message["id"]
    assert bada.get("/api/by-key/none").json["error"] == "key_unknown"
    assert care.get("/api/messages/by-key/m").status == 404


def test_with_idempotency_off_each_repeat_is_an_effect_and_is_counted(practice: Practice) -> None:
    bada, care = practice.account("bada"), practice.account("care")
    bada.write("하나", key="k")
    practice.admin.call("PATCH", "/api/admin/settings", {"idempotency": False})
    made = [bada.post("/api/posts", text="하나", key="k") for _ in range(3)]
    assert [answer.status for answer in made] == [201] * 3
    assert bada.get("/api/posts/by-key/k").json["effects"] == 4
    assert practice.admin.get("/api/admin/truth").json["duplicate_keys"] == 1
    for _ in range(2):
        bada.post("/api/messages", to="care", text="쪽지", key="m")
    assert practice.admin.get("/api/admin/truth").json["duplicate_keys"] == 2
    assert len(care.whole_feed()) == 2
    practice.admin.call("PATCH", "/api/admin/settings", {"idempotency": True})
    assert bada.post("/api/posts", text="하나", key="k").status == 200


def test_a_key_of_a_wrong_shape_is_refused(shared: Practice) -> None:
    bada = shared.account("keys_shape")
    for key in ("", "a" * 129, "띄어 쓰기", "a/b", "a\n"):
        assert bada.post("/api/posts", text="글", key=key).json["error"] == "key_bad"
    assert bada.write("글", key="0198f3a2-7c1e-7b6a-9d10-2f6f2f0c7a11")["key"]
