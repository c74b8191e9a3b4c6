"""What people do in the journeys: found the company, sign in, open the practice network, be a customer there."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Home

OWNER = ("narae@hansori.example", "dawn-desk-2026")
"""E-mail and password of the company's owner."""


def found_company(page: Page, home: Home) -> None:
    page.goto(home.first_run)
    page.get_by_label("회사 이름").fill("한소리텔레콤")
    page.get_by_label("내 이름").fill("나래")
    page.get_by_label("이메일").fill(OWNER[0])
    page.locator("input[type=password]").fill(OWNER[1])
    page.get_by_role("button", name="시작하기").click()
    expect(page).to_have_url(re.compile(r"/welcome/"))


def sign_in(page: Page, home: Home) -> None:
    page.goto(f"{home.address}/accounts/login/")
    page.locator("input[name=login]").fill(OWNER[0])
    page.locator("input[name=password]").fill(OWNER[1])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/"))


def open_practice(page: Page, home: Home) -> str:
    """Answers the handle of the company's account there."""
    page.goto(f"{home.address}/welcome/")
    page.get_by_role("button", name=re.compile("연습 네트워크 열기")).click()
    expect(page.get_by_role("link", name=re.compile("연습 네트워크로 가기"))).to_be_visible(timeout=60_000)
    found = re.search(r"@([a-z0-9_]+)", page.locator("main").inner_text())
    assert found
    return found.group(1)


def join_practice(browser: Browser, home: Home, handle: str) -> Page:
    """A customer with an account of the practice network, on its page."""
    page = browser.new_context(locale="ko-KR").new_page()
    page.goto(f"{home.practice}/join")
    page.locator("#handle").fill(handle)
    page.locator("#display_name").fill(handle)
    page.get_by_role("button", name=re.compile("시작하기")).click()
    expect(page.locator("textarea").first).to_be_visible()
    return page


def answer(page: Page, home: Home, question: str, text: str) -> None:
    """Find the conversation on the desk, claim it, answer it publicly; all but the choice by keyboard."""
    page.goto(f"{home.address}/desk/?view=unclaimed")
    row = page.locator("#list .conv", has_text=question[:12])
    expect(row).to_be_visible(timeout=30_000)
    row.click()
    expect(page.locator("#messages")).to_contain_text(question)
    page.locator("#messages").focus()
    page.keyboard.press("c")
    expect(page.locator("#thread-head").get_by_role("button", name="놓기")).to_be_visible()
    expect(row).to_have_count(0)  # it has left those that nobody has taken
    page.keyboard.press("r")
    field = page.locator("#text-public")
    expect(field).to_be_focused()
    field.fill(text)
    field.press("Enter")
    assert field.input_value() == f"{text}\n", "Enter is a new line and sends nothing"
    field.press("Control+Enter")
    mine = page.locator("article.msg-own", has_text=text[:12])
    expect(mine).to_be_visible()
    expect(mine).to_contain_text("네트워크에서 확인됨", timeout=30_000)
