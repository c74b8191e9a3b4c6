"""The feed of an account: everything that concerns it, in order, without gaps."""

from __future__ import annotations

import threading
import time
from typing import Any

from sotong_practice.tests.running import Caller, Practice


def _said(items: list[dict[str, Any]]) -> list[tuple[str, tuple[str, ...], str]]:
    return [(item["type"], tuple(item["reasons"]), (item["post"] or item["message"])["id"]) for item in items]


def test_everything_that_concerns_an_account_comes_with_its_reason(shared: Practice) -> None:
    care, bada, jiyu = shared.account("feed_care"), shared.account("feed_bada"), shared.account("feed_jiyu")
    asked = bada.write("@feed_care 안 돼요")
    followed = bada.write("껐다 켜도요", reply_to=asked["id"])
    answer = care.write("봐 드릴게요", reply_to=followed["id"])
    thanks = bada.write("고마워요", reply_to=answer["id"])
    other = jiyu.write("저도요", reply_to=thanks["id"])
    quote = jiyu.write("이것 보세요", quote_of=answer["id"])
    jiyu.call("PUT", f"/api/posts/{answer['id']}/like")
    jiyu.call("DELETE", f"/api/posts/{answer['id']}/like")
    bada.call("PATCH", f"/api/posts/{asked['id']}", {"text": "@feed_care 이제 돼요"})
    bada.call("DELETE", f"/api/posts/{thanks['id']}")
    message = bada.post("/api/messages", to="feed_care", text="번호예요").json
    bada.call("DELETE", f"/api/messages/{message['id']}")
    jiyu.write("상관없는 글")
    assert _said(care.whole_feed()) == [
        ("post", ("mention",), asked["id"]),
        ("post", ("thread",), followed["id"]),
        ("post", ("reply", "thread"), thanks["id"]),
        ("post", ("thread",), other["id"]),
        ("post", ("quote",), quote["id"]),
        ("like", ("like",), answer["id"]),
        ("unlike", ("like",), answer["id"]),
        ("edit", ("mention", "thread"), asked["id"]),
        ("deletion", ("reply", "thread"), thanks["id"]),
        ("direct", ("direct",), message["id"]),
        ("direct_deletion", ("direct",), message["id"]),
    ]
    own = [item for item in care.feed(own=1)["items"] if "own" in item["reasons"]]
    assert _said(own) == [("post", ("own",), answer["id"])]


def test_a_version_is_handed_out_as_it_was_and_a_deleted_one_without_its_text(shared: Practice) -> None:
    care, bada = shared.account("feed_versions"), shared.account("feed_versions_b")
    post = bada.write("@feed_versions 처음 말")
    bada.call("PATCH", f"/api/posts/{post['id']}", {"text": "@feed_versions 고친 말"})
    page = care.feed()
    texts = [(item["type"], item["post"]["revision"], item["post"]["text"]) for item in page["items"]]
    assert texts == [("post", 1, "@feed_versions 처음 말"), ("edit", 2, "@feed_versions 고친 말")]
    bada.call("DELETE", f"/api/posts/{post['id']}")
    assert [item["type"] for item in care.feed(page["cursor"])["items"]] == ["deletion"]
    again = [(item["post"]["revision"], item["post"]["deleted"], item["post"]["text"]) for item in care.whole_feed()]
    assert again == [(1, True, ""), (2, True, ""), (3, True, "")]


def test_an_edit_that_adds_or_drops_a_mention_is_told(shared: Practice) -> None:
    care, bada = shared.account("feed_added"), shared.account("feed_added_b")
    post = bada.write("아무에게도")
    bada.call("PATCH", f"/api/posts/{post['id']}", {"text": "@feed_added 보세요"})
    bada.call("PATCH", f"/api/posts/{post['id']}", {"text": "아무에게도 다시"})
    assert [(item["type"], item["reasons"]) for item in care.whole_feed()] == [
        ("edit", ["mention"]),
        ("edit", ["mention"]),
    ]


def test_the_cursor_has_no_gap_under_concurrent_writers(shared: Practice) -> None:
    care = shared.account("feed_busy", kind="company")
    writers = [shared.account(f"feed_busy_{n}") for n in range(6)]
    written: list[str] = []
    read: list[str] = []
    done = threading.Event()

    def keep_writing(caller: Caller) -> None:
        for n in range(40):
            written.append(caller.write(f"@feed_busy {n}", key=f"n{n}")["id"])

    def keep_reading() -> None:
        cursor = "start"
        while True:
            was_done = done.is_set()
            page = care.feed(cursor, limit=7, wait=0.2)
            read.extend(item["post"]["id"] for item in page["items"])
            cursor = page["cursor"]
            if was_done and not page["has_more"]:
                return

    reader = threading.Thread(target=keep_reading)
    reader.start()
    threads = [threading.Thread(target=keep_writing, args=(caller,)) for caller in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    reader.join()
    assert len(written) == 240
    assert len(read) == len(set(read)), "something came twice"
    assert set(read) == set(written)
    assert read == [record["id"] for record in shared.records("post") if record["id"] in set(written)]


def test_a_late_visible_post_never_appears_below_a_cursor_that_was_handed_out(practice: Practice) -> None:
    care, bada, jiyu = practice.account("care"), practice.account("bada"), practice.account("jiyu")
    practice.admin.fault("late_visible", seconds=1.0, accounts=["bada"])
    late = bada.post("/api/posts", text="@care 늦게 보이는 글", key="late")
    assert late.status == 201
    quick = jiyu.write("@care 바로 보이는 글")
    first = care.feed()
    assert [item["post"]["id"] for item in first["items"]] == [quick["id"]]
    assert bada.get("/api/posts/by-key/late").status == 404
    assert bada.get(f"/api/posts/{late.json['id']}").status == 404
    assert bada.post("/api/posts", text="@care 다시", key="late").json["id"] == late.json["id"]
    practice.kill()
    practice.start()
    time.sleep(1.3)
    after = care.feed(first["cursor"])
    assert [item["post"]["id"] for item in after["items"]] == [late.json["id"]]
    assert bada.get("/api/posts/by-key/late").json["effects"] == 1
    assert [post["id"] for post in care.get("/api/timeline").json["posts"]] == [late.json["id"], quick["id"]]


def test_without_a_cursor_the_latest_items_come_and_nothing_after_them_is_missed(shared: Practice) -> None:
    care, bada = shared.account("feed_first"), shared.account("feed_first_b")
    empty = care.get("/api/feed").json
    assert empty["items"] == []
    posts = [bada.write(f"@feed_first {n}")["id"] for n in range(5)]
    assert [item["post"]["id"] for item in care.feed(empty["cursor"])["items"]] == posts
    latest = care.get("/api/feed?limit=2").json
    assert [item["post"]["id"] for item in latest["items"]] == posts[-2:]
    assert latest["has_more"] is False
    assert care.feed(latest["cursor"])["items"] == []


def test_waiting_ends_as_soon_as_something_is_there(shared: Practice) -> None:
    care, bada = shared.account("feed_wait"), shared.account("feed_wait_b")
    cursor = care.get("/api/feed").json["cursor"]
    began = time.monotonic()
    threading.Timer(0.4, lambda: bada.write("@feed_wait 왔어요")).start()
    page = care.feed(cursor, wait=20)
    assert len(page["items"]) == 1
    assert time.monotonic() - began < 5
    assert care.feed(page["cursor"], wait=0.1)["items"] == []


def test_a_cursor_of_another_world_or_no_cursor_at_all_is_refused(shared: Practice) -> None:
    care = shared.account("feed_cursor")
    world = care.get("/api").json["world"]
    for wrong in ("zzzzzz.4", "17", f"{world}.x", f"{world}.-1", f"{world}.999999", "%00"):
        assert care.get(f"/api/feed?cursor={wrong}").json["error"] == "cursor_bad", wrong
    for wrong in ("0", "101", "x", "-1"):
        assert care.get(f"/api/feed?limit={wrong}").json["error"] == "limit_bad"
    for wrong in ("26", "-1", "nan", "x"):
        assert care.get(f"/api/feed?wait={wrong}").json["error"] == "field_bad"


def test_read_outs_are_in_the_truth_file(shared: Practice) -> None:
    care, bada = shared.account("feed_told"), shared.account("feed_told_b")
    bada.write("@feed_told 하나")
    page = care.feed()
    me = care.get("/api/me").json["id"]
    noted = [record for record in shared.records("read") if record["account"] == me and record["what"] == "feed"]
    assert [(record["ids"], record["cursor"]) for record in noted] == [
        ([item["id"] for item in page["items"]], page["cursor"])
    ]
