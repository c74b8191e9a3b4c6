"""Reading the tables: accounts, posts and lists of posts. Every list goes by rank, so it costs the same at any size."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection, Row
from typing import Any

from sotong_practice.rules import search_expression
from sotong_practice.state.things import Account, Image, Post, Stretch

ACCOUNT_COLUMNS = "id, rank, handle, display_name, kind, bio, at, (SELECT name FROM media WHERE id = avatar) AS avatar"
POST_COLUMNS = (
    "posts.id, posts.rank, posts.account, posts.language, posts.at, posts.edited_at, posts.deleted, posts.reply_to,"
    " posts.root, posts.quote_of, posts.key, posts.likes, posts.replies, posts.quotes,"
    " revisions.revision, revisions.text, revisions.mentions, revisions.media"
)
POSTS_NOW = "posts JOIN revisions ON revisions.post = posts.id AND revisions.revision = posts.revision"


@dataclass(frozen=True)
class Span:
    """Which part of a list: older than ``before`` (newest first), or newer than ``after`` (oldest first)."""

    before: int | None = None
    after: int | None = None
    limit: int = 30

    def clause(self, column: str) -> tuple[str, list[Any]]:
        """The rest of a query that ends in its WHERE conditions."""
        if self.after is not None:
            return f" AND {column} > ? ORDER BY {column} LIMIT ?", [self.after, self.limit + 1]
        if self.before is not None:
            return f" AND {column} < ? ORDER BY {column} DESC LIMIT ?", [self.before, self.limit + 1]
        return f" ORDER BY {column} DESC LIMIT ?", [self.limit + 1]

    def end(self, ranks: Sequence[int]) -> int:
        """Where to go on after these (already cut to ``limit``)."""
        if ranks:
            return ranks[-1]
        return self.after if self.after is not None else self.before or 0


def account_of(row: Row) -> Account:
    return Account(
        id=row["id"],
        rank=row["rank"],
        handle=row["handle"],
        display_name=row["display_name"],
        kind=row["kind"],
        bio=row["bio"],
        avatar=row["avatar"] or "",
        at=row["at"],
    )


def accounts_by_id(db: Connection, ids: Iterable[str]) -> dict[str, Account]:
    wanted = list(set(ids))
    if not wanted:
        return {}
    marks = ", ".join("?" * len(wanted))
    rows = db.execute(f"SELECT {ACCOUNT_COLUMNS} FROM accounts WHERE id IN ({marks})", wanted)  # noqa: S608
    return {row["id"]: account_of(row) for row in rows}


def account_by_id(db: Connection, account_id: str) -> Account | None:
    return accounts_by_id(db, [account_id]).get(account_id)


def account_by_handle(db: Connection, handle: str) -> Account | None:
    row = db.execute(
        f"SELECT {ACCOUNT_COLUMNS} FROM accounts WHERE handle = ?",  # noqa: S608
        (handle.lower(),),
    ).fetchone()
    return account_of(row) if row is not None else None


def account_by_token(db: Connection, token_hash: str) -> tuple[Account, bool] | None:
    """Whose token it is and whether it was revoked."""
    row = db.execute("SELECT account, revoked FROM tokens WHERE hash = ?", (token_hash,)).fetchone()
    if row is None:
        return None
    account = account_by_id(db, row["account"])
    return (account, bool(row["revoked"])) if account is not None else None


def accounts_of_session(db: Connection, session_hash: str) -> list[Account]:
    """The accounts of one browser, in the order in which they came."""
    rows = db.execute(
        f"SELECT {ACCOUNT_COLUMNS} FROM accounts WHERE id IN (SELECT account FROM sessions WHERE hash = ?)"  # noqa: S608
        " ORDER BY rank",
        (session_hash,),
    )
    return [account_of(row) for row in rows]


def company_names(db: Connection) -> set[str]:
    """What companies are called, by name and by handle."""
    rows = db.execute("SELECT display_name, handle FROM accounts WHERE kind = 'company'")
    return {name for row in rows for name in row}


def accounts(db: Connection, span: Span, *, kind: str | None = None) -> Stretch[Account]:
    rest, values = span.clause("rank")
    rows = db.execute(
        f"SELECT {ACCOUNT_COLUMNS} FROM accounts WHERE " + ("kind = ?" if kind else "1") + rest,  # noqa: S608
        ([kind] if kind else []) + values,
    ).fetchall()
    found = tuple(account_of(row) for row in rows[: span.limit])
    return Stretch(things=found, cursor=span.end([a.rank for a in found]), has_more=len(rows) > span.limit)


def images_of(db: Connection, raw: str) -> tuple[Image, ...]:
    """The images of a stored list of ``{"id", "alt"}``."""
    listed = json.loads(raw)
    if not listed:
        return ()
    found = []
    for image in listed:
        row = db.execute("SELECT id, name, mime, width, height FROM media WHERE id = ?", (image["id"],)).fetchone()
        if row is not None:
            found.append(Image(**dict(row), alt=image.get("alt", "")))
    return tuple(found)


def posts_of(db: Connection, rows: Sequence[Row]) -> tuple[Post, ...]:
    mentioned = [json.loads(row["mentions"]) for row in rows]
    people = accounts_by_id(db, [row["account"] for row in rows] + [one for ids in mentioned for one in ids])
    return tuple(
        Post(
            id=row["id"],
            rank=row["rank"] or 0,
            author=people[row["account"]],
            text=row["text"],
            language=row["language"],
            at=row["at"],
            edited_at=row["edited_at"],
            revision=row["revision"],
            deleted=bool(row["deleted"]),
            reply_to=row["reply_to"],
            root=row["root"],
            quote_of=row["quote_of"],
            key=row["key"],
            mentions=tuple(people[one] for one in ids if one in people),
            images=images_of(db, row["media"]),
            likes=row["likes"],
            replies=row["replies"],
            quotes=row["quotes"],
        )
        for row, ids in zip(rows, mentioned, strict=True)
    )


def post_by_id(db: Connection, post_id: str, *, even_hidden: bool = False) -> Post | None:
    shown = "" if even_hidden else " AND posts.rank IS NOT NULL"
    rows = db.execute(f"SELECT {POST_COLUMNS} FROM {POSTS_NOW} WHERE posts.id = ?{shown}", (post_id,)).fetchall()  # noqa: S608
    return posts_of(db, rows)[0] if rows else None


def posts_by_key(db: Connection, account: str, key: str, *, even_hidden: bool = False) -> tuple[Post, ...]:
    """The posts of that key, first one first: one, or more where duplicates were let in."""
    shown = "" if even_hidden else " AND posts.rank IS NOT NULL"
    rows = db.execute(
        f"SELECT {POST_COLUMNS} FROM {POSTS_NOW} WHERE posts.account = ? AND posts.key = ?{shown} ORDER BY posts.seq",  # noqa: S608
        (account, key),
    ).fetchall()
    return posts_of(db, rows)


def posts_by_revision(db: Connection, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], Post]:
    found = {}
    for post_id, revision in set(wanted):
        rows = db.execute(
            f"SELECT {POST_COLUMNS} FROM posts JOIN revisions ON revisions.post = posts.id"  # noqa: S608
            " WHERE posts.id = ? AND revisions.revision = ?",
            (post_id, revision),
        ).fetchall()
        if rows:
            found[post_id, revision] = posts_of(db, rows)[0]
    return found


def _stretch(db: Connection, span: Span, condition: str, values: list[Any]) -> Stretch[Post]:
    rest, more = span.clause("posts.rank")
    rows = db.execute(f"SELECT {POST_COLUMNS} FROM {POSTS_NOW} WHERE {condition}{rest}", values + more).fetchall()  # noqa: S608
    found = posts_of(db, rows[: span.limit])
    return Stretch(things=found, cursor=span.end([post.rank for post in found]), has_more=len(rows) > span.limit)


def timeline(db: Connection, span: Span) -> Stretch[Post]:
    """All posts. Deleted ones are left out."""
    return _stretch(db, span, "posts.rank IS NOT NULL AND NOT posts.deleted", [])


def posts_by_account(db: Connection, span: Span, account: str) -> Stretch[Post]:
    return _stretch(db, span, "posts.account = ? AND posts.rank IS NOT NULL AND NOT posts.deleted", [account])


def thread(db: Connection, span: Span, root: str) -> Stretch[Post]:
    """A thread with its tombstones."""
    return _stretch(db, span, "posts.root = ? AND posts.rank IS NOT NULL", [root])


def search(db: Connection, span: Span, query: str) -> Stretch[Post]:
    """Posts that hold every word of the query, as whole words or as parts of words."""
    expression = search_expression(query)
    if not expression:
        return Stretch(things=(), cursor=span.end([]), has_more=False)
    rest, values = span.clause("rowid")
    rows = db.execute(
        f"SELECT rowid FROM search WHERE pairs MATCH ?{rest}",  # noqa: S608
        [expression, *values],
    ).fetchall()
    ranks = [row["rowid"] for row in rows[: span.limit]]
    marks = ", ".join("?" * len(ranks))
    order = "" if span.after is not None else " DESC"
    posts = db.execute(
        f"SELECT {POST_COLUMNS} FROM {POSTS_NOW} WHERE posts.rank IN ({marks}) ORDER BY posts.rank{order}",  # noqa: S608
        ranks,
    ).fetchall()
    return Stretch(things=posts_of(db, posts), cursor=span.end(ranks), has_more=len(rows) > span.limit)


def liked_by(db: Connection, account: str, posts: Iterable[str]) -> set[str]:
    """Which of these posts the account likes."""
    wanted = list(posts)
    if not wanted:
        return set()
    marks = ", ".join("?" * len(wanted))
    rows = db.execute(f"SELECT post FROM likes WHERE account = ? AND post IN ({marks})", [account, *wanted])  # noqa: S608
    return {row["post"] for row in rows}
