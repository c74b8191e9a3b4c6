"""Two customers and a company talk in a real browser, by keyboard, by day and by night, at the width of a phone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sotong_practice.tests.running import Practice
from sotong_practice.tests.test_media import png

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("SOTONG_CHROMIUM") or shutil.which("chromium") or ""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Open = Callable[..., Page]
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => `${one.tagName}.${one.getAttribute("class")}`)"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, shared: Practice) -> Iterator[Open]:
    """Opens a page as a person of its own browser; complaints of the browser fail the test."""
    contexts, complaints = [], []

    def opening(handle: str = "", **options: Any) -> Page:
        context = chromium.new_context(base_url=f"http://127.0.0.1:{shared.port}", locale="ko-KR", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/")
        if handle:
            page.get_by_label("아이디").fill(handle)
            page.get_by_label("보일 이름").fill(f"{handle} 님")
            page.keyboard.press("Enter")
            expect(page.locator(".composer")).to_be_visible()
        return page

    yield opening
    for context in contexts:
        context.close()
    assert complaints == []


def test_times_are_the_readers_own_and_name_the_day_unless_it_is_today(shared: Practice, open_page: Open) -> None:
    shared.account("zone_care", "시각", kind="company").write("몇 시인가요")
    page = open_page(timezone_id="Pacific/Kiritimati")
    time = page.locator("time").first
    own = page.evaluate("moment => new Date(moment).toTimeString().slice(0, 5)", time.get_attribute("datetime"))
    expect(time).to_have_text(own)
    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=1))
    expect(time).to_have_text(re.compile(rf"^\d+월 \d+일 {own}$"))


def test_two_customers_and_a_company_talk(shared: Practice, open_page: Open) -> None:
    care = shared.account("talk_care", "한소리 상담", kind="company")
    bada, jiyu = open_page("talk_bada"), open_page("talk_jiyu")
    text = bada.locator("#text")
    text.fill("@talk_care 도쿄에서 데이터가 안 돼요")
    text.press("End")
    text.press("Enter")
    text.press_sequentially("둘째 줄")
    written = "@talk_care 도쿄에서 데이터가 안 돼요\n둘째 줄"
    expect(text).to_have_value(written)
    expect(bada.locator("[data-count]")).to_have_text(str(len(written)))
    text.press("Control+Enter")
    mine = bada.locator(".post").first
    expect(mine).to_contain_text("둘째 줄")
    asked = care.feed()["items"][0]["post"]
    assert asked["text"] == written
    # The other customer sees it without doing anything, and so does the first see the answer.
    expect(jiyu.locator(f"#post-{asked['id']}")).to_be_visible(timeout=8000)
    mine.locator(".when").click()
    answer = care.write("새벽에 당황하셨죠. 봐 드릴게요.", reply_to=asked["id"])
    expect(bada.locator(f"#post-{answer['id']}")).to_contain_text("봐 드릴게요", timeout=8000)
    jiyu.goto(f"/posts/{answer['id']}")
    jiyu.locator("#text").fill("저도 그랬어요")
    jiyu.get_by_role("button", name="답글 올리기").click()
    expect(jiyu.locator(".post").last).to_contain_text("저도 그랬어요")
    expect(bada.locator(".post").last).to_contain_text("저도 그랬어요", timeout=8000)
    # A like shows up at the others, and the page does not jump.
    like = bada.locator(f"#post-{answer['id']} .act-like")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    expect(jiyu.locator(f"#post-{answer['id']} .act-like")).to_contain_text("1", timeout=8000)
    # Edited and deleted.
    jiyu.locator(".post").last.get_by_role("link", name="고치기").click()
    jiyu.locator("#text").fill("저도 그랬는데 이제 돼요")
    jiyu.locator("#text").press("Control+Enter")
    expect(bada.locator(".post").last.locator(".edited")).to_be_visible(timeout=8000)
    jiyu.locator(".post").last.get_by_role("link", name="지우기").click()
    jiyu.get_by_role("button", name="이 글 지우기").click()
    expect(bada.locator(".post-gone")).to_contain_text("지운 글이에요", timeout=8000)
    expect(bada.locator("nav .dot")).to_be_visible()
    bada.get_by_role("link", name="알림").click()
    expect(bada.locator(".news")).to_contain_text("한소리 상담님이 내 글에 답했어요.")


def test_a_direct_message_with_an_image_arrives(shared: Practice, open_page: Open) -> None:
    care = shared.account("image_care", "한소리 상담", kind="company")
    bada = open_page("image_bada")
    bada.goto("/@image_care")
    bada.get_by_role("link", name="쪽지 쓰기").click()
    bada.locator("#text").fill("화면을 보내요")
    bada.get_by_role("button", name="이미지", exact=True).click()
    bada.locator("#image0").set_input_files({"name": "화면.png", "mimeType": "image/png", "buffer": png(300, 200)})
    bada.get_by_label("이미지 1에 무엇이 보이나요?").fill("오류 화면")
    bada.get_by_role("button", name="쪽지 보내기").click()
    expect(bada.locator(".bubble-mine img")).to_have_attribute("alt", "오류 화면")
    item = care.feed()["items"][0]
    assert item["message"]["media"][0]["alt"] == "오류 화면"
    care.post("/api/messages", to="image_bada", text="잘 받았어요")
    expect(bada.locator(".bubble").last).to_contain_text("잘 받았어요", timeout=8000)
    width = bada.locator(".bubble-mine img").evaluate("image => image.naturalWidth")
    assert width == 300


def test_a_double_click_posts_once_and_composing_hangul_never_sends(shared: Practice, open_page: Open) -> None:
    page = open_page("double_bada")
    text = page.locator("#text")
    text.fill("한 번만")
    text.evaluate(
        "field => field.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true, cancelable: true}))"
    )
    page.wait_for_timeout(300)
    assert page.url.endswith("/")
    expect(text).to_have_value("한 번만")
    page.get_by_role("button", name="올리기").dblclick()
    expect(page.locator(".post").first).to_contain_text("한 번만")
    page.wait_for_timeout(500)
    assert [record["text"] for record in shared.records("post")].count("한 번만") == 1


def test_an_unsent_draft_survives_leaving_the_page(open_page: Open) -> None:
    page = open_page("draft_bada")
    page.locator("#text").fill("쓰다 만 글")
    page.goto("/search")
    page.goto("/")
    expect(page.locator("#text")).to_have_value("쓰다 만 글")
    page.locator("#text").press("Control+Enter")
    expect(page.locator(".post").first).to_contain_text("쓰다 만 글")
    expect(page.locator("#text")).to_have_value("")


def test_a_draft_is_not_disturbed_by_what_arrives(shared: Practice, open_page: Open) -> None:
    care = shared.account("calm_care", kind="company")
    page = open_page("calm_bada")
    page.locator("#text").fill("쓰는 중")
    page.locator("#text").focus()
    post = care.write("새 소식")
    expect(page.locator(f"#post-{post['id']}")).to_be_visible(timeout=8000)
    expect(page.locator("#text")).to_have_value("쓰는 중")
    expect(page.locator("#text")).to_be_focused()


def test_someone_reading_further_down_is_told_and_not_moved(shared: Practice, open_page: Open) -> None:
    writer = shared.account("down_writer")
    for n in range(30):
        writer.write(f"줄 {n}")
    page = open_page("down_bada", viewport={"width": 900, "height": 600})
    page.evaluate("scrollTo(0, 1200)")
    seen = page.evaluate("document.elementFromPoint(300, 300).closest('.post').id")
    writer.write("하나 더")
    told = page.get_by_role("button", name="새 글 1개 보기")
    expect(told).to_be_visible(timeout=8000)
    assert page.evaluate("document.elementFromPoint(300, 300).closest('.post').id") == seen
    told.click()
    expect(page.locator(".post").first).to_contain_text("하나 더")
    expect(page.locator(".post").first).to_be_in_viewport()


def test_it_can_be_used_by_keyboard_alone(shared: Practice, open_page: Open) -> None:
    shared.account("keys_company", "자판 상담", kind="company")
    page = open_page("keyboard_bada")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("본문으로 건너뛰기")
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("자판으로 썼어요")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".post").first).to_contain_text("자판으로 썼어요")
    like = page.locator(".post").first.locator(".act-like")
    like.focus()
    page.keyboard.press("Enter")
    expect(like).to_have_attribute("aria-pressed", "true")
    expect(like).to_be_focused()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("language", "width"), [("ko", 1280), ("en", 390)])
def test_every_page_is_accessible_and_fits(
    shared: Practice, open_page: Open, theme: str, language: str, width: int
) -> None:
    handle = f"axe_{theme}_{language}"
    care = shared.account(f"{handle}_care", "아주 긴 이름을 가진 한소리텔레콤 고객 상담 센터", kind="company")
    page = open_page(handle, color_scheme=theme, viewport={"width": width, "height": 844}, reduced_motion="reduce")
    page.goto(f"/language/{language}")
    me = shared.acting_as(handle)
    image = me.call("POST", "/api/media", png(400, 300), **{"Content-Type": "image/png"}).json
    post = me.write(f"@{handle}_care 사진이에요 https://a.example/{'x' * 90}", media=[{"id": image["id"], "alt": "칸"}])
    answer = care.write("답", reply_to=post["id"])
    care.write("인용", quote_of=post["id"])
    me.call("PATCH", f"/api/posts/{post['id']}", {"text": "고친 글"})
    gone = me.write("지운 답", reply_to=answer["id"])
    me.call("DELETE", f"/api/posts/{gone['id']}")
    me.post("/api/messages", to=f"{handle}_care", text="쪽지")
    care.post("/api/messages", to=handle, text="네")
    paths = ["/", f"/posts/{post['id']}", f"/posts/{post['id']}/edit", f"/posts/{post['id']}/delete", "/news", "/me"]
    paths += ["/messages", f"/messages/{handle}_care", "/search?q=%EB%8B%B5", f"/@{handle}_care", "/join"]
    paths += [f"/write?quote={post['id']}"]
    for path in (*paths, "/faults", "/faults"):
        if path == "/faults" and page.url.endswith("/faults"):
            page.locator("#secret").fill(shared.secret)
            page.locator(".sheet button").click()
            expect(page.locator(".counts")).to_be_visible()
        else:
            page.goto(path)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        broken = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
        assert broken == [], path
        assert page.evaluate(TOO_WIDE) == [], path
