"""Keys that work while one is writing, and keys of a dialog."""

import pytest
from playwright.sync_api import expect

from sotong.design.tests.test_browser import press

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DIALOG = """() => {
    document.body.insertAdjacentHTML("beforeend", `<dialog id="d"><form hx-post="/said?ended" hx-target="#out">
        <button type="button" id="leave">x</button><input id="why" name="text"><input type="radio" id="how">
        <button class="btn btn-ink">end</button></form></dialog>`);
    htmx.process(document.getElementById("d"));
    document.getElementById("d").showModal();
}"""


@pytest.mark.parametrize("field", ["why", "how"])
def test_ctrl_enter_ends_a_dialog_once_and_not_while_composing(desk, site, field):
    desk.evaluate(DIALOG)
    desk.locator("#leave").focus()
    press(desk, code="Enter", key="Enter", ctrlKey=True)
    desk.locator(f"#{field}").focus()
    press(desk, code="Enter", key="Process", keyCode=229, ctrlKey=True)
    press(desk, code="Enter", key="Enter", ctrlKey=True, isComposing=True)
    desk.wait_for_timeout(200)
    assert site.posts == 0
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#out")).to_contain_text("ended")
    assert site.posts == 1


def test_ctrl_enter_ends_a_form_whose_only_button_looks_otherwise_and_no_form_of_which_two_send(desk, site):
    desk.evaluate(DIALOG.replace("btn-ink", "btn-danger"))
    desk.locator("#why").press("Control+Enter")
    expect(desk.locator("#out")).to_contain_text("ended")
    desk.evaluate("document.querySelector('#d .btn-danger').after(document.createElement('button'))")
    desk.locator("#why").press("Control+Enter")
    desk.wait_for_timeout(200)
    assert site.posts == 1


def test_a_refusal_goes_when_the_field_is_filled_unless_it_offers_a_way_on(desk):
    desk.evaluate(DIALOG)
    desk.evaluate("""() => { document.querySelector("#d form").insertAdjacentHTML("beforeend", `
        <div class="field" data-error><input id="who" aria-invalid="true"><div id="who_error">missing</div></div>
        <div role="alert">why?</div>`) }""")
    said = desk.locator("#d [role=alert]")
    desk.locator("#why").press_sequentially(" ")
    expect(said).to_have_text("why?")
    desk.locator("#why").press_sequentially("b")
    expect(said).to_be_empty()
    expect(desk.locator("#who_error")).to_have_count(1)
    said.evaluate("one => { one.innerHTML = 'held <button>even so</button>' }")
    desk.locator("#who").press_sequentially("c")
    expect(desk.locator("#d [data-error], #d [aria-invalid], #who_error")).to_have_count(0)
    expect(said).to_contain_text("held")


def test_a_key_with_alt_works_while_writing_and_is_listed(desk):
    desk.evaluate("document.getElementById('finish').dataset.key = 'Alt+KeyC'")
    desk.locator("#kept").focus()
    press(desk, code="KeyC", key="ㅊ", altKey=True, isComposing=True)
    desk.keyboard.press("c")
    desk.wait_for_timeout(200)
    assert desk.locator("#out").inner_text() == ""
    press(desk, code="KeyC", key="ㅊ", altKey=True)
    expect(desk.locator("#out")).to_contain_text("finish")
    desk.locator("#finish").focus()
    desk.keyboard.press("Shift+Slash")
    assert desk.locator(".keys li", has_text="finish").locator(".kbd").all_inner_texts() == ["Alt", "C"]


def test_a_menu_opened_by_key_gives_the_focus_back_to_the_text(desk):
    text = desk.locator("#text")
    text.fill("half a sentence")
    for leave in ("Escape", "Alt+c"):
        text.focus()
        text.evaluate("field => field.setSelectionRange(4, 4)")
        desk.keyboard.press("Alt+c")
        desk.keyboard.press("ArrowDown")
        expect(desk.locator("#m1")).to_be_focused()
        desk.keyboard.press(leave)
        expect(desk.locator("#m1")).to_be_hidden()
        expect(text).to_be_focused()
        assert text.evaluate("field => field.selectionStart") == 4
    # Opened by its button, or closed by a choice, it is as any other menu.
    desk.keyboard.press("Alt+c")
    desk.locator("#m1").click()
    desk.locator("#menu").click()
    desk.keyboard.press("Escape")
    expect(desk.locator("#menu")).to_be_focused()
