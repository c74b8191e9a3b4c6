"""Parts of a page that renew themselves and could not: asked for again, and the header does not claim to be current."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHANGE = 'id: 20\nevent: piece\ndata: {"id": 1}\n\n'


def test_a_part_that_could_not_be_renewed_is_asked_for_again_and_the_header_says_so(desk, site):
    failing = ["refused", "busy", "away"]

    def answer(route):
        if not failing:
            return route.fallback()
        how = failing.pop(0)
        if how == "refused":
            return route.abort()
        return route.fulfill(status=429 if how == "busy" else 503, body=how)

    desk.route("**/piece*", answer)
    site.events.put(CHANGE)
    expect(desk.locator("[data-live]")).to_have_attribute("data-state", "behind")
    expect(desk.locator("[data-live-words]")).to_have_text("Something could not be read anew · trying again")
    expect(desk.locator("#piece")).to_have_text("1", timeout=20_000)
    expect(desk.locator("[data-live]")).to_have_attribute("data-state", "ok")
    assert failing == []
    assert desk.locator(".toast").count() == 0


def test_what_could_not_be_renewed_is_asked_for_at_once_when_the_line_is_back(desk, site):
    desk.route("**/piece*", lambda route: route.abort())
    site.events.put(CHANGE)
    desk.wait_for_selector("[data-live][data-state=behind]")
    desk.wait_for_timeout(4500)  # the next try by itself is some seconds away
    desk.unroute("**/piece*")
    desk.evaluate("Math.random = () => 0")  # everyone waits up to two seconds: this one not at all
    desk.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.locator("#piece")).to_have_text("1", timeout=1500)
