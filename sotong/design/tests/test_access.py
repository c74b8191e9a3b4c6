"""The design system is for everyone: no barrier that axe knows, no page wider than its window."""

import pytest
from axe_core_python.sync_playwright import Axe

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def language(page, live_server, code):
    page.context.add_cookies([{"name": "language", "value": code, "url": live_server.url}])
    page.set_extra_http_headers({"Accept-Language": code})


@pytest.mark.parametrize(
    ("theme", "code", "density"),
    [
        ("light", "ko", "normal"),
        ("dark", "ko", "normal"),
        ("light", "en", "normal"),
        ("dark", "en", "normal"),
        ("light", "ko", "compact"),
    ],
)
def test_the_living_page_has_no_barrier(page, site, live_server, troubles, theme, code, density):
    language(page, live_server, code)
    page.emulate_media(color_scheme=theme)
    page.goto(f"{live_server.url}/design/?density={density}")
    assert page.evaluate("document.documentElement.lang") == code
    # What is folded away must be right too, and axe measures only what is laid out.
    page.evaluate("document.querySelectorAll('details:not(.menu)').forEach(part => { part.open = true; })")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    said = [
        (item["id"], item["impact"], [node["target"] for node in item["nodes"]][:5]) for item in found["violations"]
    ]
    assert said == []
    assert troubles == []


@pytest.mark.parametrize("width", [390, 1100, 1440])
def test_no_page_is_wider_than_its_window(page, site, live_server, width):
    page.set_viewport_size({"width": width, "height": 844})
    for code in ("ko", "en"):
        language(page, live_server, code)
        for address in ("/design/", "/"):
            page.goto(live_server.url + address)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, code)


def test_the_frame_has_no_barrier_on_a_phone(page, site, live_server, rail):
    site.frame = rail
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(live_server.url)
    page.locator(".rail summary").click()
    found = Axe().run(page)
    assert [item["id"] for item in found["violations"] if item["impact"] in {"serious", "critical"}] == []
    assert page.locator(".rail .menu-list").is_visible()


@pytest.mark.parametrize(("density", "least", "most"), [("normal", 6, 9), ("compact", 12, 16)])
def test_compact_shows_twelve_conversations_at_900_pixels(page, site, live_server, density, least, most):
    site.frame = type(site.frame)(company="H", me="N", density=density)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(live_server.url)
    bottoms = page.evaluate("[...document.querySelectorAll('.conv')].map(row => row.getBoundingClientRect().bottom)")
    assert least <= sum(bottom <= 900 for bottom in bottoms) <= most


def test_forced_colours_keep_shapes_and_edges(page, site, live_server):
    page.emulate_media(forced_colors="active")
    page.goto(f"{live_server.url}/design/")
    edge = page.evaluate("getComputedStyle(document.querySelector('#tags .tag')).borderTopStyle")
    assert edge == "solid"
    square = page.evaluate("getComputedStyle(document.querySelector('#connection .dot-danger')).borderRadius")
    assert square == "2px"
