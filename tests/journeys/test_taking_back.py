"""A wrong answer is taken back: it goes from the network, stays struck on the desk, and the customer waits again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Home
from tests.journeys.steps import answer, found_company, join_practice, open_practice

pytestmark = pytest.mark.browser
QUESTION = "해지 위약금이 얼마인가요? 어제부터 여쭤보고 있어요"
WRONG = "위약금은 없어요. 편하게 해지하세요. - 나래"


def test_a_wrong_answer_is_taken_back_by_keyboard(home: Home, page: Page, browser: Browser) -> None:
    found_company(page, home)
    handle = open_practice(page, home)
    them = join_practice(browser, home, "bada_1102")
    them.locator("textarea").first.fill(f"@{handle} {QUESTION}")
    them.locator("textarea").first.press("Control+Enter")
    answer(page, home, QUESTION, WRONG)
    them.goto(home.practice)
    expect(them.get_by_text("위약금은 없어요")).to_be_visible()

    mine = page.locator("article.msg-own", has_text="위약금은 없어요")
    mine.get_by_role("button", name="지우기").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="보낸 답을 네트워크에서 지우기")
    expect(dialog).to_contain_text("읽은 사람이 있을 수 있어요")
    reason = dialog.get_by_label("까닭")
    expect(reason).to_be_focused()
    dialog.get_by_role("button", name="네트워크에서 지우기").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("왜 지우는지")
    reason.fill("위약금이")
    reason.press("Enter")
    expect(dialog).to_be_visible()  # Enter is a new line: it sends nothing, under any input method
    reason.press_sequentially("있는 요금제예요")
    dialog.get_by_role("button", name="네트워크에서 지우기").press("Enter")
    expect(dialog).to_be_hidden()
    expect(mine).to_contain_text("네트워크에서 지웠어요", timeout=30_000)
    expect(mine).to_contain_text("위약금이 있는 요금제예요")
    expect(mine).not_to_contain_text("확인 전", timeout=30_000)
    expect(mine).to_have_class(re.compile("msg-gone"))
    expect(mine.get_by_role("button", name="지우기")).to_have_count(0)
    them.goto(home.practice)
    expect(them.get_by_text("위약금은 없어요")).to_have_count(0)
    page.goto(f"{home.address}/desk/?view=mine")
    expect(page.locator("#list .conv", has_text="해지 위약금")).to_be_visible()
