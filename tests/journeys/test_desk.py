"""A lead at the desk: what comes while a page loads, the last click, many at once, two windows, a reply that fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.conftest import Home
from tests.journeys.steps import found_company, open_practice

pytestmark = pytest.mark.browser
QUESTIONS = {
    "bada_1102": "로밍 켰는데 도쿄에서 데이터가 안 돼요",
    "kim_river": "요금이 두 번 나갔어요",
    "lee_sora": "인터넷이 자꾸 끊겨요",
}


class Customers:
    """What customers do on the practice network, without a browser."""

    def __init__(self, home: Home, company: str) -> None:
        secret = next(Path(home.house.data).rglob("admin-secret")).read_text(encoding="utf-8").strip()
        self.http = httpx2.Client(
            base_url=home.practice, headers={"Authorization": f"Bearer {secret}"}, trust_env=False, timeout=30
        )
        self.company = company
        self.posts: dict[str, str] = {}

    def call(self, verb: str, path: str, body: Any = None, who: str = "") -> Any:
        answer = self.http.request(verb, path, json=body, headers={"X-Practice-As": who} if who else {})
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def say(self, who: str, text: str) -> None:
        """A first post, or the next one of the same thread."""
        body = {"text": f"@{self.company} {text}"} | ({"reply_to": self.posts[who]} if who in self.posts else {})
        self.posts.setdefault(who, self.call("POST", "/api/posts", body, who)["id"])


@pytest.fixture(scope="module")
def office(home: Home, browser: Browser) -> Iterator[tuple[BrowserContext, Customers]]:
    """A company with three questions, and the browser in which its owner is signed in."""
    context = browser.new_context(locale="ko-KR", timezone_id="Asia/Seoul", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    found_company(page, home)
    customers = Customers(home, open_practice(page, home))
    for who, text in QUESTIONS.items():
        customers.call("POST", "/api/accounts", {"handle": who, "display_name": who, "kind": "customer"})
        customers.say(who, text)
    page.goto(f"{home.address}/desk/?view=all")
    expect(page.locator("#list .conv")).to_have_count(len(QUESTIONS), timeout=30_000)
    page.close()
    yield context, customers
    customers.http.close()
    context.close()


@pytest.fixture
def customers(office: tuple[BrowserContext, Customers]) -> Customers:
    return office[1]


@pytest.fixture
def desk(office: tuple[BrowserContext, Customers], home: Home) -> Iterator[Callable[[], Page]]:
    """Opens a window on the whole list."""
    pages: list[Page] = []

    def open_one() -> Page:
        pages.append(office[0].new_page())
        pages[-1].goto(f"{home.address}/desk/?view=all")
        return pages[-1]

    yield open_one
    for page in pages:
        page.close()


def row(page: Page, who: str) -> Any:
    return page.locator("#list .conv", has_text=who).first


def hold_panels(page: Page) -> dict[int, Callable[[], None]]:
    """Answers of the server to opened conversations are kept back; each is let through by a call.

    By the order in which they were asked for, whichever the server answers first.
    """
    held: dict[int, Callable[[], None]] = {}
    turns = count()

    def keep(route: Route) -> None:
        turn = next(turns)
        answer = route.fetch()
        held[turn] = lambda: route.fulfill(response=answer)

    page.route(re.compile(r"/desk/\d+/panel"), keep)
    return held


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    for _ in range(400):
        if is_so():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come so far")


def test_what_comes_while_a_conversation_loads_is_shown(desk: Callable[[], Page], customers: Customers) -> None:
    page = desk()
    held = hold_panels(page)
    row(page, "bada_1102").click()
    wait_until(page, lambda: len(held) == 1)
    customers.say("bada_1102", "아직도 안 돼요, 늦게 온 글")
    expect(row(page, "bada_1102")).to_contain_text("늦게 온 글", timeout=30_000)
    page.wait_for_timeout(500)
    held[0]()
    expect(page.locator("#composer")).to_be_visible()
    expect(page.locator("#messages")).to_contain_text("늦게 온 글", timeout=5_000)


def test_the_conversation_that_was_clicked_last_is_the_one_that_opens(desk: Callable[[], Page]) -> None:
    page = desk()
    held = hold_panels(page)
    row(page, "bada_1102").click()
    row(page, "kim_river").click()
    wait_until(page, lambda: len(held) == 2)
    held[1]()
    expect(page.locator("#messages")).to_contain_text(QUESTIONS["kim_river"])
    held[0]()
    page.wait_for_timeout(700)
    expect(page.locator("#messages")).to_contain_text(QUESTIONS["kim_river"])
    expect(page).to_have_url(re.compile(str(row(page, "kim_river").get_attribute("href")).replace("?", r"\?")))


def test_many_are_picked_ended_and_taken_back_by_keyboard(desk: Callable[[], Page], customers: Customers) -> None:
    page = desk()
    rows, picked = page.locator("#list .conv"), page.locator("#bulk [data-picked]")
    rows.first.focus()
    for key in ("x", "j", "x"):
        page.keyboard.press(key)
    expect(picked).to_have_text("2개 고름")
    customers.say("lee_sora", "지금도 그래요")
    expect(row(page, "lee_sora")).to_contain_text("지금도 그래요", timeout=30_000)
    expect(picked).to_have_text("2개 고름")  # a list that renews itself keeps what is ticked
    page.keyboard.press("l")
    dialog = page.locator("#many-label")
    dialog.get_by_role("button", name="붙이기").click()
    expect(dialog.locator("[role=alert]")).to_contain_text("붙일 꼬리표를 고르거나")
    dialog.get_by_label("새 꼬리표").fill("급함")
    dialog.get_by_label("새 꼬리표").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("대화 2개에 꼬리표를 붙였어요.")
    expect(page.locator("#list .tag", has_text="급함")).to_have_count(2)
    page.locator("[data-pick-all]").check()
    page.keyboard.press("e")
    page.locator("#many-resolve").get_by_role("button", name="끝내기").click()
    expect(page.locator("#toasts")).to_contain_text("대화 3개를 끝냈어요.")
    expect(rows).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="되돌리기").click()
    expect(rows).to_have_count(3)
    rows.first.focus()
    page.keyboard.press("Escape")
    expect(page.locator("#bulk")).to_be_hidden()


def test_what_was_refused_stays_picked_and_says_why(desk: Callable[[], Page]) -> None:
    page = desk()
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_label("거르기", exact=True).click()
    page.get_by_role("button", name="여러 개 고르기").click()
    page.locator("[data-pick-all]").check()
    page.get_by_label("고른 대화에 더 하기").click()
    page.locator("#bulk").get_by_role("button", name="놓기").click()
    expect(page.locator("#bulk-said")).to_contain_text("3개는 못 했어요.")
    expect(page.locator("#bulk-said")).to_contain_text("지금 맡고 있는 대화가 아니에요.")
    expect(page.locator("#bulk [data-picked]")).to_have_text("3개 고름")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_reply_taken_back_in_one_window_leaves_once_from_the_other(
    desk: Callable[[], Page], customers: Customers
) -> None:
    one, text = desk(), "공유기를 껐다 켜 주시겠어요?"
    row(one, "lee_sora").click()
    one.locator("#text-public").fill(text)
    expect(one.locator("[data-draft-state]")).to_have_text("초안 저장됨")
    two = desk()
    # A window saves what it shows once it is open; after the sending that save would say that the text has left.
    with two.expect_response(re.compile(r"/draft$")):
        row(two, "lee_sora").click()
    expect(two.locator("#text-public")).to_have_value(text)
    one.locator("#text-public").press("Control+Enter")
    one.locator("#toasts").get_by_role("button", name="되돌리기").click()
    expect(one.locator("article.msg-own", has_text="보내지 않기로 했어요")).to_be_visible()
    expect(one.locator("#text-public")).to_have_value(text)
    two.locator("#text-public").press("Control+Enter")
    expect(two.locator("#composer-said")).to_contain_text("보내지 않기로 한 답글이라 나가지 않아요.")
    expect(two.locator("#text-public")).to_have_value(text)
    two.get_by_role("button", name="새 답글로 보내기").click()
    sent = two.locator("article.msg-own", has_text="네트워크에서 확인됨")
    expect(sent).to_have_count(1, timeout=30_000)
    one.locator("#text-public").press("Control+Enter")
    one.wait_for_timeout(7000)
    thread = customers.call("GET", f"/api/posts/{customers.posts['lee_sora']}/thread", who="lee_sora")
    assert str(thread).count(text) == 1


def test_what_two_windows_type_is_kept_from_both(desk: Callable[[], Page]) -> None:
    one, other = desk(), desk()
    for page in (one, other):
        row(page, "lee_sora").click()
        page.locator("#text-public").wait_for()
    for page, text, said in (
        (one, "한 창에서 쓰던 답", "초안 저장됨"),
        (other, "다른 창에서 쓰던 답", "다른 창에서 쓴 초안이 있어요"),
    ):
        page.locator("#text-public").fill(text)
        expect(page.locator("[data-draft-state]")).to_contain_text(said)
    one.close()
    other.close()
    again = desk()
    row(again, "lee_sora").click()
    expect(again.locator("#text-public")).to_have_value("한 창에서 쓰던 답\n\n다른 창에서 쓰던 답")
    expect(again.locator("[data-draft-state]")).to_contain_text("초안 저장됨")
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('sotong:draft:')).length"
    assert again.evaluate(kept) == 0, "the server has it"


def test_a_reply_that_cannot_arrive_says_why_and_what_to_do(desk: Callable[[], Page], customers: Customers) -> None:
    page = desk()
    row(page, "kim_river").click()
    page.locator("#text-public").fill("한 번은 취소됐어요.")
    page.locator("#text-public").press("Control+Enter")
    mine = page.locator("article.msg-own", has_text="한 번은 취소됐어요.")
    expect(mine).to_contain_text("곧 보내요")
    customers.call("DELETE", f"/api/posts/{customers.posts['kim_river']}", who="kim_river")
    expect(mine).to_contain_text("보내지 못했어요", timeout=30_000)
    expect(mine).to_contain_text("답하려던 글이나 계정이 네트워크에 없어요. 나가지 않은 것이 확실해요.")
    expect(mine.get_by_role("link", name="어떻게 할지 정하기")).to_be_visible()
