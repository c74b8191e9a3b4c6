"""Which accounts a record concerns, and why: the rows of their feeds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from sqlite3 import Connection, Row

from sotong_practice.truth import Record

Reasons = dict[str, list[str]]
"""Account id → why the thing concerns it."""


@dataclass(frozen=True)
class News:
    """Which record tells, when that happened on the network, and who did it."""

    seq: int
    at: str
    actor: str

    @classmethod
    def of(cls, record: Record) -> News:
        return cls(record["seq"], record["at"], record["account"])


def tell_of_post(db: Connection, post: Row, rank: int) -> None:
    """A post became visible: tells its people and counts its author into the thread."""
    _tell(db, _reasons_of(db, post), "post", post, News(rank, post["at"], post["account"]))
    joining = [post["account"]]
    if post["root"] == post["id"]:
        joining += json.loads(post["mentions"])
    db.executemany("INSERT OR IGNORE INTO threads VALUES (?, ?)", [(post["root"], account) for account in joining])


def tell_of_edit(db: Connection, post: Row, record: Record) -> None:
    _tell(db, _told_before(db, post) | _reasons_of(db, post), "edit", post, News.of(record))


def tell_of_deletion(db: Connection, post: Row, record: Record) -> None:
    _tell(db, _told_before(db, post), "deletion", post, News.of(record))


def tell_of_like(db: Connection, post: Row, record: Record) -> None:
    """The author learns of a like or its end."""
    own = record["account"] == post["account"]
    _tell(db, {post["account"]: ["like", "own"] if own else ["like"]}, record["kind"], post, News.of(record))


def tell_of_message(db: Connection, message: Row, rank: int) -> None:
    _tell(db, _two_people(message), "direct", message, News(rank, message["at"], message["account"]))


def tell_of_message_deletion(db: Connection, message: Row, record: Record) -> None:
    _tell(db, _two_people(message), "direct_deletion", message, News.of(record))


def _two_people(message: Row) -> Reasons:
    return {message["recipient"]: ["direct"], message["account"]: ["direct", "own"]}


def _reasons_of(db: Connection, post: Row) -> Reasons:
    reasons: Reasons = {}

    def add(account: str, why: str) -> None:
        if account != post["account"]:
            reasons.setdefault(account, []).append(why)

    for account in json.loads(post["mentions"]):
        add(account, "mention")
    for target, why in ((post["reply_to"], "reply"), (post["quote_of"], "quote")):
        row = db.execute("SELECT account FROM posts WHERE id = ?", (target,)).fetchone() if target else None
        if row is not None:
            add(row["account"], why)
    for row in db.execute("SELECT account FROM threads WHERE root = ?", (post["root"],)).fetchall():
        add(row["account"], "thread")
    reasons[post["account"]] = ["own"]
    return reasons


def _told_before(db: Connection, post: Row) -> Reasons:
    rows = db.execute(
        "SELECT account, reasons FROM feed WHERE subject = ? AND type IN ('post', 'edit') ORDER BY seq", (post["id"],)
    )
    return {row["account"]: json.loads(row["reasons"]) for row in rows}


def _tell(db: Connection, reasons: Reasons, kind: str, subject: Row, news: News) -> None:
    """Writes a feed row for each of these accounts about a post or message as it is now."""
    db.executemany(
        "INSERT INTO feed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                account,
                news.seq,
                kind,
                json.dumps(why),
                int("own" in why),
                subject["id"],
                subject["revision"],
                news.actor,
                news.at,
            )
            for account, why in reasons.items()
        ],
    )
