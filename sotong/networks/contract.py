"""What every network looks like from inside Sotong. Nothing here knows Django.

A connector turns one network's API into these frozen dataclasses and back. It raises only the errors of
``errors.py``; the type of the error alone decides what happens to a delivery (``channels/rules.py``).
All times are timezone-aware UTC. Connectors are synchronous and used by one thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable


class Capability(StrEnum):
    """What a network can do. Declared in the manifest, held to by ``networks/tests/test_conformance.py``."""

    FETCH = "fetch"
    WEBHOOK = "webhook"
    PUBLISH = "publish"
    REPLY = "reply"
    DIRECT = "direct"
    IMAGES = "images"
    ALT_TEXT = "alt_text"
    FIND = "find"
    DELETE = "delete"
    MEASURE = "measure"
    SEARCH = "search"
    EDITS_SEEN = "edits_seen"
    DELETIONS_SEEN = "deletions_seen"


class TextUnit(StrEnum):
    """How a network counts the length of a text."""

    GRAPHEMES = "graphemes"
    CODE_POINTS = "code_points"
    WEIGHTED = "weighted"
    """X: a Hangul syllable counts two, a link 23."""


class InboundKind(StrEnum):
    POST = "post"
    """A public post: a mention, a reply or a quote. An edit is the same ``remote_id`` with a new ``revision``."""
    DIRECT = "direct"
    """A direct message."""
    DELETION = "deletion"
    """``remote_id`` is gone; only ``remote_id``, ``revision`` and ``observed_at`` are meaningful."""
    REACTION = "reaction"
    """A like, boost or favourite of our post ``in_reply_to``; ``text`` names it."""


@dataclass(frozen=True, kw_only=True)
class CredentialField:
    """One field of the connect form. ``label`` and ``help`` are Korean and English: {"ko": …, "en": …}."""

    name: str
    label: Mapping[str, str]
    help: Mapping[str, str] = field(default_factory=dict)
    is_secret: bool = False
    is_required: bool = True
    default: str = ""
    kind: str = "text"
    """text, password, url or handle."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    text_max: int
    """Longest text, counted in ``text_unit``."""
    text_unit: TextUnit = TextUnit.GRAPHEMES
    text_max_bytes: int | None = None
    """Longest text in UTF-8 bytes, where the network has a second limit."""
    direct_text_max: int | None = None
    """Longest direct message; None: as ``text_max``."""
    images_max: int = 0
    image_bytes_max: int = 0
    image_types: tuple[str, ...] = ()
    alt_text_max: int = 0
    posts_per_hour: int | None = None
    landing_time_max: timedelta = timedelta(seconds=60)
    """Longest time after which a request that we gave up on may still take effect there. A lease outlives it."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A network, as data."""

    name: str
    """Folder name and the value stored in the database."""
    title: Mapping[str, str]
    badge: str | Mapping[str, str]
    """One or two letters of the badge beside an avatar: the same in every language, or by language like ``title``."""
    capabilities: frozenset[Capability]
    limits: Limits
    credentials: tuple[CredentialField, ...]
    sign_in_help: Mapping[str, str] = field(default_factory=dict)
    """What to do when the network refuses the sign-in, in Korean and English; empty: check what was typed."""
    is_practice: bool = False
    """Nothing sent there leaves this machine; the screens say so."""
    poll_every: timedelta = timedelta(seconds=15)
    post_addresses: tuple[str, ...] = ()
    """The forms that the address of one of our posts can take there, the web page first; see ``addresses.py``."""
    direct_addresses: tuple[str, ...] = ()
    """The same of our direct messages."""


@dataclass(frozen=True, kw_only=True)
class RemoteAccount:
    """An account on a network. ``remote_id`` never changes there (a DID, a numeric id); ``handle`` may."""

    remote_id: str
    handle: str
    display_name: str = ""
    url: str = ""
    avatar_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Media:
    """An image, inbound (``url``) or outbound (``content``)."""

    mime: str
    url: str = ""
    alt: str = ""
    width: int | None = None
    height: int | None = None
    content: bytes | None = None
    filename: str = ""


@dataclass(frozen=True, kw_only=True)
class PostRef:
    """Points at a post on the network. ``revision`` may be empty: the connector looks it up where it is needed."""

    remote_id: str
    revision: str = ""
    thread_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class InboundItem:
    kind: InboundKind
    remote_id: str
    revision: str
    """The network's own revision (a record cid, an edited-at stamp); empty where it has none."""
    thread_ref: str
    """Same for all posts of one thread; for direct messages the id of the exchange."""
    author: RemoteAccount
    text: str
    posted_at: datetime
    observed_at: datetime
    in_reply_to: str = ""
    media: tuple[Media, ...] = ()
    url: str = ""
    raw: bytes = b""
    """The bytes (or the JSON of this item) as they came."""


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """An item that ``parse`` could not read. It is stored raw, set aside and shown; it never stops the others."""

    remote_id: str
    """The id when one could be read, else a hash of ``raw``."""
    raw: bytes
    why: str
    observed_at: datetime


@dataclass(frozen=True, kw_only=True)
class Page:
    """One answer to ``fetch``: oldest first. ``cursor`` is stored in the transaction that stores the items."""

    items: tuple[InboundItem | Unreadable, ...]
    cursor: str
    has_more: bool = False


@dataclass(frozen=True, kw_only=True)
class OutboundPost:
    text: str
    idempotency_key: str
    """A UUIDv7 string, fixed when the delivery is created. A network that needs its own form derives it from this."""
    in_reply_to: PostRef | None = None
    direct_to: RemoteAccount | None = None
    language: str = "ko"
    media: tuple[Media, ...] = ()
    created_at: datetime | None = None
    """When the delivery was created; the same at every attempt, so that the record is the same at every attempt."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """The network's word that the post is there, or was: it still knows what ``is_deleted``."""

    remote_id: str
    url: str = ""
    revision: str = ""
    thread_ref: str = ""
    is_deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class Metrics:
    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    measured_at: datetime


@dataclass(frozen=True, kw_only=True)
class WebhookRequest:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Session(Protocol):
    """Where a connector keeps what it must not lose between calls (rotated tokens). Written before it is used."""

    def read(self) -> dict[str, Any]: ...
    def write(self, values: Mapping[str, Any]) -> None: ...
    def exclusive(self) -> AbstractContextManager[None]:
        """Held by one worker at a time. Inside: ``read`` again, renew only what still needs it, ``write``."""
        ...


class MemorySession:
    """A session for tests and for the connect form, before a channel exists."""

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self._values = dict(values or {})

    def read(self) -> dict[str, Any]:
        return dict(self._values)

    def write(self, values: Mapping[str, Any]) -> None:
        self._values = dict(values)

    def exclusive(self) -> AbstractContextManager[None]:
        return nullcontext()


class Connector(Protocol):
    """One of our accounts on one network. Built by ``registry.open_connector``.

    Methods of capabilities that the manifest does not declare raise ``errors.Unsupported``.
    """

    manifest: Manifest

    @property
    def origin(self) -> str:
        """The namespace in which ``remote_id`` is unique: "bluesky", or the server's base URL."""
        ...

    def whoami(self) -> RemoteAccount: ...
    def fetch(self, cursor: str) -> Page:
        """What came since ``cursor`` ("" the first time: recent items only). Never skips, may repeat."""
        ...

    def read_webhook(self, request: WebhookRequest) -> Page: ...
    def publish(self, post: OutboundPost) -> Receipt:
        """Publish once. Raises ``Unknown`` whenever the request may have reached the network without an answer."""
        ...

    def find(self, idempotency_key: str) -> Receipt | None:
        """Look for the post of that key; None means: surely not there now."""
        ...

    def delete(self, remote_id: str) -> None:
        """Take a post of ours away. Repeating it does no harm: what is gone already is no error, or ``Gone``."""
        ...

    def measure(self, remote_id: str) -> Metrics: ...
    def search(self, query: str, cursor: str) -> Page: ...
    def probes(self) -> Mapping[str, Callable[[], str]]:
        """One real call for each permission we need; each returns what it saw in a few words, or raises."""
        ...


@runtime_checkable
class Rereads(Protocol):
    """A connector that can read one stored raw item again (``Unreadable.raw``), after its parser was mended."""

    def reread(self, raw: bytes, observed_at: datetime) -> InboundItem | Unreadable: ...
