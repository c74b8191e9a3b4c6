"""The desk and the office's pages in a hand: nothing is cut, covered or too small to hit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.journeys.conftest import Home
from tests.journeys.test_desk import Customers, customers, office, row

__all__ = ["customers", "office"]
pytestmark = pytest.mark.browser
LEAST_PX = 24
"""What a finger must be given."""
SMALL = f"""() => [...document.querySelectorAll("a, button, summary, select, textarea, [role=tab]")]
    .filter(one => one.checkVisibility() && !one.matches(".sr, .skip"))
    .map(one => [one.getClientRects()[0], one.outerHTML.slice(0, 120)])
    .filter(([box]) => box && Math.min(box.width, box.height) < {LEAST_PX})
    .map(([box, html]) => `${{box.width}} x ${{box.height}}: ${{html}}`)"""


@pytest.fixture
def phone(office: tuple[BrowserContext, Customers], browser: Browser, home: Home) -> Iterator[Callable[[str], Page]]:
    """Opens a page on a phone, where the owner is signed in."""
    context = browser.new_context(
        storage_state=office[0].storage_state(),
        locale="ko-KR", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True,
    )  # fmt: skip

    def open_one(path: str) -> Page:
        page = context.new_page()
        page.goto(home.address + path)
        return page

    yield open_one
    context.close()


@pytest.fixture
def thread(phone: Callable[[str], Page]) -> Page:
    """The phone in the midst of a conversation that nobody has."""
    page = phone("/desk/?view=all")
    row(page, "kim_river").click()
    expect(page.locator("#composer")).to_be_visible()
    return page


def box(of: Locator) -> Any:
    found = of.bounding_box()
    assert found
    return found


def right(of: Locator) -> float:
    return float(box(of)["x"] + box(of)["width"])


def is_whole(of: Locator) -> bool:
    """Whether all of its words show."""
    return bool(of.evaluate("one => one.scrollWidth <= one.clientWidth"))


def test_the_head_has_room_and_its_menu_lets_the_conversation_go(thread: Page) -> None:
    head = thread.locator("#thread-head")
    assert box(head.locator("h2"))["width"] > 140
    assert is_whole(head.locator(".sub"))
    head.get_by_role("button", name="맡기").click()
    expect(thread.locator("#toasts")).to_contain_text("맡")
    head.locator("summary").click()
    head.get_by_role("button", name="놓기").click()
    expect(head.get_by_role("button", name="맡기")).to_be_visible()


def test_who_speaks_stands_on_one_line_and_the_button_stays_when_it_is_too_long(
    thread: Page, customers: Customers
) -> None:
    target, field = thread.locator("[data-target-label]"), thread.locator("#text-public")
    expect(target).to_be_visible()
    expect(target).to_contain_text(f"{customers.company} · ")
    assert is_whole(target)
    assert box(target)["height"] < 32
    field.fill("길" * 1200)
    saved = thread.locator("[data-draft-state]")
    expect(saved).not_to_be_empty()
    assert is_whole(saved)
    assert right(thread.locator("[data-send-button]")) <= right(thread.locator("#composer"))
    assert is_whole(thread.locator("[data-count-over]"))
    field.fill("")


def test_news_leaves_the_newest_message_readable(thread: Page) -> None:
    thread.locator("#text-public").fill("곧 볼게요")
    thread.locator("[data-send-button]").click()
    news = thread.locator("#toasts .toast", has_text="되돌리기")
    expect(news).to_have_count(1)
    newest = thread.locator("#messages article", has_text="곧 볼게요").last
    expect(newest).to_be_visible()
    assert box(news)["y"] + box(news)["height"] <= box(thread.locator("#thread-head"))["y"]


def test_the_menu_offers_keys_only_where_there_are_some(phone: Callable[[str], Page], home: Home) -> None:
    page = phone("/people/")
    page.locator(".rail .me summary").click()
    expect(page.get_by_role("link", name="내 설정")).to_be_visible()
    expect(page.locator("[data-keys-open]")).to_be_hidden()


def test_someone_who_was_invited_is_read_on_one_line(phone: Callable[[str], Page]) -> None:
    page = phone("/people/invite/")
    page.locator("[name=email]").fill("doyun.kim@hansori-telecom.example")
    page.locator("[name=roles]").first.check()
    page.locator("main .form-actions .btn-ink").click()
    page.wait_for_load_state()
    page.goto(page.url.split("/people/")[0] + "/people/")
    assert box(page.get_by_text("doyun.kim@hansori-telecom.example"))["height"] < 2 * LEAST_PX


@pytest.mark.parametrize(
    "path",
    [
        "/people/",
        "/people/teams/",
        "/channels/",
        "/channels/1/",
        "/audit/",
        "/audit/rows/",
        "/design/",
        "/me/",
    ],
)
def test_a_page_is_no_wider_than_the_phone_and_everything_on_it_can_be_hit(
    phone: Callable[[str], Page], path: str
) -> None:
    page = phone(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate(SMALL) == []


def test_everything_in_a_thread_can_be_hit(thread: Page) -> None:
    assert thread.evaluate(SMALL) == []


def test_what_changed_is_read_without_pushing_the_table(phone: Callable[[str], Page]) -> None:
    page = phone("/audit/rows/")
    table = page.locator("table")
    assert table.evaluate("one => one.scrollWidth <= one.parentElement.clientWidth")
    assert right(page.locator(".audit-value").first) <= 390
    page = phone("/channels/1/")
    assert page.locator("#doctor table").evaluate("one => one.scrollWidth <= one.parentElement.clientWidth")
