"""What the tests of the search share: a patient Kiwi, customers who say things, and looking for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from sotong.channels.models import Channel
from sotong.inbox.models import Conversation
from sotong.inbox.queries.search import Found, search_messages
from sotong.inbox.queries.walking import Asked
from sotong.inbox.tests.arriving import arrive, item
from sotong.language.client import LanguageClient
from sotong.language.tests.conftest import Running, language  # noqa: F401
from sotong.language.tokens import Reading
from sotong.people.models import Person

NUMBERS = count(1)


class Patient(LanguageClient):
    """Waits longer than a page would: other tests may be using the machine."""

    def readings(self, words: Sequence[str], deadline: float = 10.0) -> list[list[Reading]] | None:
        return super().readings(words, max(deadline, 10.0))


@pytest.fixture
def kiwi(language: Running) -> LanguageClient:  # noqa: F811
    return Patient(language.socket_path)


@pytest.fixture
def say(at: datetime) -> Callable[..., Conversation]:
    """A new conversation in which a customer says ``texts``; not yet indexed."""

    def make(channel: Channel, *texts: str, author: str = "kim", ago: float = 1, **fields: Any) -> Conversation:
        number = next(NUMBERS)
        first, *more = texts
        arrive(channel, item(f"s-{number}", first, author=author))
        thread = Conversation.objects.get(thread_ref=f"s-{number}")
        for place, text in enumerate(more):
            arrive(channel, item(f"s-{number}-{place}", text, author=author, thread=f"s-{number}"))
        thread.messages.update(posted_at=at - timedelta(minutes=ago))
        if fields:
            Conversation.objects.filter(pk=thread.pk).update(**fields)
        return thread

    return make


def find(viewer: Person, text: str, client: LanguageClient | None, **asked: Any) -> Found:
    more = {name: asked.pop(name) for name in ("after", "size") if name in asked}
    return search_messages(viewer, Asked(text=text, **asked), client, at=datetime.now(UTC), **more)


def texts(found: Found) -> list[str]:
    return [hit.message.text for hit in found.hits]
