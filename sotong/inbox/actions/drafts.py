"""Drafts: saved on every pause, kept through a killed browser, used up by sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from sotong.channels.records import clean
from sotong.inbox.actions.opening import open_conversation
from sotong.inbox.models import Draft, DraftImage, Message
from sotong.inbox.rules.refusals import BadValue, PictureGone
from sotong.inbox.rules.standing import NEVER_LEFT
from sotong.people.models import Person

TABS = ("public", "direct", "note")
LONGEST = 100_000


class WrittenElsewhere(Exception):
    """Another page has written this draft since; ``text`` is what it says now."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


@dataclass(frozen=True)
class Screen:
    """What an open page had before it when its person pressed a button.

    ``page``: its name (empty: a page without a script); ``seen_ms``: it knows what was saved up to then (milliseconds
    since 1970). ``images``: ids of the images that it showed; None: all of the draft.
    """

    page: str = ""
    seen_ms: int = 0
    images: frozenset[int] | None = None

    def lacks(self, draft: Draft, text: str) -> bool:
        """Whether another page has written something since that ``text`` does not hold."""
        # Pages without a name are not one and the same page.
        is_own = self.page != "" and draft.page == self.page
        is_news = not is_own and draft.saved_ms > self.seen_ms
        return is_news and draft.text.strip() not in text

    def shown(self, draft: Draft | None) -> list[DraftImage]:
        """The images that go with what is sent, in their order. Raises ``PictureGone`` when one that the page showed
        is not there any more.
        """
        rows = list(draft.images.order_by("position")) if draft is not None else []
        if self.images is None:
            return rows
        if self.images - {row.pk for row in rows}:
            raise PictureGone
        return [row for row in rows if row.pk in self.images]


EVERYTHING = Screen(seen_ms=2**62)
"""For whoever sends without a page: the draft is theirs, whole."""


def save_draft(
    *,
    conversation_id: int,
    tab: str,
    text: str,
    by: Person,
    at: datetime,
    token: UUID | None = None,
    screen: Screen = EVERYTHING,
) -> Draft | None:
    """Keep what a person has typed; returns the draft with the token to send it with.

    ``token``: the draft that the page has. When that one was sent meanwhile, a late save changes nothing and the
    answer is None: a sent text must not come back as a draft. An empty text with no images deletes the draft's text
    but keeps its token.

    Raises ``WrittenElsewhere`` where another page than that of ``screen`` has written something else since: two pages
    do not write over each other.
    """
    if tab not in TABS:
        raise BadValue(field="tab")
    with transaction.atomic():
        # Locked: a reply with this token that is just being sent is waited for.
        conversation = open_conversation(conversation_id, by=by)
        kept = clean(text, LONGEST)
        if token is not None and Message.objects.filter(token=token).exists():
            return None
        place = {"person": by, "conversation": conversation, "tab": tab}
        rows = Draft.objects.select_for_update()
        try:
            draft, is_new = rows.get_or_create(
                **place, defaults={"text": kept, "token": _free_token(token), "saved_at": at, "page": screen.page}
            )
        except IntegrityError:
            # Another draft took the token at this very moment.
            values = {"text": kept, "token": uuid4(), "saved_at": at, "page": screen.page}
            draft, is_new = rows.get_or_create(**place, defaults=values)
        if not is_new:
            if screen.lacks(draft, kept):
                raise WrittenElsewhere(draft.text)
            draft.text, draft.saved_at, draft.page = kept, at, screen.page
            draft.save(update_fields=["text", "saved_at", "page"])
    return draft


def use_up(draft: Draft | None, *, text: str, screen: Screen) -> None:
    """``text`` is sent, and with it what the page had of the draft. What another page has written or attached stays,
    under a token of its own. The caller's transaction holds the conversation's lock.
    """
    if draft is None:
        return
    DraftImage.objects.filter(pk__in=[image.pk for image in screen.shown(draft)]).delete()
    is_others = screen.lacks(draft, text)
    if not is_others and not draft.images.exists():
        draft.delete()
        return
    draft.token = uuid4()
    if not is_others:
        draft.text = ""
    draft.save(update_fields=["token", "text"])


def _free_token(token: UUID | None) -> UUID:
    """The page's token, unless a draft of someone else has it."""
    if token is None or Draft.objects.filter(token=token).exists():
        return uuid4()
    return token


def is_sent(*, token: UUID | None, text: str, by: Person) -> bool:
    """Whether this very text has left with this token, or still may: it is then no draft any more."""
    made = Message.objects.select_related("delivery").filter(token=token, person=by, text=text.strip()).first()
    return made is not None and (made.delivery is None or made.delivery.state not in NEVER_LEFT)


def next_token(*, conversation_id: int, tab: str, by: Person) -> UUID:
    """The token to go on with when one is used up: the draft's, so that every window goes on with the same one."""
    draft = Draft.objects.filter(person=by, conversation_id=conversation_id, tab=tab).first()
    if draft is None or Message.objects.filter(token=draft.token).exists():
        return uuid4()
    return draft.token


def open_draft(*, conversation_id: int, tab: str, by: Person, at: datetime) -> Draft:
    """The person's draft of a tab, made empty where there is none."""
    if tab not in TABS:
        raise BadValue(field="tab")
    with transaction.atomic():
        conversation = open_conversation(conversation_id, by=by, is_locked=False)
        draft, _ = Draft.objects.get_or_create(
            person=by, conversation=conversation, tab=tab, defaults={"token": uuid4(), "saved_at": at}
        )
    return draft


def restore_draft(*, message: Message, by: Person, at: datetime) -> Draft:
    """Put the text and images of a reply that was taken back into the person's draft, in front of what is there."""
    tab = "direct" if message.is_direct else "public"
    draft, is_new = Draft.objects.select_for_update().get_or_create(
        person=by,
        conversation_id=message.conversation_id,
        tab=tab,
        defaults={"text": message.text, "token": uuid4(), "saved_at": at},
    )
    if not is_new:
        draft.text = "\n\n".join(part for part in (message.text, draft.text) if part)[:LONGEST]
        draft.saved_at, draft.page = at, ""
        draft.save(update_fields=["text", "saved_at", "page"])
    delivery = message.delivery
    images = list(delivery.media.order_by("position")) if delivery is not None else []
    start = draft.images.count()
    DraftImage.objects.bulk_create(
        DraftImage(
            draft=draft,
            position=start + place,
            mime=image.mime,
            alt=image.alt,
            content=image.content,
            width=image.width,
            height=image.height,
        )
        for place, image in enumerate(images)
    )
    return draft
