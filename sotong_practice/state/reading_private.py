"""Reading what concerns one account: its direct messages, its feed, the images it may see."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from sqlite3 import Connection, Row

from sotong_practice.state.reading import Span, accounts_by_id, images_of, posts_by_revision
from sotong_practice.state.things import Account, FeedItem, Message, Stretch


def exchange_of(one: Account, other: Account) -> str:
    """The id of what two people write to each other; the same whoever asks."""
    first, second = sorted((one, other), key=lambda account: account.rank)
    return f"{first.id}.{second.id}"


def _messages_of(db: Connection, rows: Sequence[Row]) -> tuple[Message, ...]:
    people = accounts_by_id(db, [row[column] for row in rows for column in ("account", "recipient")])
    return tuple(
        Message(
            id=row["id"],
            rank=row["rank"] or 0,
            author=people[row["account"]],
            recipient=people[row["recipient"]],
            exchange=row["exchange"],
            text=row["text"],
            language=row["language"],
            at=row["at"],
            revision=row["revision"],
            deleted=bool(row["deleted"]),
            reply_to=row["reply_to"],
            key=row["key"],
            images=images_of(db, row["media"]),
        )
        for row in rows
    )


def message_by_id(db: Connection, message_id: str, *, even_hidden: bool = False) -> Message | None:
    shown = "" if even_hidden else " AND rank IS NOT NULL"
    found = _messages_of(db, db.execute(f"SELECT * FROM messages WHERE id = ?{shown}", (message_id,)).fetchall())  # noqa: S608
    return found[0] if found else None


def messages_by_key(db: Connection, account: str, key: str, *, even_hidden: bool = False) -> tuple[Message, ...]:
    shown = "" if even_hidden else " AND rank IS NOT NULL"
    rows = db.execute(
        f"SELECT * FROM messages WHERE account = ? AND key = ?{shown} ORDER BY seq",  # noqa: S608
        (account, key),
    ).fetchall()
    return _messages_of(db, rows)


def messages(db: Connection, span: Span, exchange: str) -> Stretch[Message]:
    rest, values = span.clause("rank")
    rows = db.execute(
        f"SELECT * FROM messages WHERE exchange = ? AND rank IS NOT NULL{rest}",  # noqa: S608
        [exchange, *values],
    ).fetchall()
    found = _messages_of(db, rows[: span.limit])
    return Stretch(things=found, cursor=span.end([one.rank for one in found]), has_more=len(rows) > span.limit)


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One line of an account's list of exchanges."""

    id: str
    other: Account
    last: Message
    rank: int


def exchanges(db: Connection, span: Span, account: str) -> Stretch[Exchange]:
    rest, values = span.clause("rank")
    rows = db.execute(f"SELECT * FROM exchanges WHERE account = ?{rest}", [account, *values]).fetchall()  # noqa: S608
    people = accounts_by_id(db, [row["other"] for row in rows])
    found = []
    for row in rows[: span.limit]:
        last = message_by_id(db, row["last"])
        if last is not None:
            found.append(Exchange(id=row["exchange"], other=people[row["other"]], last=last, rank=row["rank"]))
    return Stretch(things=tuple(found), cursor=span.end([one.rank for one in found]), has_more=len(rows) > span.limit)


def feed(db: Connection, account: str, *, after: int | None, limit: int, own: bool) -> Stretch[FeedItem]:
    """What concerns the account, oldest first: after that number, or the latest ones where it is None."""
    span = Span(after=after, limit=limit)
    rest, values = span.clause("seq")
    mine = "" if own else " AND NOT own"
    rows = db.execute(f"SELECT * FROM feed WHERE account = ?{mine}{rest}", [account, *values]).fetchall()  # noqa: S608
    has_more = after is not None and len(rows) > limit
    rows = rows[:limit] if after is not None else rows[:limit][::-1]
    people = accounts_by_id(db, [row["actor"] for row in rows])
    about_posts = [row for row in rows if not row["type"].startswith("direct")]
    posts = posts_by_revision(db, [(row["subject"], row["revision"]) for row in about_posts])
    items = tuple(
        FeedItem(
            seq=row["seq"],
            type=row["type"],
            reasons=tuple(json.loads(row["reasons"])),
            at=row["at"],
            actor=people[row["actor"]],
            post=posts.get((row["subject"], row["revision"])),
            message=message_by_id(db, row["subject"]) if row["type"].startswith("direct") else None,
        )
        for row in rows
    )
    return Stretch(things=items, cursor=span.end([item.seq for item in items]), has_more=has_more)


def media_type(
    db: Connection, name: str, viewer: Account | None, opens: Callable[[str], bool] = lambda audience: False
) -> str | None:
    """The type of a stored image, or None where it is not there or this viewer may not see it.

    ``opens``: whether the key in the address is the one of that audience.
    """
    row = db.execute("SELECT id, account, mime FROM media WHERE name = ?", (name,)).fetchone()
    if row is None:
        return None
    mime: str = row["mime"]
    if viewer is not None and viewer.id == row["account"]:
        return mime
    audiences = {use["audience"] for use in db.execute("SELECT audience FROM media_uses WHERE media = ?", (row["id"],))}
    if "public" in audiences:
        return mime
    if viewer is not None and any(viewer.id in audience.split(".") for audience in audiences):
        return mime
    return mime if any(opens(audience) for audience in audiences) else None


def owns_media(db: Connection, account: str, media_id: str) -> bool:
    row = db.execute("SELECT 1 FROM media WHERE id = ? AND account = ?", (media_id, account)).fetchone()
    return row is not None
