"""Working through the list by keyboard: what is ended, put off or claimed leaves it, and one goes on beside it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Home
from tests.journeys.test_desk import Customers, customers, desk, office, row

__all__ = ["customers", "desk", "office"]
pytestmark = pytest.mark.browser


def names(page: Page) -> list[str]:
    return page.locator("#list .conv .who bdi").all_inner_texts()


def open_row(page: Page, who: str) -> None:
    row(page, who).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thread-head")).to_contain_text(who)
    expect(page.locator("#composer[data-ready]")).to_be_visible()


def test_after_what_leaves_the_list_one_goes_on_from_its_neighbour(
    desk: Callable[[], Page], customers: Customers, home: Home
) -> None:
    page = desk()
    for number in range(3):
        who = f"more_{number}"
        customers.call("POST", "/api/accounts", {"handle": who, "display_name": who, "kind": "customer"})
        customers.say(who, "언제 되나요")
    page.goto(f"{home.address}/desk/?view=unclaimed")
    expect(page.locator("#list .conv")).to_have_count(6, timeout=30_000)
    first, second, third, fourth, fifth, last = names(page)
    # Ended: the row that took its place, and from there on.
    open_row(page, second)
    page.keyboard.press("e")
    expect(page.locator("#dialog-resolve")).to_be_visible()
    page.keyboard.press("Enter")
    expect(row(page, second)).to_have_count(0)
    expect(row(page, third)).to_be_focused()
    page.keyboard.press("k")
    expect(row(page, first)).to_be_focused()
    # Claimed, where only those are listed that nobody has.
    open_row(page, third)
    page.keyboard.press("c")
    expect(row(page, third)).to_have_count(0)
    expect(row(page, fourth)).to_be_focused()
    # Put off, where the last one leaves its place to the one above.
    open_row(page, last)
    page.keyboard.press("s")
    expect(page.locator("#dialog-snooze")).to_be_visible()
    page.locator("#dialog-snooze button[name=until]").first.click()
    expect(row(page, last)).to_have_count(0)
    expect(row(page, fifth)).to_be_focused()
    # Ended by a colleague while one writes there: nothing takes the text's focus away, and Esc knows the place.
    open_row(page, fourth)
    page.keyboard.press("r")
    expect(page.locator("#text-public")).to_be_focused()
    other = desk()
    open_row(other, fourth)
    other.keyboard.press("e")
    expect(other.locator("#dialog-resolve")).to_be_visible()
    other.keyboard.press("Enter")
    expect(row(page, fourth)).to_have_count(0)
    expect(page.locator("#text-public")).to_be_focused()
    page.keyboard.press("Escape")
    expect(row(page, fifth)).to_be_focused()
