"""What people do on the pages, without scripts."""

from __future__ import annotations

import re

from sotong_practice.tests.browsing import Browser, PageReader
from sotong_practice.tests.running import Practice
from sotong_practice.tests.test_media import png


def test_anybody_becomes_a_customer_in_one_step(shared: Practice) -> None:
    browser = Browser(shared)
    front = browser.page("/")
    assert "연습 네트워크예요. 밖으로 나가지 않아요." in front.by_class("rehearsal")[0].text
    answer = browser.send("/join", {**front.form("/join").fields, "handle": "Pages_Bada", "display_name": "바다"})
    assert "바다 이름으로 새 글" in "".join(one.text for one in browser.follow(answer).by_class("composer-h"))
    assert shared.admin.get("/api/accounts/pages_bada").json["kind"] == "customer"


def test_a_form_sent_twice_does_it_once(shared: Practice) -> None:
    browser = Browser(shared)
    joining = {**browser.page("/join").form("/join").fields, "handle": "pages_twice", "display_name": "두번"}
    assert [browser.send("/join", joining).status for _ in range(2)] == [303, 303]
    fields = {**browser.page("/").form("/write").fields, "text": "한 번만 올라가야 해요"}
    first, second = browser.send("/write", fields), browser.send("/write", fields)
    assert first.headers["Location"] == second.headers["Location"]
    texts = [record["text"] for record in shared.records("post")]
    assert texts.count("한 번만 올라가야 해요") == 1
    shared.account("pages_twice_care", kind="company")
    message = {
        **browser.page("/messages/pages_twice_care").form("/messages/pages_twice_care").fields,
        "text": "쪽지 한 번",
    }
    for _ in range(2):
        assert browser.send("/messages/pages_twice_care", message).status == 303
    assert [record["text"] for record in shared.records("direct")].count("쪽지 한 번") == 1


def test_a_customer_and_a_company_talk(shared: Practice) -> None:
    care = shared.account("pages_care", "한소리 상담", kind="company")
    browser = Browser(shared).join("pages_asker", "묻는 이")
    asked = browser.fill("/write?to=pages_care", "/write", text="@pages_care 안 돼요\n둘째 줄")
    post_id = asked.headers["Location"].rpartition("post-")[2]
    item = care.feed()["items"][0]
    assert (item["post"]["id"], item["post"]["text"]) == (post_id, "@pages_care 안 돼요\n둘째 줄")
    answer = care.write("봐 드릴게요", reply_to=post_id)
    thread = browser.page(f"/posts/{post_id}")
    assert "봐 드릴게요" in [one.text for one in thread.by_class("words")]
    assert thread.form(f"/posts/{answer['id']}/reply"), "on one's own thread an answer goes to the latest answer"
    replied = browser.fill(f"/posts/{answer['id']}", f"/posts/{answer['id']}/reply", text="고마워요")
    assert replied.status == 303
    assert care.whole_feed()[-1]["reasons"] == ["reply", "thread"]
    news = browser.page("/news")
    assert "한소리 상담님이 내 글에 답했어요." in "".join(one.text for one in news.by_class("news"))


def test_edit_shows_a_mark_and_delete_leaves_a_tombstone(shared: Practice) -> None:
    browser = Browser(shared).join("pages_editor")
    browser.fill("/", "/write", text="처음 말")
    post_id = shared.records("post")[-1]["id"]
    edited = browser.fill(f"/posts/{post_id}/edit", f"/posts/{post_id}/edit", text="고친 말")
    page = browser.follow(edited)
    assert page.by_class("edited")[0].text == "고침 1"
    stale = browser.page(f"/posts/{post_id}/edit").form(f"/posts/{post_id}/edit").fields
    browser.send(f"/posts/{post_id}/edit", {**stale, "text": "또 고친 말"})
    refused = browser.send(f"/posts/{post_id}/edit", {**stale, "text": "늦은 말"})
    assert refused.status == 409
    assert "늦은 말" in refused.text, "what was written is not lost"
    for _ in range(2):
        gone = browser.send(f"/posts/{post_id}/delete", {"form_token": stale["form_token"]})
        assert gone.status == 303
    assert "@pages_editor님이 지운 글이에요." in browser.page(f"/posts/{post_id}").by_class("post-gone")[0].text
    assert browser.get(f"/posts/{post_id}/edit").status == 410


def test_others_posts_cannot_be_changed(shared: Practice) -> None:
    owner, other = Browser(shared).join("pages_owner"), Browser(shared).join("pages_other")
    owner.fill("/", "/write", text="내 글")
    post_id = shared.records("post")[-1]["id"]
    token = {"form_token": other.page("/").form("/write").fields["form_token"]}
    assert other.get(f"/posts/{post_id}/edit").status == 403
    assert other.send(f"/posts/{post_id}/edit", {**token, "text": "남의 글", "key": "web-x"}).status == 403
    assert other.send(f"/posts/{post_id}/delete", token).status == 403
    assert shared.records("edit", "delete")[-1:] == [] or shared.records("edit", "delete")[-1]["id"] != post_id


def test_a_text_that_is_too_long_is_told_and_kept_with_its_image(shared: Practice) -> None:
    browser = Browser(shared).join("pages_long")
    fields = browser.page("/").form("/write").fields
    long = {**fields, "text": "가" * 501, "alt0": "파란 칸"}
    refused = browser.send_files("/write", long, {"image0": png()})
    page = PageReader(refused.text)
    assert refused.status == 400
    assert "지금 501자, 많아도 500자예요." in page.by_class("note-danger")[0].text
    again = page.form("/write").fields
    assert (again["text"], again["alt0"], again["key"]) == ("가" * 501, "파란 칸", fields["key"])
    sent = browser.send_files("/write", {**again, "text": "짧게"}, {})
    assert sent.status == 303
    posted = shared.acting_as("pages_long").get("/api/accounts/pages_long/posts").json["posts"][0]
    assert (posted["text"], posted["media"][0]["alt"]) == ("짧게", "파란 칸")
    post_id = posted["id"]
    edit = browser.page(f"/posts/{post_id}/edit").form(f"/posts/{post_id}/edit").fields
    browser.send_files(f"/posts/{post_id}/edit", {**edit, "drop0": "1"}, {})
    assert shared.acting_as("pages_long").get(f"/api/posts/{post_id}").json["media"] == []


def test_a_broken_image_is_told_and_the_text_is_kept(shared: Practice) -> None:
    browser = Browser(shared).join("pages_broken")
    fields = {**browser.page("/").form("/write").fields, "text": "사진과 함께"}
    refused = browser.send_files("/write", fields, {"image0": b"<svg onload=alert(1)>"})
    assert refused.status == 400
    assert "이미지를 읽지 못했어요" in refused.text
    assert PageReader(refused.text).form("/write").fields["text"] == "사진과 함께"


def test_joining_refusals_stand_at_their_field_and_keep_what_was_entered(shared: Practice) -> None:
    Browser(shared).join("pages_taken")
    browser = Browser(shared)
    for handle, name, at in (
        ("pages_taken", "가", "handle"),
        ("한글", "가", "handle"),
        ("pages_free", " ", "display_name"),
    ):
        refused = browser.fill("/join", "/join", handle=handle, display_name=name)
        page = PageReader(refused.text)
        wrong = [one for one in page.elements if one.attributes.get("aria-invalid") == "true"]
        assert [one.attributes["name"] for one in wrong] == [at]
        assert page.form("/join").fields["handle"] == handle
        assert refused.status in {400, 409}


def test_one_browser_can_be_several_people(shared: Practice) -> None:
    browser = Browser(shared).join("pages_first").join("pages_second")
    assert browser.follow(browser.fill("/", "/switch", handle="pages_first")).by_class("who")
    browser.fill("/", "/write", text="첫째의 글")
    author = shared.records("post")[-1]["account"]
    assert shared.admin.get(f"/api/accounts/by-id/{author}").json["handle"] == "pages_first"
    assert browser.fill("/", "/switch", handle="pages_taken").status == 404
    left = browser.fill("/me", "/leave")
    assert browser.follow(left).form("/join")
    assert browser.get("/me").headers["Location"] == "/join"


def test_likes_and_quotes(shared: Practice) -> None:
    browser = Browser(shared).join("pages_liker")
    browser.fill("/", "/write", text="좋은 글")
    post_id = shared.records("post")[-1]["id"]
    for pressed in ("true", "false"):
        page = browser.follow(browser.fill(f"/posts/{post_id}", f"/posts/{post_id}/like"))
        assert page.by_class("act-like")[0].attributes["aria-pressed"] == pressed
    quoted = browser.fill(f"/write?quote={post_id}", "/write", text="이 글 보세요")
    assert "좋은 글" in browser.follow(quoted).by_class("quoted")[0].text
    empty = browser.fill(f"/write?quote={post_id}", "/write", text=" ")
    assert PageReader(empty.text).form("/write").fields["quote_of"] == post_id


def test_the_profile_can_be_changed(shared: Practice) -> None:
    browser = Browser(shared).join("pages_profile")
    fields = browser.page("/me").form("/me").fields
    changed = browser.send_files("/me", {**fields, "display_name": "새 이름", "bio": "소개해요"}, {"picture": png()})
    page = browser.follow(changed)
    assert "새 이름" in page.by_class("profile")[0].text
    assert any(one.tag == "img" for one in page.by_class("av-xl"))
    refused = browser.send_files("/me", {**fields, "display_name": "", "bio": "남은 소개"}, {})
    assert refused.status == 400
    assert PageReader(refused.text).form("/me").fields["bio"] == "남은 소개"


def test_language_and_theme_are_remembered_and_lead_back_to_this_site_only(shared: Practice) -> None:
    browser = Browser(shared)
    assert browser.get("/language/en?back=/search").headers["Location"] == "/search"
    page = browser.get("/").text
    assert '<html lang="en">' in page
    assert "This is the practice network. Nothing leaves it." in page
    assert not re.search("[가-힣]", re.sub("한국어|\\(Sotong\\)", "", PageReader(page).by_class("rehearsal")[0].text))
    browser.get("/theme/dark")
    assert 'data-theme="dark"' in browser.get("/").text
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""):
        assert browser.get(f"/language/ko?back={back}").headers["Location"] == "/"
    assert browser.get("/language/fr").status == 404


def test_the_browsers_language_counts_until_the_visitor_chooses(shared: Practice) -> None:
    browser, english = Browser(shared), {"Accept-Language": "en-GB,en;q=0.9,ko;q=0.1"}
    assert '<html lang="en">' in browser.get("/", **english).text
    assert '<html lang="ko">' in browser.get("/").text
    browser.get("/language/ko", **english)
    assert '<html lang="ko">' in browser.get("/", **english).text


def test_without_a_script_a_time_says_its_zone(shared: Practice) -> None:
    shared.account("zone_care", "시각", kind="company").write("몇 시인가요 zone_care")
    page = Browser(shared).page("/@zone_care")
    (time,) = [one for one in page.elements if one.tag == "time"]
    assert re.fullmatch(r"\d\d:\d\d UTC", time.text)
    assert "서울" not in time.attributes.get("title", "")


def test_who_has_no_direct_message_yet_finds_whom_to_write(shared: Practice) -> None:
    shared.account("empty_care", "상담", kind="company")
    page = Browser(shared).join("empty_bada").page("/messages")
    assert "/messages/empty_care" in {one.attributes.get("href") for one in page.by_class("btn")}


def test_search_page(shared: Practice) -> None:
    browser = Browser(shared).join("pages_search")
    browser.fill("/", "/write", text="찾을수있는낱말 하나")
    assert len(browser.page("/search?q=%EC%88%98%EC%9E%88%EB%8A%94").by_class("post")) == 1
    assert browser.page("/search?q=%EC%97%86%EB%8A%94%EB%82%B1%EB%A7%90").by_class("empty")
    assert browser.get("/search?q=" + "a" * 101).status == 400


def test_faults_are_switched_by_those_who_know_the_secret(practice: Practice) -> None:
    browser = Browser(practice)
    assert not browser.page("/faults").by_class("faults")
    assert browser.fill("/faults", "/faults/enter", secret="admin_guess").status == 403
    token = browser.page("/faults").form("/faults/enter").fields["form_token"]
    assert browser.send("/faults/set/html", {"form_token": token, "percent": "50"}).status == 403
    assert browser.send("/faults/settings", {"form_token": token, "writes_per_window": "1"}).status == 403
    assert browser.send("/faults/off", {"form_token": token}).status == 403
    assert browser.fill("/faults", "/faults/enter", secret=practice.secret).status == 303
    browser.fill("/faults", "/faults/set/latency", percent="35", seconds="3")
    assert practice.admin.get("/api/admin/faults").json["faults"][0]["probability"] == 0.35
    assert practice.admin.get("/api/admin/faults").json["faults"][0]["seconds"] == 3
    assert browser.fill("/faults", "/faults/set/latency", percent="0x", seconds="3").status == 400
    settings = browser.page("/faults").form("/faults/settings").fields
    browser.send("/faults/settings", {**settings, "writes_per_window": "77"})
    assert practice.admin.get("/api/admin/settings").json["writes_per_window"] == 77
    assert practice.admin.get("/api/admin/settings").json["idempotency"] is False, "the box was not ticked"
    browser.fill("/faults", "/faults/set/latency", off="1", percent="35", seconds="3")
    assert practice.admin.get("/api/admin/faults").json["faults"] == []
    browser.fill("/faults", "/faults/leave")
    assert not browser.page("/faults").by_class("faults")


def test_too_many_forms_in_a_minute_are_refused_politely(practice: Practice) -> None:
    browser = Browser(practice).join("busy")
    token = browser.page("/").form("/write").fields["form_token"]
    statuses = [browser.send("/switch", {"form_token": token, "handle": "busy"}).status for _ in range(61)]
    assert (statuses[0], statuses[-1]) == (303, 429)


def test_an_address_says_whose_a_post_is(shared: Practice) -> None:
    shared.account("pages_others")
    browser = Browser(shared).join("pages_whose")
    browser.fill("/", "/write", text="내 글")
    post_id = shared.records("post")[-1]["id"]
    own = f"/@pages_whose/posts/{post_id}"
    assert browser.get(f"/posts/{post_id}?after=1").headers["Location"] == f"{own}?after=1"
    page = browser.page(own)
    assert page.by_class("when")[0].attributes["href"] == own
    assert browser.get(f"/@Pages_Whose/posts/{post_id}").status == 200
    assert browser.get(f"/@pages_others/posts/{post_id}").status == 404


def test_the_address_of_a_message_leads_its_two_people_to_it_and_nobody_else(shared: Practice) -> None:
    care = shared.account("pages_private_care", kind="company")
    bada, eve = Browser(shared).join("pages_private"), Browser(shared).join("pages_private_eve")
    bada.fill("/messages/pages_private_care", "/messages/pages_private_care", text="번호는 여기로요")
    first = shared.records("direct")[-1]["id"]
    own = f"/@pages_private/messages/{first}"
    assert bada.get(own).headers["Location"] == f"/messages/pages_private_care#message-{first}"
    assert bada.page(own).by_class("when")[0].attributes["href"] == own
    for path in (f"/@pages_private_care/messages/{first}", "/@pages_private/messages/none-1"):
        assert bada.get(path).status == 404
    assert eve.get(own).status == 404
    assert Browser(shared).get(own).headers["Location"] == "/join"
    for number in range(60):
        care.post("/api/messages", to="pages_private", text=f"{number}")
    assert "번호는 여기로요" in "".join(one.text for one in bada.page(own).by_class("bubble-b"))


def test_a_page_for_what_is_not_there(shared: Practice) -> None:
    browser = Browser(shared)
    for path in ("/posts/none-1", "/@nobody", "/nothing", "/posts", "/messages/nobody/x"):
        answer = browser.get(path)
        assert answer.status in {404, 405}, path
        assert PageReader(answer.text).by_class("empty")
    assert browser.get("/messages/nobody").headers["Location"] == "/join"
