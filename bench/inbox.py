"""script/bench inbox: the list, a conversation and the search at 1,000,000 conversations and 5,000,000 messages.

Measured over HTTP against the product's own server, by a person who may read 10 of 12 channels, taking turns with
floors in the same run: for pages, the same server, session, middleware and permission with the bare query and
precomputed bytes; for queries, one hand-written statement for the same rows on the same connection; for growth, the
same pages of a second house with 10,000 conversations.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass
from urllib.parse import quote_plus

import psycopg

from bench import corpus
from bench.asking import Kind, Site, Taken, all_of, measure, middle, ratios
from bench.houses import at_houses
from bench.querying import Queries, measure_queries
from bench.verdict import Verdict, flags, quantile

LARGE, REDUCED, SMALL = 1_000_000, 100_000, 10_000
PAGE_BAR, QUERY_BAR, GROWTH_BAR = 3.0, 1.5, 1.3
AREAS = ("list", "open", "search")
LISTS = (
    "view=all",
    "view=unclaimed",
    "view=mine",
    "view=resolved",
    "view=all&channel=1",
    "view=unclaimed&channel=2",
    "view=all&label=1",
    "view=all&direct=1",
)
SEARCHES = {
    "frequent": "q=배송",
    "two frequent": "q=환불 취소",
    "rarer": "q=자막 비싸요",
    "inflected": "q=고장났는데",
    "English": "q=refund missing",
    "unclaimed": "q=결제&view=unclaimed",
    "person": "q=김민준",
}


@dataclass(frozen=True)
class Ground:
    """What requests need to know of one database: conversations to open, a cursor far down, numbers of orders."""

    conversations: int
    messages: int
    opened: tuple[int, ...]
    after: str
    orders: tuple[str, ...]

    @classmethod
    def look(cls, url: str, seed: int) -> Ground:
        """Read it from the database."""
        with psycopg.connect(url, autocommit=True) as link:
            ids = [
                row[0]
                for row in link.execute(
                    "SELECT id FROM inbox_conversation WHERE channel_id <> ALL('{7,11}') AND shelf = 'live' ORDER BY id"
                ).fetchall()
            ]
            conversations, messages = link.execute(
                "SELECT (SELECT count(*) FROM inbox_conversation), (SELECT count(*) FROM inbox_message)"
            ).fetchone() or (0, 0)
            middle = ids[len(ids) // 2]
            after = link.execute(
                "SELECT (extract(epoch FROM last_at) * 1000000)::bigint || '-' || id"
                " FROM inbox_conversation WHERE id = %s",
                [middle],
            ).fetchone()
        drawn = random.Random(seed)
        numbers = [
            str(5 * number).zfill(9) for number in drawn.sample(range(1, messages // 5), min(500, messages // 5 - 1))
        ]
        return cls(
            conversations, messages, tuple(drawn.sample(ids, min(500, len(ids)))), (after or ("",))[0], tuple(numbers)
        )

    def kinds(self, number: int) -> list[Kind]:
        """The requests of one round."""
        found = [Kind("list", asked, f"/desk/?{asked}", f"/bench/list/?{asked}") for asked in LISTS]
        deep = f"rows?view=all&after={self.after}"
        found.append(Kind("list", "leafing far down", f"/desk/{deep}", f"/bench/list/{deep}"))
        for turn in range(4):
            one = self.opened[(number * 4 + turn) % len(self.opened)]
            found.append(Kind("open", "a conversation", f"/desk/{one}/panel?view=all", f"/bench/thread/{one}"))
        searches = {**SEARCHES, "order number": f"q={self.orders[number % len(self.orders)]}"}
        for name, asked in searches.items():
            query = "&".join(f"{key}={quote_plus(value)}" for key, value in (p.split("=") for p in asked.split("&")))
            found.append(Kind("search", name, f"/desk/search?{query}", f"/bench/search?{query}"))
        return found


def run(sizes: tuple[int, int], rounds: int, seed: int, slow: str = "") -> Verdict:
    """Measure a large and a small house; ``slow``: milliseconds that the list is slowed down by, for a test."""
    names = corpus.ensure(list(sizes), seed)
    with corpus.serving() as server:
        urls = [corpus.url_of(server, names[size]) for size in sizes]
        with at_houses(urls, slow) as houses:
            large, small = (Ground.look(url, seed) for url in urls)
            queries = measure_queries([large.kinds(number) for number in range(rounds)])
            sites = [Site(house.port, cookie) for house, cookie in houses]
            taken = measure(
                sites[0],
                sites[1],
                [large.kinds(number) for number in range(rounds + 1)],
                [small.kinds(number) for number in range(rounds + 1)],
            )
    verdict = Verdict(
        "inbox",
        {
            "conversations": f"{large.conversations:,} (small house: {small.conversations:,})",
            "messages": f"{large.messages:,} (small house: {small.messages:,})",
            "seed": seed,
            "rounds": rounds,
            "floors": "same server, session and permission with the bare query and precomputed bytes; the bare query",
        },
    )
    judge(verdict, taken, queries)
    return verdict


def judge(verdict: Verdict, taken: Taken, queries: Queries) -> None:
    """Figures against bars, area by area. A bar holds the median over the kinds of request of p50 over p50."""
    for area in AREAS:
        for name, series in (("page", taken.page), ("floor", taken.floor), ("small house", taken.small)):
            times = all_of(series, area)
            verdict.tell(f"{area}: {name} n", len(times), "")
            for share in (0.5, 0.99):
                verdict.tell(f"{area}: {name} p{share * 100:.0f}", quantile(times, share), "ms")
        for name, series in (("queries", queries.ours), ("bare query", queries.bare)):
            verdict.tell(f"{area}: {name} p50", quantile(all_of(series, area), 0.5), "ms")
        pages = ratios(taken.page, taken.floor, area)
        for kind, ratio in pages.items():
            verdict.tell(f"{area}: {kind}: page / floor", ratio, "×")
        verdict.hold(f"{area}: page / floor", middle(pages), "×", PAGE_BAR)
        verdict.hold(f"{area}: queries / bare", middle(ratios(queries.ours, queries.bare, area)), "×", QUERY_BAR)
        verdict.hold(f"{area}: p50 large / small", middle(ratios(taken.page, taken.small, area)), "×", GROWTH_BAR)
    verdict.hold("pages compared with the bare rows", float(taken.compared), "", 1, at_most=False)
    verdict.hold("pages with other rows", float(taken.differing), "", 0)


def main() -> int:
    parser = flags("inbox", __doc__ or "")
    parser.add_argument("--conversations", type=int, help="in the large house, instead of 1,000,000 (--small: 100,000)")
    parser.add_argument("--rounds", type=int, help="of all kinds of requests, instead of 100 (--small: 10)")
    parser.add_argument("--slow-list", default="", metavar="MS", help="a fault: the list answers that much later")
    asked = parser.parse_args()
    size, rounds = (REDUCED, 10) if asked.small else (LARGE, 100)
    verdict = run(
        (asked.conversations or size, min(SMALL, (asked.conversations or size) // 2)),
        asked.rounds or rounds,
        asked.seed,
        asked.slow_list,
    )
    return verdict.finish(as_json=asked.json)


if __name__ == "__main__":
    sys.exit(main())
