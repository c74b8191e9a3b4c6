"""A newcomer's first minutes: found the company, open the practice network, answer a customer, see the answer there."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Home

pytestmark = pytest.mark.browser
OWNER = ("narae@hansori.example", "dawn-desk-2026")
QUESTION = "로밍 켰는데 도쿄에서 데이터가 하나도 안 돼요. 아침에 발표라 큰일이네요 ㅠㅠ"
ANSWER = "새벽에 많이 당황하셨죠. 데이터 로밍을 껐다 켠 뒤 APN을 한 번 초기화해 주세요. - 나래"


def found_company(page: Page, home: Home) -> None:
    page.goto(home.first_run)
    page.get_by_label("회사 이름").fill("한소리텔레콤")
    page.get_by_label("내 이름").fill("나래")
    page.get_by_label("이메일").fill(OWNER[0])
    page.locator("input[type=password]").fill(OWNER[1])
    page.get_by_role("button", name="시작하기").click()
    expect(page).to_have_url(re.compile(r"/welcome/"))


def open_practice(page: Page, home: Home) -> None:
    page.goto(f"{home.address}/welcome/")
    page.get_by_role("button", name=re.compile("연습 네트워크 열기")).click()
    expect(page.get_by_role("link", name=re.compile("연습 네트워크로 가기"))).to_be_visible(timeout=60_000)


def customer(browser: Browser, home: Home, handle: str) -> Page:
    page = browser.new_context(locale="ko-KR").new_page()
    page.goto(f"{home.practice}/join")
    page.locator("#handle").fill(handle)
    page.locator("#display_name").fill(handle)
    page.get_by_role("button", name=re.compile("시작하기")).click()
    expect(page.locator("textarea").first).to_be_visible()
    return page


def company_handle(customer_page: Page, home: Home) -> str:
    customer_page.goto(home.practice)
    text = customer_page.locator("body").inner_text()
    found = re.search(r"@([a-z0-9_]+)", text)
    assert found, text
    return found.group(1)


def test_a_newcomer_answers_a_customer_within_five_minutes(home: Home, page: Page, browser: Browser) -> None:
    began = time.monotonic()
    found_company(page, home)
    open_practice(page, home)
    them = customer(browser, home, "bada_1102")
    handle = company_handle(them, home)
    them.locator("textarea").first.fill(f"@{handle} {QUESTION}")
    them.locator("textarea").first.press("Control+Enter")
    expect(them.get_by_text(QUESTION)).to_be_visible()

    page.goto(f"{home.address}/desk/?view=unclaimed")
    row = page.locator("#list .conv", has_text="로밍 켰는데")
    expect(row).to_be_visible(timeout=15_000)
    row.click()
    expect(page.locator("#messages")).to_contain_text(QUESTION)
    page.locator("#messages").focus()
    page.keyboard.press("c")
    expect(row).to_contain_text("내가 맡음")
    page.keyboard.press("r")
    field = page.locator("#text-public")
    expect(field).to_be_focused()
    field.fill(ANSWER)
    field.press("Enter")
    assert field.input_value() == f"{ANSWER}\n", "Enter is a new line and sends nothing"
    field.press("Control+Enter")
    mine = page.locator("article.msg-own", has_text="새벽에 많이")
    expect(mine).to_be_visible()
    expect(mine).to_contain_text("네트워크에서 확인됨", timeout=30_000)

    them.goto(home.practice)
    expect(them.get_by_text("새벽에 많이 당황하셨죠")).to_be_visible()
    assert time.monotonic() - began < 300


def test_an_undone_reply_never_leaves_and_comes_back_to_the_composer(home: Home, page: Page, browser: Browser) -> None:
    page.goto(f"{home.address}/accounts/login/")
    page.locator("input[name=login]").fill(OWNER[0])
    page.locator("input[name=password]").fill(OWNER[1])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/"))
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
    page.goto(f"{home.address}/accounts/login/")
    page.locator("input[name=login]").fill(OWNER[0])
    page.locator("input[name=password]").fill(OWNER[1])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/"))
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
