"""Posts, replies, edits, deletions, likes: what is kept, what is refused."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

import pytest

from sotong_practice.tests.running import Practice


def test_a_post_has_the_shape_of_the_document(shared: Practice) -> None:
    care = shared.account("posts_care", "한소리 상담", kind="company")
    bada = shared.account("posts_bada", "바다")
    post = bada.write("@posts_care에 물어요. @nobody_here 그리고 a@posts_care", language="ko-KR")
    assert post == {
        "id": post["id"],
        "url": f"http://127.0.0.1:{shared.port}/@posts_bada/posts/{post['id']}",
        "author": bada.get("/api/me").json,
        "text": "@posts_care에 물어요. @nobody_here 그리고 a@posts_care",
        "language": "ko-KR",
        "created_at": post["created_at"],
        "edited_at": None,
        "revision": 1,
        "deleted": False,
        "reply_to": None,
        "root": post["id"],
        "quote_of": None,
        "mentions": [{"id": care.get("/api/me").json["id"], "handle": "posts_care"}],
        "media": [],
        "counts": {"likes": 0, "replies": 0, "quotes": 0},
        "key": None,
    }
    assert "key" not in care.get(f"/api/posts/{post['id']}").json


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("가" * 500, 201, None),
        ("가" * 501, 400, "text_too_long"),
        (unicodedata.normalize("NFD", "각" * 500), 201, None),
        ("🙂" * 500, 201, None),
        ("  \n ", 400, "text_missing"),
        ("끝\u0000가운데", 400, "text_bad"),
        ("벨\u0007", 400, "text_bad"),
        ("줄\n바꿈\t탭", 201, None),
    ],
)
def test_texts_are_counted_in_code_points_of_nfc(shared: Practice, text: str, status: int, code: str | None) -> None:
    made = shared.acting_as(_writer(shared)).post("/api/posts", text=text)
    assert (made.status, made.json.get("error")) == (status, code)
    if status == 201:
        assert made.json["text"] == unicodedata.normalize("NFC", text.strip())


def _writer(shared: Practice) -> str:
    shared.admin.post("/api/accounts", handle="posts_writer", display_name="글", kind="customer", exist_ok=True)
    return "posts_writer"


def test_a_text_that_is_too_long_names_both_lengths(shared: Practice) -> None:
    refused = shared.acting_as(_writer(shared)).post("/api/posts", text="가" * 700).json
    assert (refused["limit"], refused["length"]) == (500, 700)


def test_a_lone_surrogate_is_refused(shared: Practice) -> None:
    raw = b'{"text": "\\ud800"}'
    assert shared.acting_as(_writer(shared)).call("POST", "/api/posts", raw).json["error"] == "text_bad"


def test_unknown_and_deleted_targets_are_told_apart(shared: Practice) -> None:
    bada = shared.account("posts_targets")
    gone = bada.write("지울 글")
    bada.call("DELETE", f"/api/posts/{gone['id']}")
    for name in ("reply", "quote"):
        field = {"reply": "reply_to", "quote": "quote_of"}[name]
        unknown = bada.post("/api/posts", text="글", **{field: "nowhere-1"})
        deleted = bada.post("/api/posts", text="글", **{field: gone["id"]})
        assert (unknown.status, unknown.json["error"]) == (400, f"{name}_target_unknown")
        assert (deleted.status, deleted.json["error"]) == (410, f"{name}_target_deleted")


def test_an_edit_is_a_revision_and_the_same_text_is_none(shared: Practice) -> None:
    bada, care = shared.account("posts_edit"), shared.account("posts_edit_care")
    post = bada.write("처음")
    path = f"/api/posts/{post['id']}"
    edited = bada.call("PATCH", path, {"text": "고침 @posts_edit_care"}).json
    assert (edited["revision"], edited["text"], len(edited["mentions"])) == (2, "고침 @posts_edit_care", 1)
    assert edited["edited_at"] is not None
    assert bada.call("PATCH", path, {"text": "고침 @posts_edit_care "}).json["revision"] == 2
    assert bada.call("PATCH", path, {"text": "또", "if_revision": 1}).json["error"] == "revision_stale"
    assert bada.call("PATCH", path, {"text": "또", "if_revision": 2}).json["revision"] == 3
    refused = care.call("PATCH", path, {"text": "남의 글"})
    assert (refused.status, refused.json["error"]) == (403, "not_yours")


def test_a_deletion_leaves_a_tombstone_and_repeats_quietly(shared: Practice) -> None:
    bada, care = shared.account("posts_delete"), shared.account("posts_delete_care")
    post = bada.write("@posts_delete_care 지울 글")
    reply = care.write("답", reply_to=post["id"])
    path = f"/api/posts/{post['id']}"
    assert care.call("DELETE", path).status == 403
    assert [bada.call("DELETE", path).status for _ in range(2)] == [204, 204]
    gone = care.get(path).json
    assert (gone["deleted"], gone["text"], gone["mentions"], gone["revision"]) == (True, "", [], 2)
    assert bada.call("PATCH", path, {"text": "다시"}).json["error"] == "post_deleted"
    thread = care.get(f"{path}/thread").json
    assert [(one["id"], one["deleted"]) for one in thread["posts"]] == [(post["id"], True), (reply["id"], False)]
    assert [record["id"] for record in shared.records("delete")].count(post["id"]) == 1


def test_a_like_counts_once_and_can_be_taken_back(shared: Practice) -> None:
    bada, care = shared.account("posts_like"), shared.account("posts_like_care")
    path = f"/api/posts/{bada.write('좋은 글')['id']}"
    for _ in range(3):
        assert care.call("PUT", f"{path}/like").status == 204
    assert bada.get(path).json["counts"]["likes"] == 1
    for _ in range(2):
        assert care.call("DELETE", f"{path}/like").status == 204
    assert bada.get(path).json["counts"]["likes"] == 0
    assert care.call("PUT", "/api/posts/nowhere-1/like").json["error"] == "post_unknown"


def test_replies_stay_in_one_thread_and_are_counted(shared: Practice) -> None:
    bada, care = shared.account("posts_thread"), shared.account("posts_thread_care")
    root = bada.write("처음")
    first = care.write("하나", reply_to=root["id"])
    second = bada.write("둘", reply_to=first["id"])
    assert (second["root"], second["reply_to"]) == (root["id"], first["id"])
    assert bada.get(f"/api/posts/{root['id']}").json["counts"]["replies"] == 1
    care.write("인용", quote_of=first["id"])
    assert bada.get(f"/api/posts/{first['id']}").json["counts"] == {"likes": 0, "replies": 1, "quotes": 1}
    pages = bada.get(f"/api/posts/{second['id']}/thread?limit=2").json
    rest = bada.get(f"/api/posts/{second['id']}/thread?limit=2&after={pages['cursor']}").json
    found = [one["id"] for one in pages["posts"] + rest["posts"]]
    assert found == [root["id"], first["id"], second["id"]]
    assert (pages["has_more"], rest["has_more"]) == (True, False)


def test_only_the_administrator_sets_the_time(shared: Practice) -> None:
    bada = shared.account("posts_time")
    when = "2026-04-14T03:12:00+09:00"
    assert bada.post("/api/posts", text="글", at=when).json["error"] == "at_refused"
    post = shared.acting_as("posts_time").write("새벽 글", at=when)
    assert post["created_at"] == "2026-04-13T18:12:00.000Z"
    for wrong in ("어제", "2026-04-14T03:12:00", "2026-13-01T00:00:00Z"):
        assert shared.acting_as("posts_time").post("/api/posts", text="글", at=wrong).json["error"] == "time_bad"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "json_bad"),
        (b"[]", "json_bad"),
        (b"\xff\xfe", "json_bad"),
        (b'{"text": 7}', "field_bad"),
        (b'{"text": "x", "texte": 1}', "field_unknown"),
        (b'{"key": "k9"}', "field_missing"),
        (b'{"text": "x", "media": [{"id": 1}]}', "field_bad"),
        (b'{"text": "x", "media": [{"id": "none-1"}]}', "media_unknown"),
        (b'{"text": "x", "language": "not a tag"}', "field_bad"),
        (b"[" * 60000, "json_bad"),
    ],
)
def test_bad_bodies_get_a_named_error_and_no_effect(shared: Practice, body: bytes, code: str) -> None:
    writer = shared.acting_as(_writer(shared))
    before = len(shared.records("post"))
    refused = writer.call("POST", "/api/posts", body)
    assert (refused.status, refused.json["error"]) == (400, code)
    assert len(shared.records("post")) == before


def test_errors_speak_the_readers_language(shared: Practice) -> None:
    writer = shared.acting_as(_writer(shared))
    korean = writer.get("/api/posts/none-1", **{"Accept-Language": "ko-KR,en;q=0.5"}).json["message"]
    english = writer.get("/api/posts/none-1", **{"Accept-Language": "en-GB, ko;q=0.2"}).json["message"]
    assert (korean, english) == ("그런 글이 없어요.", "There is no such post.")


def test_lists_page_without_gaps_both_ways(shared: Practice) -> None:
    bada = shared.account("posts_lists")
    written = [bada.write(f"목록 {n} 로밍이안돼요")["id"] for n in range(7)]
    for path in ("/api/accounts/posts_lists/posts?", "/api/search?q=%EB%B0%8D%EC%9D%B4%EC%95%88&"):
        back, cursor = [], ""
        while True:
            page = bada.get(f"{path}limit=3{cursor}").json
            back += [post["id"] for post in page["posts"]]
            cursor = f"&before={page['cursor']}"
            if not page["has_more"]:
                break
        assert back == written[::-1]
        forward, after = [], "start"
        while True:
            page = bada.get(f"{path}limit=3&after={after}").json
            forward += [post["id"] for post in page["posts"]]
            after = page["cursor"]
            if not page["has_more"]:
                break
        assert forward == written
        late = bada.write("목록에 로밍이안돼요 하나 더")["id"]
        assert [post["id"] for post in bada.get(f"{path}after={after}").json["posts"]] == [late]
        bada.call("DELETE", f"/api/posts/{late}")
        assert bada.get(f"{path}after={after}").json["posts"] == []


def test_search_finds_parts_of_korean_words_and_follows_edits(shared: Practice) -> None:
    bada = shared.account("posts_search")
    post = bada.write("데이터로밍을 켰는데 Upload가 느려요 @some_handle")
    for found in ("로밍", "밍을", "데이터 느려", "upload", "some_handle", "느"):
        assert post["id"] in [one["id"] for one in _search(bada, found)], found
    for missed in ("밍로", "데이터 빨라", "요느"):
        assert post["id"] not in [one["id"] for one in _search(bada, missed)], missed
    bada.call("PATCH", f"/api/posts/{post['id']}", {"text": "이제 빨라요"})
    assert post["id"] not in [one["id"] for one in _search(bada, "로밍")]
    assert post["id"] in [one["id"] for one in _search(bada, "빨라")]
    for odd in ('"', "*", "AND OR NOT", "NEAR(", "a:b", "-", "^", "()"):
        assert bada.get(f"/api/search?q={_quoted(odd)}").status == 200, odd
    assert bada.get("/api/search?q=").json["error"] == "text_missing"


def _search(caller, words):
    return caller.get(f"/api/search?q={_quoted(words)}").json["posts"]


def _quoted(words):
    return quote(words, safe="")
