"""One page being made: for whom, in which words, from what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from sotong_practice.exchange import Answer, Request
from sotong_practice.network import Network
from sotong_practice.pages.markup import Safe, fill
from sotong_practice.pages.visitor import SEEN, Visitor
from sotong_practice.pages.words import ENGLISH
from sotong_practice.refusals import Refusal
from sotong_practice.state import reading_private
from sotong_practice.state.things import Account


@dataclass(kw_only=True)
class View:
    network: Network
    request: Request
    visitor: Visitor
    has_font: bool = False

    def say(self, korean: str, **values: object) -> str:
        """The words in the visitor's language; ``{names}`` are filled in. Plain text: patterns escape it."""
        words = ENGLISH[korean] if self.visitor.language == "en" else korean
        return words.format(**values) if values else words

    def fill(self, template: str, /, **values: object) -> Safe:
        """A template in the visitor's language."""
        return fill(template, self.say, values)

    @property
    def me(self) -> Account:
        """The account that the visitor speaks as. Raises ``Refusal`` (``session_needed``)."""
        if self.visitor.account is None:
            raise Refusal(403, "session_needed")
        return self.visitor.account

    def seen(self) -> int:
        """The number of the newest news that this account has looked at."""
        handle, _, number = self.request.cookies.get(SEEN, "").partition(".")
        return int(number) if handle == self.me.handle and number.isascii() and number.isdigit() else 0

    def has_news(self) -> bool:
        me = self.visitor.account
        if me is None:
            return False
        latest = reading_private.feed(self.network.tables, me.id, after=None, limit=1, own=False).things
        return bool(latest) and latest[0].seq > self.seen()

    def excuse(self, refusal: Refusal) -> str:
        """What to tell a person about a refusal."""
        words = refusal.message(self.visitor.language)
        if {"limit", "length"} <= refusal.details.keys():
            return words + " " + self.say("지금 {length}자, 많아도 {limit}자예요.", **refusal.details)
        return words


def rank_in(query: Mapping[str, str], name: str) -> int | None:
    """A place in a list, from the address; None for anything that is no number."""
    raw = query.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else None


def back_to(path: str) -> Answer:
    """Shows another page after something was done."""
    return Answer(status=303, headers={"Location": quote(path, safe="/@?=&#%.~-_"), "Cache-Control": "no-store"})


def own_path(values: Mapping[str, str], name: str = "back") -> str:
    """A path of this site from a field; the front page for anything else."""
    path = values.get(name, "/")
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else "/"
