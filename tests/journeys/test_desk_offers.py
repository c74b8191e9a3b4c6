"""What the desk offers to take back, by keyboard and above the composer; a console that has nothing to complain of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_desk import QUESTIONS, Customers, customers, desk, office, row

__all__ = ["customers", "desk", "office"]
pytestmark = pytest.mark.browser


def test_opening_conversations_leaves_the_console_clean(desk: Callable[[], Page]) -> None:
    page = desk()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for who in (*QUESTIONS, *QUESTIONS):
        row(page, who).click()
        expect(page.locator("#messages")).to_contain_text(QUESTIONS[who])
    assert said == []


def test_a_reply_is_taken_back_from_the_empty_field_by_keyboard(desk: Callable[[], Page]) -> None:
    page, text = desk(), "급히 쓴 답이에요"
    row(page, "bada_1102").click()
    field = page.locator("#text-public")
    field.fill(text)
    field.press("Control+Enter")
    expect(field).to_have_value("")
    expect(page.locator("#toasts [data-toast-undo]")).to_contain_text("Ctrl Z")
    expect(field).to_be_focused()
    field.press("Control+z")
    expect(page.locator("article.msg-own", has_text=text)).to_contain_text("보내지 않기로 했어요")
    expect(field).to_have_value(text)
    field.fill("")
    field.press_sequentially("새 글")
    row(page, "kim_river").focus()
    page.keyboard.press("e")
    ending = page.locator("#dialog-resolve")
    expect(ending.get_by_text("(없어도 돼요)")).to_be_visible()
    ending.get_by_label("해 드릴 수 없음", exact=True).check()
    expect(ending.get_by_text("(없어도 돼요)")).to_be_hidden()
    expect(ending.get_by_text("해 드릴 수 없는 까닭을 적어 주세요")).to_be_visible()
    ending.get_by_label("해결됨").check()
    ending.get_by_role("button", name="끝내기").click()
    expect(page.locator("#toasts [data-toast-undo]")).to_be_visible()
    field.press("Control+z")
    page.wait_for_timeout(500)
    expect(page.locator("#toasts [data-toast-undo]")).to_be_visible()  # a field with text undoes its own text
    expect(field).not_to_have_value("새 글")
    page.locator("#toasts [data-toast-undo]").click()
    expect(page.locator("#toasts")).to_contain_text("되돌렸어요.")


@pytest.mark.parametrize("width", [1440, 390])
def test_an_offer_stands_above_the_composer_and_ends_when_it_is_void(
    desk: Callable[[], Page], customers: Customers, width: int
) -> None:
    page = desk()
    page.set_viewport_size({"width": width, "height": 844})
    row(page, "kim_river").click()
    expect(page.locator("#composer")).to_be_visible()
    page.locator("[data-dialog-open='dialog-resolve']").first.evaluate("button => button.click()")
    page.locator("#dialog-resolve").get_by_role("button", name="끝내기").click()
    offer = page.locator("#toasts .toast", has_text="대화를 끝냈어요.")
    offer.hover()  # what is looked at stays
    there, composer = offer.bounding_box(), page.locator("#composer").bounding_box()
    assert there and composer
    assert there["y"] + there["height"] <= composer["y"]
    assert composer["x"] <= there["x"] and there["x"] + there["width"] <= composer["x"] + composer["width"]
    expect(page.locator("#thread-head").get_by_role("button", name="다시 열기")).to_be_visible()
    customers.say("kim_river", f"아직이에요 {width}")
    expect(page.locator("#messages")).to_contain_text(f"아직이에요 {width}", timeout=30_000)
    expect(offer).to_have_count(0, timeout=2_000)
