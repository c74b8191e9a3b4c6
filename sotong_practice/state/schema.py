"""The tables. They live in memory: the truth file is the only thing that lasts."""

from __future__ import annotations

import sqlite3

TABLES = """
CREATE TABLE accounts (
    id TEXT PRIMARY KEY, rank INTEGER UNIQUE, handle TEXT UNIQUE NOT NULL, display_name TEXT NOT NULL,
    kind TEXT NOT NULL, bio TEXT NOT NULL, avatar TEXT, at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX accounts_kind ON accounts (kind, rank);

CREATE TABLE tokens (hash TEXT PRIMARY KEY, account TEXT NOT NULL, revoked INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE INDEX tokens_account ON tokens (account);
CREATE TABLE sessions (
    hash TEXT NOT NULL, account TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (hash, account)
) WITHOUT ROWID;

-- rank is null until the post is visible to others; key is the client's.
CREATE TABLE posts (
    id TEXT PRIMARY KEY, seq INTEGER NOT NULL, rank INTEGER, account TEXT NOT NULL, language TEXT NOT NULL,
    at TEXT NOT NULL, edited_at TEXT, revision INTEGER NOT NULL DEFAULT 1, deleted INTEGER NOT NULL DEFAULT 0,
    reply_to TEXT, root TEXT NOT NULL, quote_of TEXT, key TEXT,
    likes INTEGER NOT NULL DEFAULT 0, replies INTEGER NOT NULL DEFAULT 0, quotes INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE UNIQUE INDEX posts_rank ON posts (rank);
CREATE INDEX posts_account ON posts (account, rank);
CREATE INDEX posts_root ON posts (root, rank);
CREATE INDEX posts_key ON posts (account, key, seq) WHERE key IS NOT NULL;
CREATE TABLE revisions (
    post TEXT NOT NULL, revision INTEGER NOT NULL, text TEXT NOT NULL, mentions TEXT NOT NULL, media TEXT NOT NULL,
    PRIMARY KEY (post, revision)
) WITHOUT ROWID;
CREATE TABLE likes (post TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (post, account)) WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5 (pairs, tokenize = "unicode61 remove_diacritics 0 tokenchars '_'");

-- The people of a thread: who began it, was mentioned in its first post, or wrote in it.
CREATE TABLE threads (root TEXT NOT NULL, account TEXT NOT NULL, PRIMARY KEY (root, account)) WITHOUT ROWID;

CREATE TABLE messages (
    id TEXT PRIMARY KEY, seq INTEGER NOT NULL, rank INTEGER, account TEXT NOT NULL, recipient TEXT NOT NULL,
    exchange TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL, at TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1, deleted INTEGER NOT NULL DEFAULT 0, reply_to TEXT, media TEXT NOT NULL,
    key TEXT
) WITHOUT ROWID;
CREATE INDEX messages_exchange ON messages (exchange, rank);
CREATE INDEX messages_key ON messages (account, key, seq) WHERE key IS NOT NULL;
CREATE TABLE exchanges (
    account TEXT NOT NULL, other TEXT NOT NULL, exchange TEXT NOT NULL, last TEXT NOT NULL, rank INTEGER NOT NULL,
    PRIMARY KEY (account, other)
) WITHOUT ROWID;
CREATE INDEX exchanges_rank ON exchanges (account, rank);

CREATE TABLE media (
    id TEXT PRIMARY KEY, name TEXT UNIQUE NOT NULL, account TEXT NOT NULL, mime TEXT NOT NULL,
    width INTEGER NOT NULL, height INTEGER NOT NULL
) WITHOUT ROWID;
-- subject: the post, message or account that shows the image; audience: 'public' or an exchange.
CREATE TABLE media_uses (
    media TEXT NOT NULL, subject TEXT NOT NULL, audience TEXT NOT NULL, PRIMARY KEY (media, subject)
) WITHOUT ROWID;
CREATE INDEX media_uses_subject ON media_uses (subject);

CREATE TABLE feed (
    account TEXT NOT NULL, seq INTEGER NOT NULL, type TEXT NOT NULL, reasons TEXT NOT NULL, own INTEGER NOT NULL,
    subject TEXT NOT NULL, revision INTEGER NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (account, seq)
) WITHOUT ROWID;
CREATE INDEX feed_subject ON feed (subject, account);
"""


def open_tables() -> sqlite3.Connection:
    """An empty set of tables in memory; rows can be read by column name."""
    tables = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    tables.row_factory = sqlite3.Row
    tables.executescript(TABLES)
    return tables
