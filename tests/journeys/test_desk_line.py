"""A line that fails for a moment: what came meanwhile is shown, what was typed reaches the server, by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_desk import Customers, customers, desk, office, row, wait_until

__all__ = ["customers", "desk", "office"]
pytestmark = pytest.mark.browser


def test_a_list_that_failed_to_load_once_shows_what_came(desk: Callable[[], Page], customers: Customers) -> None:
    page = desk()
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "ok")
    page.route("**/desk/rows*", lambda route: route.abort(), times=1)
    customers.say("kim_river", "끊긴 사이에 온 글")
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "behind", timeout=30_000)
    expect(row(page, "kim_river")).to_contain_text("끊긴 사이에 온 글", timeout=5_000)
    expect(page.locator("[data-live-words]")).to_contain_text("연결됨")


@pytest.mark.parametrize("has_left", [False, True])
def test_a_draft_that_did_not_reach_the_server_is_saved_again_by_itself(
    desk: Callable[[], Page], has_left: bool
) -> None:
    page, text = desk(), f"끊긴 사이에 쓴 답 {has_left}"
    asked: list[str] = []
    row(page, "lee_sora").click()
    page.locator("#text-public").wait_for()
    page.wait_for_timeout(1500)  # a window saves what it shows once it is open
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/draft") else None)
    page.route("**/draft", lambda route: route.abort())
    said = page.locator("[data-draft-state]")
    page.locator("#text-public").fill(text)
    expect(said).to_have_text("서버에 닿지 못해 이 브라우저에만 있어요")
    if has_left:
        row(page, "kim_river").click()
        expect(page.locator("#messages")).to_contain_text("요금이 두 번 나갔어요")
    wait_until(page, lambda: len(asked) >= 2)  # it tries by itself
    page.unroute("**/draft")
    page.evaluate("dispatchEvent(new Event('online'))")
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('sotong:draft:')).length"
    wait_until(page, lambda: page.evaluate(kept) == 0)
    if not has_left:
        expect(said).to_have_text("초안 저장됨")
    other = desk()
    row(other, "lee_sora").click()
    expect(other.locator("#text-public")).to_have_value(text)
    with other.expect_response(re.compile(r"/draft$")):
        other.locator("#text-public").fill("")
    expect(other.locator("[data-draft-state]")).to_have_text("")
