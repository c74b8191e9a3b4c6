"""The design system in a real browser: keys, live connection, errors that lose nothing."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page, **values):
    """A key pressed on the page with exactly these properties."""
    page.evaluate(
        "values => document.activeElement.dispatchEvent(new KeyboardEvent('keydown',"
        " {bubbles: true, cancelable: true, ...values}))",
        values,
    )


def test_a_key_uses_its_control_and_is_listed_under_the_question_mark(desk):
    desk.keyboard.press("e")
    expect(desk.locator("#out")).to_contain_text("finish")
    desk.keyboard.press("Shift+Slash")
    dialog = desk.locator("dialog[open]")
    assert "finish" in dialog.inner_text()
    assert "next" in dialog.inner_text()
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog")).to_have_count(0)


def test_a_key_works_with_the_hangul_layout_on(desk):
    press(desk, code="KeyE", key="ㄷ")
    expect(desk.locator("#out")).to_contain_text("finish")


def test_no_key_acts_in_a_field_or_while_composing(desk):
    desk.locator("#find").focus()
    desk.keyboard.press("e")
    desk.locator("#finish").focus()
    press(desk, code="KeyE", key="e", isComposing=True)
    press(desk, code="KeyE", key="Process", keyCode=229)
    desk.wait_for_timeout(300)
    assert desk.locator("#out").inner_text() == ""


def test_the_slash_focuses_and_shortcuts_can_be_turned_off(desk, site, live_server):
    desk.keyboard.press("Slash")
    assert desk.evaluate("document.activeElement.id") == "find"
    site.frame = type(site.frame)(company="H", me="N", has_shortcuts=False)
    desk.goto(live_server.url)
    desk.locator("#finish").focus()
    desk.keyboard.press("e")
    desk.keyboard.press("Shift+Slash")
    desk.wait_for_timeout(300)
    assert desk.locator("dialog").count() == 0
    assert desk.locator("#out").inner_text() == ""


def test_j_and_k_walk_through_the_list(desk):
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("j")
    desk.keyboard.press("k")
    assert desk.evaluate("document.activeElement.id") == "r1"


def test_j_at_the_end_of_the_list_leafs_on(desk):
    desk.evaluate("""() => {
        const list = document.querySelector("[data-rows]");
        const button = document.createElement("button");
        button.dataset.rowsMore = "";
        button.addEventListener("click", () => { button.textContent = Number(button.textContent) + 1; });
        list.append(button);
    }""")
    rows = desk.locator("[data-rows] [data-row]").count()
    for _ in range(rows):
        desk.keyboard.press("j")
    assert not desk.locator("[data-rows-more]").inner_text()
    desk.keyboard.press("j")
    assert desk.locator("[data-rows-more]").inner_text() == "1"
    desk.keyboard.press("k")
    assert desk.locator("[data-rows-more]").inner_text() == "1"


def test_enter_makes_a_line_and_ctrl_enter_sends_once(desk, site):
    desk.locator("#text").fill("안녕")
    desk.locator("#text").press("Enter")
    desk.wait_for_timeout(200)
    assert site.posts == 0
    press(desk, code="Enter", key="Enter", ctrlKey=True, isComposing=True)
    desk.wait_for_timeout(200)
    assert site.posts == 0
    desk.locator("#text").press("Control+Enter")
    expect(desk.locator("#out")).to_contain_text("안녕")
    assert site.posts == 1


def test_an_event_reaches_only_what_listens_for_it(desk, site):
    site.events.put('id: 10\nevent: conversation\ndata: {"id": 11}\n\n')
    desk.wait_for_timeout(300)
    assert desk.locator("#out").inner_text() == ""
    site.events.put('id: 11\nevent: conversation\ndata: {"id": 12}\n\n')
    expect(desk.locator("#out")).to_contain_text("one")
    site.events.put('id: 12\nevent: message\ndata: {"id": 3, "conversation": 12}\n\n')
    expect(desk.locator("#out")).to_contain_text("of")


@pytest.mark.parametrize("refusal", [503, 429])
def test_a_broken_connection_is_said_and_replayed_from_the_last_event(desk, site, refusal):
    site.refusal = refusal
    assert site.asked == ["7"]
    site.events.put('id: 41\nevent: conversation\ndata: {"id": 1}\n\n')
    expect(desk.locator("[data-live]")).to_have_attribute("data-state", "ok")
    desk.wait_for_timeout(200)
    site.is_up = False
    desk.wait_for_selector("[data-live][data-state=lost]")
    desk.wait_for_selector("[data-live-banner=lost]", timeout=9000)
    site.is_up = True
    desk.locator("[data-live-banner] button").click()
    desk.wait_for_selector("[data-live][data-state=ok]")
    expect(desk.locator("[data-live-banner]")).to_have_count(0)
    assert site.asked[-1] == "41"


def test_a_place_without_an_event_does_not_count_as_seen(desk, site):
    # The stream begins with "id: 99" and no data: what lies before 99 may still be on its way.
    site.events.put(None)
    expect(desk.locator("[data-live]")).to_have_attribute("data-state", "lost")
    desk.wait_for_selector("[data-live][data-state=ok]", timeout=9000)
    assert site.asked == ["7", "8"]


LOOK = """is_hidden => {
    Object.defineProperty(document, "hidden", {configurable: true, get: () => is_hidden});
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_tab_that_nobody_looks_at_gives_its_connection_back(desk, site):
    site.events.put('id: 41\nevent: conversation\ndata: {"id": 1}\n\n')
    with desk.expect_event("requestfailed", timeout=9000):
        desk.evaluate(LOOK, True)
    assert site.asked == ["7"]
    desk.evaluate(LOOK, False)
    desk.wait_for_selector("[data-live][data-state=ok]")
    assert site.asked == ["7", "41"]


def test_a_tab_that_opens_behind_the_others_takes_no_connection(page, site, live_server):
    page.add_init_script(f"({LOOK})(true)")
    page.goto(live_server.url)
    page.wait_for_timeout(700)
    expect(page.locator("[data-live]")).to_have_attribute("data-state", "idle")
    assert site.asked == []
    page.evaluate(LOOK, False)
    page.wait_for_selector("[data-live][data-state=ok]")
    assert site.asked == ["7"]


def test_reload_waits_while_something_is_being_written(desk, site):
    desk.locator("#text").fill("half an answer")
    site.events.put("event: reload\ndata: {}\n\n")
    desk.wait_for_selector("[data-live-banner=stale]")
    assert desk.locator("#text").input_value() == "half an answer"
    desk.locator("#text").fill("")
    with desk.expect_navigation():
        site.events.put("event: reload\ndata: {}\n\n")


def test_a_broken_server_never_eats_the_last_good_content(desk):
    desk.locator("#finish").click()
    expect(desk.locator("#out")).to_contain_text("finish")
    for name in ("broken", "page", "out401"):
        desk.locator(f"#{name}").click()
        desk.wait_for_selector(".toast")
        desk.locator(".toast [data-toast-close]").first.click()
        expect(desk.locator(".toast")).to_have_count(0)
    assert "finish" in desk.locator("#out").inner_text()


@pytest.mark.parametrize("status", [408, 413])
def test_what_was_turned_away_at_the_door_is_said_and_swapped_nowhere(desk, status):
    desk.locator("#finish").click()
    expect(desk.locator("#out")).not_to_be_empty()
    before = desk.locator("#out").inner_text()
    desk.route("**/said?sent", lambda route: route.fulfill(status=status, content_type="text/plain", body="too much"))
    desk.locator("#text").fill("words")
    desk.locator("[data-send-button]").click()
    expect(desk.locator(".toast", has_text="too much")).to_be_visible()
    assert desk.locator("#out").inner_text() == before
    assert desk.locator("#text").input_value() == "words"


def test_what_is_being_typed_stays_when_the_part_around_it_is_renewed(desk, site):
    field = desk.locator("#kept")
    field.fill("half a sentence")
    field.press("Home")
    field.press("ArrowRight")
    site.events.put('id: 20\nevent: piece\ndata: {"id": 1}\n\n')
    expect(desk.locator("#piece")).to_have_text("1")
    expect(field).to_be_focused()
    assert field.input_value() == "half a sentence"
    assert field.evaluate("field => field.selectionStart") == 1


def test_an_unreachable_server_is_said(desk, site):
    desk.route("**/said?finish", lambda route: route.abort())
    desk.locator("#finish").click()
    desk.wait_for_selector(".toast")
    assert desk.locator("#out").inner_text() == ""


def test_the_summary_of_a_refused_form_takes_the_focus(desk):
    desk.locator("#refused button").click()
    expect(desk.locator("[data-error-summary]")).to_be_focused()


def test_a_plain_form_is_sent_once(desk, site):
    desk.evaluate("document.getElementById('slow').click(); document.getElementById('slow').click()")
    desk.wait_for_timeout(400)
    assert site.posts == 1


def test_a_question_names_what_will_happen_and_no_means_no(desk):
    desk.locator("#danger").click()
    assert desk.locator("dialog[open] .btn-ink").inner_text() == "Tell 6"
    desk.keyboard.press("Escape")
    desk.wait_for_timeout(200)
    assert desk.locator("#out").inner_text() == ""
    assert desk.evaluate("document.activeElement.id") == "danger"
    desk.locator("#danger").click()
    desk.locator("dialog[open] .btn-ink").click()
    expect(desk.locator("#out")).to_contain_text("danger")


def test_a_menu_is_walked_by_arrows_and_gives_the_focus_back(desk):
    desk.locator("#menu").click()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    assert desk.evaluate("document.activeElement.id") == "m2"
    desk.keyboard.press("Escape")
    assert desk.evaluate("document.activeElement.id") == "menu"
    assert desk.locator("#m1").is_hidden()


def test_a_toast_stays_five_seconds_and_waits_while_it_has_the_focus(desk):
    desk.evaluate(
        "detail => document.body.dispatchEvent(new CustomEvent('sotong:toast', {bubbles: true, detail}))",
        {"text": "done", "seconds": 1},
    )
    desk.wait_for_selector(".toast")
    desk.wait_for_timeout(3500)
    assert desk.locator(".toast").count() == 1
    desk.locator(".toast-x").focus()
    desk.wait_for_timeout(4000)
    assert desk.locator(".toast").count() == 1
    desk.locator("#finish").focus()
    expect(desk.locator(".toast")).to_have_count(0)


def test_the_theme_is_kept_in_this_browser(desk, live_server):
    desk.emulate_media(color_scheme="light")
    desk.locator(".topbar [data-theme-toggle]").click()
    assert desk.evaluate("document.documentElement.dataset.theme") == "dark"
    dark = desk.evaluate("getComputedStyle(document.body).backgroundColor")
    assert dark != "rgb(255, 255, 255)"
    desk.goto(f"{live_server.url}/design/")
    assert desk.evaluate("getComputedStyle(document.body).backgroundColor") == dark


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_not_chosen_has_the_colours_of_the_page(desk, live_server, scheme):
    desk.emulate_media(color_scheme=scheme)
    desk.goto(f"{live_server.url}/design/")
    page = desk.evaluate("getComputedStyle(document.body).backgroundColor")
    for kind in ("radio", "checkbox"):
        box = desk.locator(f"input[type={kind}]:not(:checked)").first
        assert box.evaluate("one => [getComputedStyle(one).appearance, getComputedStyle(one).backgroundColor]") == [
            "none",
            page,
        ]


def test_times_become_dates_at_midnight_without_a_reload(desk):
    desk.evaluate(
        """document.getElementById('out').innerHTML =
        '<time datetime="2020-01-01T03:00:00Z" data-later="1월 1일 12:00">12:00</time>';
        document.dispatchEvent(new Event('visibilitychange'))"""
    )
    assert desk.locator("#out").inner_text() == "1월 1일 12:00"


def test_the_page_breaks_no_policy(desk, troubles):
    assert [item for item in troubles if re.search("Content Security|refused", item, re.IGNORECASE)] == []
