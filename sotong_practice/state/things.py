"""What the network shows: accounts, posts, messages and feed items as they are read from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


@dataclass(frozen=True, kw_only=True)
class Account:
    id: str
    rank: int
    handle: str
    display_name: str
    kind: str
    """``company`` or ``customer``."""
    bio: str
    avatar: str
    """File name under ``/media/``, or empty."""
    at: str


@dataclass(frozen=True, kw_only=True)
class Image:
    id: str
    name: str
    """File name under ``/media/``."""
    mime: str
    width: int
    height: int
    alt: str = ""


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post at one of its revisions; ``deleted`` tells whether it is gone now."""

    id: str
    rank: int
    author: Account
    text: str
    language: str
    at: str
    edited_at: str | None
    revision: int
    deleted: bool
    reply_to: str | None
    root: str
    quote_of: str | None
    key: str | None
    mentions: tuple[Account, ...]
    images: tuple[Image, ...]
    likes: int
    replies: int
    quotes: int

    @property
    def path(self) -> str:
        """Where its page is; the address says whose post it is."""
        return f"/@{self.author.handle}/posts/{self.id}"


@dataclass(frozen=True, kw_only=True)
class Message:
    id: str
    rank: int
    author: Account
    recipient: Account
    exchange: str
    text: str
    language: str
    at: str
    revision: int
    deleted: bool
    reply_to: str | None
    key: str | None
    images: tuple[Image, ...]

    @property
    def path(self) -> str:
        """Where its two people find it; the address says who wrote it."""
        return f"/@{self.author.handle}/messages/{self.id}"


@dataclass(frozen=True, kw_only=True)
class FeedItem:
    seq: int
    type: str
    reasons: tuple[str, ...]
    at: str
    actor: Account
    post: Post | None
    message: Message | None


@dataclass(frozen=True, kw_only=True)
class Stretch(Generic[Thing]):
    """A part of a list in its order; ``cursor`` goes on from its end (a rank), ``has_more``: there is more there."""

    things: tuple[Thing, ...]
    cursor: int
    has_more: bool
