"""The page of hits: what was asked, people, conversations with the words marked, and what to do when there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from sotong.access import may
from sotong.access.addresses import row_id
from sotong.channels.events import DOUBTFUL
from sotong.channels.models import Channel, Delivery
from sotong.channels.queries.manifests import badge_of
from sotong.inbox.models import Label
from sotong.inbox.queries.customers import search_customers
from sotong.inbox.queries.lists import VIEWS
from sotong.inbox.queries.search import Found, Hit, search_messages
from sotong.inbox.queries.visible import visible_to
from sotong.inbox.queries.walking import Asked
from sotong.inbox.rules.search import read_query
from sotong.language.client import client_of_machine
from sotong.language.marks import Part, one_line, parts, read_stretches, stretches
from sotong.language.masking import masked
from sotong.people.models import Person
from sotong.screens.queries.listing import Choice, view_words
from sotong.screens.queries.standing import STATES

SNIPPET = 180
NOT_THERE = DOUBTFUL | {Delivery.State.CANCELLED}
READ = 20_000
"""Characters of a message in which the words are marked."""


@dataclass(frozen=True)
class ShownHit:
    id: int
    name: str
    badge: str
    url: str
    parts: tuple[Part, ...]
    at: datetime
    writer: str
    """Who of us wrote it; empty: the customer."""
    doubt: str
    """The state of our reply, where it did not leave or that is not known; else empty."""
    is_note: bool
    is_direct: bool
    state_words: str
    state_kind: str
    state_icon: str


@dataclass(frozen=True)
class ShownPerson:
    name: str
    handle: str
    badge: str
    url: str


@dataclass(frozen=True)
class Hits:
    query: str
    views: tuple[Choice, ...]
    channels: tuple[Choice, ...]
    labels: tuple[Choice, ...]
    narrowed: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    """The filters as hidden fields of the search field."""
    people: tuple[ShownPerson, ...] = ()
    rows: tuple[ShownHit, ...] = ()
    next_url: str = ""
    is_cut: bool = False
    kiwi_words: str = ""
    """Said where inflected words may be missed."""
    empty: dict[str, str] = field(default_factory=dict)


def asked_of(address: QueryDict) -> Asked:
    """What an address asks for; anything unreadable counts as not asked."""
    view, channel, label = address.get("view", ""), address.get("channel", ""), address.get("label", "")
    return Asked(
        text=read_query(address.get("q", "")),
        view=view if view in VIEWS else "",
        channel_id=row_id(channel),
        label_id=row_id(label),
        is_direct={"1": True, "0": False}.get(address.get("direct", "")),
    )


def hits(viewer: Person, address: QueryDict) -> Hits:
    """The whole page, or the rows after the cursor ``after``."""
    asked, after = asked_of(address), address.get("after", "")
    visible, client = visible_to(viewer), client_of_machine()
    channels = {channel.pk: channel for channel in Channel.objects.filter(pk__in=visible.ids).order_by("name")}
    labels = {label.pk: label for label in Label.objects.order_by("name")[:50]}
    found = search_messages(viewer, asked, client, at=datetime.now(UTC), after=after, visible=visible)
    is_wide = not _kept(asked) and not after
    people = search_customers(found.terms, visible) if is_wide and may(viewer, "contacts.read") else ()
    shown = _rows(found, channels)
    return Hits(
        query=asked.text,
        views=tuple(
            Choice(_where(view), _url(asked, view=view), asked.view == view)
            for view in ("", "mine", "unclaimed", "all", "snoozed", "resolved")
        ),
        channels=tuple(
            Choice(
                channel.name,
                _url(asked, channel="" if pk == asked.channel_id else pk),
                pk == asked.channel_id,
                badge=badge_of(channel.network),
            )
            for pk, channel in channels.items()
        ),
        labels=tuple(
            Choice(label.name, _url(asked, label="" if pk == asked.label_id else pk), pk == asked.label_id)
            for pk, label in labels.items()
        ),
        narrowed=_narrowed(asked, channels, labels),
        kept=tuple(_kept(asked).items()),
        people=tuple(
            ShownPerson(
                one.identity.name or one.identity.shown_name,
                one.identity.handle,
                badge_of(one.identity.network),
                reverse("screens:conversation", args=[one.conversation_id]) + "?view=all",
            )
            for one in people
        ),
        rows=shown,
        next_url=_url(asked, after=found.next_after) if found.next_after else "",
        is_cut=found.is_cut,
        kiwi_words=""
        if found.used_kiwi
        else _("지금은 활용형은 못 찾을 수 있어요. 쓰인 그대로의 말과 두 글자씩 맞춰 찾아요."),
        empty={} if shown or people else _empty(asked, found),
    )


def _rows(found: Found, channels: dict[int, Channel]) -> tuple[ShownHit, ...]:
    texts = [masked(one_line(hit.message.text[:READ])) for hit in found.hits]
    marks = [stretches(text, found.terms, found.phrases) for text in texts]
    unmarked = [number for number, each in enumerate(marks) if not each]
    if unmarked:
        read = read_stretches([texts[number] for number in unmarked], found.terms, client_of_machine())
        for number, each in zip(unmarked, read, strict=True):
            marks[number] = each
    return tuple(
        _row(hit, tuple(parts(text, each, SNIPPET)), channels)
        for hit, text, each in zip(found.hits, texts, marks, strict=True)
    )


def _row(hit: Hit, snippet: tuple[Part, ...], channels: dict[int, Channel]) -> ShownHit:
    message, conversation = hit.message, hit.conversation
    channel = channels.get(conversation.channel_id)
    state = STATES.get(conversation.State(conversation.state))
    ours = message.direction != message.Direction.INBOUND
    return ShownHit(
        id=conversation.pk,
        name=conversation.identity.shown_name,
        badge=badge_of(channel.network if channel else conversation.identity.network),
        url=f"{reverse('screens:conversation', args=[conversation.pk])}?view=all#m{message.pk}",
        parts=snippet,
        at=message.posted_at,
        writer=(message.person.shown_name if message.person else _("우리")) if ours else "",
        doubt=message.delivery.state if message.delivery and message.delivery.state in NOT_THERE else "",
        is_note=message.direction == message.Direction.NOTE,
        is_direct=conversation.is_direct,
        state_words=_(state[0]) if state else "",
        state_kind=state[1] if state else "",
        state_icon=state[2] if state else "",
    )


def _kept(asked: Asked) -> dict[str, str]:
    """The filters as they stand in an address."""
    values = {
        "view": asked.view,
        "channel": "" if asked.channel_id is None else str(asked.channel_id),
        "label": "" if asked.label_id is None else str(asked.label_id),
        "direct": "" if asked.is_direct is None else str(int(asked.is_direct)),
    }
    return {name: value for name, value in values.items() if value}


def _url(asked: Asked, **changed: object) -> str:
    values = {"q": asked.text, **_kept(asked), **{name: str(value) for name, value in changed.items()}}
    return reverse("screens:search") + "?" + urlencode({name: value for name, value in values.items() if value})


def _where(view: str) -> str:
    return {"": _("어디서나"), "all": _("열린 대화")}.get(view) or view_words(view)


def _narrowed(asked: Asked, channels: dict[int, Channel], labels: dict[int, Label]) -> tuple[Choice, ...]:
    chips = []
    if asked.channel_id is not None:
        channel = channels.get(asked.channel_id)
        chips.append(Choice(channel.name if channel else "?", _url(asked, channel="")))
    if asked.label_id is not None:
        label = labels.get(asked.label_id)
        chips.append(Choice(label.name if label else "?", _url(asked, label="")))
    if asked.is_direct is not None:
        chips.append(Choice(_("쪽지만") if asked.is_direct else _("공개 글만"), _url(asked, direct="")))
    return tuple(chips)


def _empty(asked: Asked, found: Found) -> dict[str, str]:
    """What an empty page says: why, and one next step."""
    if not asked.text:
        return {
            "icon": "search",
            "title": _("무엇을 찾을까요?"),
            "text": _("글에 쓰인 말이나 사람의 이름을 적어 주세요."),
        }
    if not found.terms:
        return {
            "icon": "search",
            "title": _("찾을 수 있는 말이 없어요"),
            "text": _("기호만으로는 찾을 수 없어요. 낱말이나 이름을 적어 주세요."),
        }
    if found.is_cut:
        return {
            "icon": "search",
            "title": _("여기까지는 없어요"),
            "text": _("더 예전 글은 아직 안 봤어요. 아래에서 이어서 찾을 수 있어요."),
        }
    if _kept(asked):
        return {
            "icon": "search",
            "title": _("이 거르기 안에는 없어요"),
            "text": _("거르기를 빼고 모든 대화에서 찾아볼까요?"),
            "url": reverse("screens:search") + "?" + urlencode({"q": asked.text}),
            "label": _("모든 대화에서 찾기"),
        }
    return {
        "icon": "search",
        "title": _("찾은 것이 없어요"),
        "text": _("말을 줄이거나 다른 말로 찾아보세요. 볼 수 있는 채널의 글만 찾아요."),
    }
