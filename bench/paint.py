"""script/bench paint: how soon the desk is first painted in a browser that has never seen it, and what it weighs.

Chromium opens the desk of a house with 10,000 conversations, each time with an empty cache. Weight is what came over
the wire, compressed, of everything but the font; both bars are absolute.
"""

from __future__ import annotations

import shutil
import sys
from collections import defaultdict
from typing import Any

from bench import corpus
from bench.houses import at_houses
from bench.inbox import SMALL
from bench.verdict import Verdict, arguments, quantile

PAINT_BAR, WEIGHT_BAR = 1000.0, 300.0
PAINTED = """() => new Promise(done => new PerformanceObserver(list => {
    const first = list.getEntries().find(entry => entry.name === "first-contentful-paint");
    if (first) done(first.startTime);
}).observe({type: "paint", buffered: true}))"""


def main() -> int:
    asked = arguments("paint", __doc__ or "")
    times = 5 if asked.small else 30
    names = corpus.ensure([SMALL], asked.seed)
    with corpus.serving() as server, at_houses([corpus.url_of(server, names[SMALL])]) as ((house, cookie),):
        paints, weights = _open(f"http://127.0.0.1:{house.port}", cookie, times)
    verdict = Verdict(
        "paint",
        {"conversations": f"{SMALL:,}", "openings": times, "seed": asked.seed, "measured against": "absolute bars"},
    )
    judge(verdict, paints, weights)
    return verdict.finish(as_json=asked.json)


def judge(verdict: Verdict, paints: list[float], weights: list[dict[str, float]]) -> None:
    """``paints`` in ms, ``weights`` in KB by kind of file, one an opening."""
    verdict.tell("first paint p99", quantile(paints, 0.99), "ms")
    heaviest = max(weights, key=lambda weight: sum(weight.values()) - weight.get("Font", 0))
    for kind, size in sorted(heaviest.items()):
        verdict.tell(f"weight: {kind}", size, "KB")
    without_font = sum(heaviest.values()) - heaviest.get("Font", 0)
    verdict.hold("first paint p50", quantile(paints, 0.5), "ms", PAINT_BAR)
    verdict.hold("weight without the font", without_font, "KB", WEIGHT_BAR)
    # A page that failed to load would be light and quick.
    verdict.hold(
        "kinds of files", float(len({"Document", "Stylesheet", "Script"} & set(heaviest))), "", 3, at_most=False
    )


def _open(address: str, cookie: str, times: int) -> tuple[list[float], list[dict[str, float]]]:
    from playwright.sync_api import sync_playwright

    name, _, value = cookie.partition("=")
    paints, weights = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        for number in range(times + 1):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            context.add_cookies([{"name": name, "value": value, "url": address}])
            page = context.new_page()
            weight = _weigh(context.new_cdp_session(page))
            page.goto(f"{address}/desk/?view=all", wait_until="load")
            painted = page.evaluate(PAINTED)
            page.wait_for_timeout(500)  # what scripts fetch after the load counts too
            if page.locator("[data-row]").count() < 10:
                raise RuntimeError("the desk shows no conversations")
            context.close()
            if number:  # the first opening warms the server up
                paints.append(painted)
                weights.append(dict(weight))
        browser.close()
    return paints, weights


def _weigh(session: Any) -> dict[str, float]:
    """KB received by kind of file, added to while the page loads."""
    kinds: dict[str, str] = {}
    weight: dict[str, float] = defaultdict(float)

    def ended(event: dict[str, Any]) -> None:
        weight[kinds.get(event["requestId"], "Other")] += event["encodedDataLength"] / 1000

    session.on("Network.responseReceived", lambda event: kinds.__setitem__(event["requestId"], event["type"]))
    session.on("Network.loadingFinished", ended)
    session.send("Network.enable")
    return weight


if __name__ == "__main__":
    sys.exit(main())
