"""Reading at the desk: line breaks, a picture that comes, what is new below, the height of the page, dialogs, keys."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.test_desk import Customers, customers, desk, office, row

__all__ = ["customers", "desk", "office"]
pytestmark = pytest.mark.browser
LINES = "첫째 줄\n둘째 줄\n\n넷째 줄"


@pytest.fixture
def opened(desk: Callable[[], Page], customers: Customers) -> Page:
    """A window on a conversation that is longer than the window, read to its end."""
    page = desk()
    row(page, "bada_1102").click()
    expect(page.locator("#composer")).to_be_visible()
    return page


def active(page: Page) -> Any:
    return page.evaluate("[document.activeElement.tagName, document.activeElement.name]")


def test_lines_stay_lines_and_a_picture_comes_by_itself(opened: Page, customers: Customers) -> None:
    asked: list[int] = []
    opened.on("response", lambda answer: asked.append(answer.status) if "/inbox/media/" in answer.url else None)
    customers.say("bada_1102", LINES)
    lines = opened.locator("#messages .body", has_text="넷째 줄")
    expect(lines).to_be_visible(timeout=30_000)
    assert lines.evaluate("one => one.innerText.trim().split('\\n').length") == 4
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(drawn, "PNG")
    headers = {"content-type": "image/png", "X-Practice-As": "bada_1102"}
    kept = customers.http.post("/api/media", content=drawn.getvalue(), headers=headers).raise_for_status().json()
    post = {
        "text": f"@{customers.company} 사진",
        "reply_to": customers.posts["bada_1102"],
        "media": [{"id": kept["id"]}],
    }
    customers.call("POST", "/api/posts", post, "bada_1102")
    expect(opened.locator("#messages .pics img")).to_be_visible(timeout=20_000)
    expect(opened.locator("#messages .pics img")).to_have_js_property("naturalWidth", 30)
    assert set(asked) == {200}


def test_what_is_new_below_stays_told_until_it_is_seen(opened: Page, customers: Customers) -> None:
    for number in range(8):
        customers.say("bada_1102", f"글 {number}\n{LINES}")
    expect(opened.locator("#messages")).to_contain_text("글 7", timeout=30_000)
    opened.wait_for_timeout(1000)
    opened.evaluate("document.getElementById('messages').scrollTop = 0")
    customers.say("bada_1102", "맨 나중 글")
    expect(opened.locator("#newer")).to_have_text("새 글 1개", timeout=30_000)
    opened.wait_for_timeout(2000)
    expect(opened.locator("#newer")).to_be_visible()
    opened.evaluate("document.getElementById('messages').scrollTop = 1e6")
    expect(opened.locator("#newer")).to_be_hidden()
    assert opened.evaluate("document.documentElement.scrollHeight") == 900  # as high as the window


def test_a_picture_is_described_in_the_whole_width_and_an_old_version_moves_nothing(
    opened: Page, customers: Customers
) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(drawn, "PNG")
    opened.locator("#composer input[type=file]").set_input_files(
        {"name": "a.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
    )
    field = opened.locator("[data-picture] input")
    field.wait_for()
    widths = [one.evaluate("one => one.clientWidth") for one in (field, opened.locator("#text-public"))]
    assert widths[0] > widths[1] * 0.75
    opened.locator("[data-picture] button").click()
    expect(field).to_have_count(0)
    body = {"text": f"@{customers.company} 고친 첫 글"}
    customers.call("PATCH", f"/api/posts/{customers.posts['bada_1102']}", body, "bada_1102")
    edited = opened.locator("#messages .msg", has_text="고친 첫 글").first
    summary = edited.locator("summary")
    expect(summary).to_have_count(1, timeout=30_000)
    head = """one => [...one.querySelectorAll('.msg-h > a, .msg-h summary')]
        .map((each) => each.getBoundingClientRect()).flatMap((box) => [box.x, box.y - one.getBoundingClientRect().y])"""
    before = edited.evaluate(head)
    summary.click()
    expect(edited.locator(".versions")).to_be_visible()
    assert edited.evaluate(head) == pytest.approx(before, abs=2)


def test_a_dialog_begins_at_its_first_field_and_help_names_every_key(opened: Page) -> None:
    for key, begins in (("h", ["SELECT", "person"]), ("s", ["BUTTON", "until"]), ("e", ["INPUT", "outcome"])):
        opened.locator("#messages").focus()
        opened.keyboard.press(key)
        assert active(opened) == begins
        opened.keyboard.press("Escape")
    opened.locator("#messages").focus()
    opened.keyboard.press("Shift+?")
    for does, keys in (("되돌리기", [["Z"], ["Ctrl", "Z"]]), ("대화 열기", [["Enter"]])):
        lines = opened.locator(".keys li", has_text=does).all()
        assert [line.locator(".kbd").all_inner_texts() for line in lines] == keys


def test_a_phone_has_the_search_and_no_page_of_it_is_too_wide(desk: Callable[[], Page]) -> None:
    page = desk()
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("link", name="대화와 사람 찾기").click()
    expect(page.locator("input[type=search]").locator("visible=true").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dialogs_begin_with_what_is_so_now(opened: Page) -> None:
    ending, chosen = opened.locator("#dialog-resolve"), opened.locator("#dialog-resolve [name=outcome]:checked")
    opened.locator("#messages").focus()
    opened.keyboard.press("e")
    expect(chosen).to_have_value("no_answer_needed")
    opened.keyboard.press("Escape")
    opened.keyboard.press("c")
    expect(opened.locator("#thread-head").get_by_role("button", name="놓기")).to_be_visible()
    opened.keyboard.press("h")
    expect(opened.locator("#dialog-assign [name=person] option:checked")).to_have_text("나래 (나)")
    opened.keyboard.press("Escape")
    opened.locator("#text-public").fill("곧 알려 드릴게요")
    opened.locator("#text-public").press("Control+Enter")
    opened.locator("#messages").focus()
    opened.keyboard.press("e")  # whether or not the thread shows the reply yet
    expect(chosen).to_have_value("solved")
    expect(ending.locator("#unsent")).to_be_hidden()
    opened.keyboard.press("Escape")
