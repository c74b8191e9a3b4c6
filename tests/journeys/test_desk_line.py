"""A line that fails for a moment: what came meanwhile is shown, what was typed reaches the server, by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from time import monotonic

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_desk import Customers, customers, desk, office, row, wait_until

__all__ = ["customers", "desk", "office"]
pytestmark = pytest.mark.browser
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('sotong:draft:')).length"


def test_a_list_that_failed_to_load_once_shows_what_came(desk: Callable[[], Page], customers: Customers) -> None:
    page = desk()
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "ok")
    page.route("**/desk/rows*", lambda route: route.abort(), times=1)
    customers.say("kim_river", "끊긴 사이에 온 글")
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "behind", timeout=30_000)
    expect(row(page, "kim_river")).to_contain_text("끊긴 사이에 온 글", timeout=5_000)
    expect(page.locator("[data-live-words]")).to_contain_text("실시간 ·")


def test_a_part_that_is_gone_for_good_does_not_claim_to_be_current(
    desk: Callable[[], Page], customers: Customers
) -> None:
    page = desk()
    row(page, "kim_river").click()
    expect(page.locator("#messages")).to_contain_text("요금이 두 번 나갔어요")
    page.route("**/messages*", lambda route: route.fulfill(status=404, body="<!doctype html><p>없어요</p>"))
    customers.say("kim_river", "없어진 대화에 온 글")
    live, banner = page.locator("[data-live]"), page.locator("#banner [data-live-banner=stale]")
    expect(live).to_have_attribute("data-state", "behind", timeout=30_000)
    expect(banner.get_by_role("button", name="새로 읽기")).to_be_visible()
    expect(page.locator("#messages")).to_contain_text("요금이 두 번 나갔어요")
    expect(page.locator("#toasts [data-toast]")).to_have_count(0)
    page.unroute("**/messages*")
    expect(page.locator("#messages")).to_contain_text("없어진 대화에 온 글")
    expect(live).to_have_attribute("data-state", "ok")
    expect(banner).to_have_count(0)


def test_what_is_asked_for_again_when_the_line_is_back_is_spread(
    desk: Callable[[], Page], customers: Customers
) -> None:
    page = desk()
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "ok")
    page.evaluate("Math.random = () => 0.99")
    asked: list[float] = []
    page.on("request", lambda request: asked.append(monotonic()) if "/desk/rows" in request.url else None)
    page.route("**/desk/rows*", lambda route: route.abort())
    customers.say("kim_river", "한꺼번에 묻지 않게 온 글")
    wait_until(page, lambda: len(asked) >= 3)  # from now on it waits for more than four seconds
    page.evaluate("dispatchEvent(new Event('online'))")
    said_at = monotonic()
    wait_until(page, lambda: len(asked) >= 4)
    assert 1 < asked[3] - said_at < 3.5


def test_a_draft_longer_than_what_outlives_a_page_reaches_the_server(desk: Callable[[], Page]) -> None:
    page, text = desk(), "긴 글이에요 " * 2857
    row(page, "bada_1102").click()
    page.locator("#text-note").wait_for(state="attached")
    page.get_by_role("tab", name="메모").click()
    page.locator("#text-note").fill(text)
    expect(page.locator("[data-draft-state]")).to_have_text("초안 저장됨")
    assert page.evaluate(KEPT) == 0, "the server has it"
    page.locator("#text-note").press("End")
    page.locator("#text-note").press_sequentially("끝")
    page.close()
    again = desk()
    row(again, "bada_1102").click()
    expect(again.locator("#text-note")).to_have_value(f"{text}끝")
    wait_until(again, lambda: again.evaluate(KEPT) == 0)


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
    wait_until(page, lambda: page.evaluate(KEPT) == 0)
    if not has_left:
        expect(said).to_have_text("초안 저장됨")
    other = desk()
    row(other, "lee_sora").click()
    expect(other.locator("#text-public")).to_have_value(text)
    with other.expect_response(re.compile(r"/draft$")):
        other.locator("#text-public").fill("")
    expect(other.locator("[data-draft-state]")).to_have_text("")
