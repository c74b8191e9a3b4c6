"""A newcomer's first minutes: found the company, open the practice network, answer a customer, see the answer there."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Home
from tests.journeys.steps import answer, found_company, join_practice, open_practice, sign_in

pytestmark = pytest.mark.browser
QUESTION = "로밍 켰는데 도쿄에서 데이터가 하나도 안 돼요. 아침에 발표라 큰일이네요 ㅠㅠ"
ANSWER = "새벽에 많이 당황하셨죠. 데이터 로밍을 껐다 켠 뒤 APN을 한 번 초기화해 주세요. - 나래"


def test_a_newcomer_answers_a_customer_within_five_minutes(home: Home, page: Page, browser: Browser) -> None:
    began = time.monotonic()
    found_company(page, home)
    handle = open_practice(page, home)
    them = join_practice(browser, home, "bada_1102")
    them.locator("textarea").first.fill(f"@{handle} {QUESTION}")
    them.locator("textarea").first.press("Control+Enter")
    expect(them.get_by_text(QUESTION)).to_be_visible()
    answer(page, home, QUESTION, ANSWER)
    them.goto(home.practice)
    expect(them.get_by_text("새벽에 많이 당황하셨죠")).to_be_visible()
    assert time.monotonic() - began < 300


def test_an_undone_reply_never_leaves_and_comes_back_to_the_composer(home: Home, page: Page, browser: Browser) -> None:
    sign_in(page, home)
    page.goto(f"{home.address}/desk/?view=all")
    page.locator("#list .conv").first.click()
    field = page.locator("#text-public")
    field.fill("잘못 쓴 답이에요")
    field.press("Control+Enter")
    page.get_by_role("button", name=re.compile("되돌리기")).first.click()
    expect(page.locator("#text-public")).to_have_value("잘못 쓴 답이에요")
    page.wait_for_timeout(7000)
    them = browser.new_context(locale="ko-KR").new_page()
    them.goto(home.practice)
    expect(them.get_by_text("잘못 쓴 답이에요")).to_have_count(0)


def test_a_draft_survives_a_killed_browser(home: Home, page: Page, browser: Browser) -> None:
    sign_in(page, home)
    page.goto(f"{home.address}/desk/?view=all")
    page.locator("#list .conv").first.click()
    page.locator("#text-note").wait_for(state="attached")
    page.get_by_role("tab", name=re.compile("내부 메모")).click()
    page.locator("#text-note").fill("아침 조에게: 발표 끝났는지 여쭤봐 주세요")
    page.wait_for_timeout(1500)
    address, state = page.url, page.context.storage_state()
    page.context.close()
    again = browser.new_context(storage_state={**state, "origins": []}, locale="ko-KR").new_page()
    again.goto(address)
    expect(again.locator("#text-note")).to_have_value("아침 조에게: 발표 끝났는지 여쭤봐 주세요")


def test_a_phone_shows_one_thing_at_a_time(home: Home, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, home)
    page.goto(f"{home.address}/desk/?view=all")
    row, thread, side = page.locator("#list .conv").first, page.locator(".desk .thread"), page.locator(".desk .side")
    expect(row).to_be_visible()
    expect(thread).to_be_hidden()
    width = row.bounding_box()
    assert width
    assert width["width"] > 380, "the whole width is the list's"
    row.click()
    expect(thread).to_be_visible()
    expect(row).to_be_hidden()
    page.locator("#thread-head summary").click()
    page.get_by_role("button", name="고객 정보 보기").click()
    expect(side).to_be_visible()
    expect(thread).to_be_hidden()
    page.get_by_role("button", name="고객 정보 닫기").press("Enter")
    expect(thread).to_be_visible()
    expect(side).to_be_hidden()
