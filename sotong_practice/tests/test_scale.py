"""Every reading costs the same at any size: it walks an index and stops, it never sorts or scans a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from sqlite3 import Connection

import pytest

from sotong_practice.network import Network
from sotong_practice.state import reading, reading_private
from sotong_practice.state.reading import Span
from sotong_practice.verbs.accounts import create_account
from sotong_practice.verbs.messages import send_message
from sotong_practice.verbs.posts import set_like, write_post


@pytest.fixture
def network(tmp_path: Path) -> Network:
    network = Network(tmp_path)
    care, _ = create_account(network, handle="care", display_name="상담", kind="company")
    bada, _ = create_account(network, handle="bada", display_name="바다", kind="customer")
    for n in range(20):
        post, _ = write_post(network, by=bada, text=f"@care 로밍 {n}", key=f"k{n}")
        write_post(network, by=care, text="답", reply_to=post.id)
        set_like(network, by=care, post_id=post.id, likes=True)
        send_message(network, by=bada, to="care", text=f"쪽지 {n}", key=f"m{n}")
    return network


READINGS: dict[str, Callable[[Connection, str, str], object]] = {
    "timeline": lambda db, care, root: reading.timeline(db, Span(before=30)),
    "timeline onward": lambda db, care, root: reading.timeline(db, Span(after=3)),
    "posts of an account": lambda db, care, root: reading.posts_by_account(db, Span(), care),
    "thread": lambda db, care, root: reading.thread(db, Span(after=0), root),
    "accounts": lambda db, care, root: reading.accounts(db, Span(after=0)),
    "companies": lambda db, care, root: reading.accounts(db, Span(after=0), kind="company"),
    "by handle": lambda db, care, root: reading.account_by_handle(db, "care"),
    "by key": lambda db, care, root: reading.posts_by_key(db, care.replace("-2", "-3"), "k1"),
    "message by key": lambda db, care, root: reading_private.messages_by_key(db, care.replace("-2", "-3"), "m1"),
    "feed": lambda db, care, root: reading_private.feed(db, care, after=5, limit=10, own=False),
    "latest feed": lambda db, care, root: reading_private.feed(db, care, after=None, limit=10, own=True),
    "exchanges": lambda db, care, root: reading_private.exchanges(db, Span(), care),
    "session": lambda db, care, root: reading.accounts_of_session(db, "0" * 64),
    "token": lambda db, care, root: reading.account_by_token(db, "0" * 64),
    "media": lambda db, care, root: reading_private.media_type(db, "x.png", None),
    "search": lambda db, care, root: reading.search(db, Span(before=40), "로밍"),
}


@pytest.mark.parametrize("name", READINGS)
def test_a_reading_walks_an_index(network: Network, name: str) -> None:
    db = network.tables
    care = reading.account_by_handle(db, "care")
    assert care is not None
    root = reading.timeline(db, Span()).things[0].root
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    READINGS[name](db, care.id, root)
    db.set_trace_callback(None)
    assert asked
    for statement in asked:
        if "MATCH" in statement or statement.startswith("--"):
            continue  # the full-text index walks its own tables, newest first
        for step in db.execute("EXPLAIN QUERY PLAN " + statement):
            detail = step["detail"]
            assert "TEMP B-TREE" not in detail or name == "session", detail
            assert not (detail.startswith("SCAN") and "USING" not in detail), f"{detail} in {statement}"
    network.close()


def test_a_page_of_posts_asks_a_bounded_number_of_questions(network: Network) -> None:
    asked: list[str] = []
    network.tables.set_trace_callback(asked.append)
    found = reading.timeline(network.tables, Span(limit=30))
    network.tables.set_trace_callback(None)
    assert len(found.things) == 30
    assert len(asked) <= 3
    network.close()
