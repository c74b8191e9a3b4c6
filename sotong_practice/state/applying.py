"""How each kind of record changes the tables. Everything here follows from the record and what came before it."""

from __future__ import annotations

import json
from collections.abc import Callable
from sqlite3 import Connection, Row

from sotong_practice.rules import bigrams
from sotong_practice.state.concerning import (
    tell_of_deletion,
    tell_of_edit,
    tell_of_like,
    tell_of_message,
    tell_of_message_deletion,
    tell_of_post,
)
from sotong_practice.truth import Record


def _account(db: Connection, record: Record) -> None:
    db.execute(
        "INSERT INTO accounts VALUES (:id, :seq, :handle, :display_name, :account_kind, :bio, NULL, :at)", record
    )
    if "token" in record:
        db.execute("INSERT INTO tokens (hash, account) VALUES (?, ?)", (record["token"], record["id"]))


def _profile(db: Connection, record: Record) -> None:
    for column in ("display_name", "bio", "avatar"):
        if column in record:
            value = record[column] or (None if column == "avatar" else "")
            db.execute(f"UPDATE accounts SET {column} = ? WHERE id = ?", (value, record["account"]))  # noqa: S608
    if "avatar" in record:
        db.execute("DELETE FROM media_uses WHERE subject = ?", (record["account"],))
        _use_media(db, record["account"], "public", [{"id": record["avatar"]}] if record["avatar"] else [])


def _use_media(db: Connection, subject: str, audience: str, images: list[Record]) -> None:
    db.executemany(
        "INSERT OR IGNORE INTO media_uses VALUES (?, ?, ?)", [(image["id"], subject, audience) for image in images]
    )


def _token(db: Connection, record: Record) -> None:
    _revoke(db, record)
    db.execute("INSERT INTO tokens (hash, account) VALUES (?, ?)", (record["token"], record["account"]))


def _revoke(db: Connection, record: Record) -> None:
    db.execute("UPDATE tokens SET revoked = 1 WHERE account = ?", (record["account"],))


def _session(db: Connection, record: Record) -> None:
    if record.get("ends"):
        db.execute("DELETE FROM sessions WHERE hash = ?", (record["session"],))
    else:
        db.execute(
            "INSERT OR IGNORE INTO sessions VALUES (?, ?, ?)", (record["session"], record["account"], record["seq"])
        )


def _post(db: Connection, record: Record) -> None:
    rank = None if record.get("hidden") else record["seq"]
    values = {"reply_to": None, "quote_of": None, "key": None, **record, "rank": rank}
    db.execute(
        "INSERT INTO posts (id, seq, rank, account, language, at, reply_to, root, quote_of, key)"
        " VALUES (:id, :seq, :rank, :account, :language, :at, :reply_to, :root, :quote_of, :key)",
        values,
    )
    _revision(db, record, 1)
    if rank is not None:
        _show_post(db, record["id"], rank)


def _revision(db: Connection, record: Record, revision: int) -> None:
    mentions, media = record.get("mentions", []), record.get("media", [])
    db.execute(
        "INSERT INTO revisions VALUES (?, ?, ?, ?, ?)",
        (record["id"], revision, record["text"], json.dumps(mentions), json.dumps(media, ensure_ascii=False)),
    )
    if media:
        _use_media(db, record["id"], "public", media)


def _show_post(db: Connection, post_id: str, rank: int) -> None:
    """Everything that follows from a post being visible to others."""
    post = _post_row(db, post_id)
    for target, counted in ((post["reply_to"], "replies"), (post["quote_of"], "quotes")):
        if target:
            db.execute(f"UPDATE posts SET {counted} = {counted} + 1 WHERE id = ?", (target,))  # noqa: S608
    db.execute("INSERT INTO search (rowid, pairs) VALUES (?, ?)", (rank, bigrams(post["text"])))
    tell_of_post(db, post, rank)


def _post_row(db: Connection, post_id: str) -> Row:
    found: Row = db.execute(
        "SELECT posts.*, text, mentions FROM posts"
        " JOIN revisions ON revisions.post = posts.id AND revisions.revision = posts.revision WHERE posts.id = ?",
        (post_id,),
    ).fetchone()
    return found


def _edit(db: Connection, record: Record) -> None:
    _revision(db, record, record["revision"])
    db.execute(
        "UPDATE posts SET revision = ?, edited_at = ? WHERE id = ?", (record["revision"], record["at"], record["id"])
    )
    post = _post_row(db, record["id"])
    if post["rank"] is not None:
        db.execute("UPDATE search SET pairs = ? WHERE rowid = ?", (bigrams(post["text"]), post["rank"]))
        tell_of_edit(db, post, record)


def _delete(db: Connection, record: Record) -> None:
    db.execute("UPDATE revisions SET text = '', mentions = '[]', media = '[]' WHERE post = ?", (record["id"],))
    db.execute("DELETE FROM media_uses WHERE subject = ?", (record["id"],))
    _revision(db, {"id": record["id"], "text": ""}, record["revision"])
    db.execute("UPDATE posts SET revision = ?, deleted = 1 WHERE id = ?", (record["revision"], record["id"]))
    post = _post_row(db, record["id"])
    if post["rank"] is None:
        return
    for target, counted in ((post["reply_to"], "replies"), (post["quote_of"], "quotes")):
        if target:
            db.execute(f"UPDATE posts SET {counted} = {counted} - 1 WHERE id = ?", (target,))  # noqa: S608
    db.execute("DELETE FROM search WHERE rowid = ?", (post["rank"],))
    tell_of_deletion(db, post, record)


def _like(db: Connection, record: Record) -> None:
    db.execute("INSERT INTO likes VALUES (?, ?)", (record["id"], record["account"]))
    db.execute("UPDATE posts SET likes = likes + 1 WHERE id = ?", (record["id"],))
    tell_of_like(db, _post_row(db, record["id"]), record)


def _unlike(db: Connection, record: Record) -> None:
    db.execute("DELETE FROM likes WHERE post = ? AND account = ?", (record["id"], record["account"]))
    db.execute("UPDATE posts SET likes = likes - 1 WHERE id = ?", (record["id"],))
    tell_of_like(db, _post_row(db, record["id"]), record)


def _direct(db: Connection, record: Record) -> None:
    media = record.get("media", [])
    values = {"reply_to": None, "key": None, **record, "media": json.dumps(media, ensure_ascii=False)}
    db.execute(
        "INSERT INTO messages (id, seq, account, recipient, exchange, text, language, at, reply_to, media, key)"
        " VALUES (:id, :seq, :account, :recipient, :exchange, :text, :language, :at, :reply_to, :media, :key)",
        values,
    )
    _use_media(db, record["id"], record["exchange"], media)
    if not record.get("hidden"):
        _show_message(db, record["id"], record["seq"])


def _show_message(db: Connection, message_id: str, rank: int) -> None:
    db.execute("UPDATE messages SET rank = ? WHERE id = ?", (rank, message_id))
    message: Row = db.execute("SELECT * FROM messages WHERE id = ?", (message_id,)).fetchone()
    people = (message["account"], message["recipient"])
    for account, other in (people, people[::-1]):
        db.execute(
            "INSERT OR REPLACE INTO exchanges VALUES (?, ?, ?, ?, ?)",
            (account, other, message["exchange"], message_id, rank),
        )
    tell_of_message(db, message, rank)


def _direct_delete(db: Connection, record: Record) -> None:
    db.execute("UPDATE messages SET deleted = 1, revision = 2, text = '', media = '[]' WHERE id = ?", (record["id"],))
    db.execute("DELETE FROM media_uses WHERE subject = ?", (record["id"],))
    message: Row = db.execute("SELECT * FROM messages WHERE id = ?", (record["id"],)).fetchone()
    if message["rank"] is not None:
        tell_of_message_deletion(db, message, record)


def _media(db: Connection, record: Record) -> None:
    db.execute("INSERT INTO media VALUES (:id, :name, :account, :mime, :width, :height)", record)


def _appear(db: Connection, record: Record) -> None:
    """A late-visible thing shows. One that was taken back before never does."""
    post = db.execute("SELECT deleted FROM posts WHERE id = ?", (record["id"],)).fetchone()
    if post is not None:
        if not post["deleted"]:
            db.execute("UPDATE posts SET rank = ? WHERE id = ?", (record["seq"], record["id"]))
            _show_post(db, record["id"], record["seq"])
        return
    message = db.execute("SELECT deleted FROM messages WHERE id = ?", (record["id"],)).fetchone()
    if message is not None and not message["deleted"]:
        _show_message(db, record["id"], record["seq"])


APPLIED: dict[str, Callable[[Connection, Record], None]] = {
    "account": _account,
    "profile": _profile,
    "token": _token,
    "revoke": _revoke,
    "session": _session,
    "post": _post,
    "reply": _post,
    "edit": _edit,
    "delete": _delete,
    "like": _like,
    "unlike": _unlike,
    "direct": _direct,
    "direct_delete": _direct_delete,
    "media": _media,
    "appear": _appear,
}
"""Kinds that change the tables. ``start``, ``read``, ``setting`` and the faults change none."""
