"""The list beside the desk: tabs, filters and rows, as its template wants them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sotong.access.addresses import row_id
from sotong.channels.models import Channel
from sotong.channels.queries.manifests import badge_of
from sotong.channels.queries.seen import ChannelRow
from sotong.inbox.models import Conversation, Label
from sotong.inbox.queries.lists import COUNTED_UP_TO, Filters, ListPage, conversation_page, tab_counts
from sotong.inbox.queries.visible import Visible, visible_to
from sotong.inbox.rules.previews import read_preview
from sotong.people.models import Person
from sotong.screens.queries.previews import preview_words
from sotong.screens.queries.standing import tags, waiting_kind

MAIN_VIEWS = ("mine", "unclaimed", "all")
MORE_VIEWS = (("snoozed", "alarm-clock"), ("resolved", "circle-check"))


@dataclass(frozen=True)
class Choice:
    """A tab, a filter or a chip: where it leads and whether it is on."""

    label: str
    url: str
    is_current: bool = False
    view: str = ""
    count: str = ""
    badge: str = ""
    icon: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One line of the list in words."""

    id: int
    name: str
    badge: str
    url: str
    panel_url: str
    preview: str
    is_ours: bool
    """The preview is our own last word."""
    last_at: datetime
    is_unread: bool
    is_current: bool
    is_direct: bool
    waiting_since: datetime | None
    waiting_kind: str
    tags: tuple[tuple[str, str, str], ...]
    """(words, kind, icon): until when it is put off, the state when nobody waits, then trouble, then labels."""
    holder: str
    claim_until: datetime | None
    is_mine: bool
    is_over: bool
    """Nobody waits and nobody holds it: the row asks for nothing."""


@dataclass(frozen=True)
class Listing:
    tabs: tuple[Choice, ...]
    more_tabs: tuple[Choice, ...]
    channels: tuple[Choice, ...]
    labels: tuple[Choice, ...]
    narrowed: tuple[Choice, ...]
    rows: tuple[ShownRow, ...]
    next_url: str
    self_url: str
    order_words: str
    empty: dict[str, str] = field(default_factory=dict)


def filters_of(asked: QueryDict) -> Filters:
    """The filters that an address asks for. An unknown view is the one that nobody may overlook: what nobody holds."""
    view = asked.get("view", "")
    channel, label = asked.get("channel", ""), asked.get("label", "")
    return Filters(
        view=view if view in (*MAIN_VIEWS, "snoozed", "resolved") else "unclaimed" if "view" in asked else "all",
        channel_id=row_id(channel),
        label_id=row_id(label),
        is_direct={"1": True, "0": False}.get(asked.get("direct", "")),
    )


def query_of(filters: Filters, **more: object) -> str:
    """The query string of these filters, with ``?``."""
    values: dict[str, object] = {"view": filters.view}
    if filters.channel_id is not None:
        values["channel"] = filters.channel_id
    if filters.label_id is not None:
        values["label"] = filters.label_id
    if filters.is_direct is not None:
        values["direct"] = int(filters.is_direct)
    return "?" + urlencode({**values, **more})


def view_words(view: str) -> str:
    """What a tab is called."""
    return {
        "mine": _("내 것"),
        "unclaimed": _("안 맡음"),
        "all": _("전체"),
        "snoozed": _("미룬 대화"),
        "resolved": _("끝난 대화"),
    }[view]


def listing(
    viewer: Person,
    filters: Filters,
    *,
    at: datetime,
    after: str = "",
    size: int = 50,
    current: int | None = None,
) -> Listing:
    """The whole list panel. ``current``: the conversation that is open beside it."""
    visible = visible_to(viewer)
    page = conversation_page(viewer, filters, after=after, size=size, visible=visible)
    desk = reverse("screens:desk")
    # Under a label nothing is counted: finding one's own few among all that bear it takes too long for every renewal.
    counts = tab_counts(viewer, filters, MAIN_VIEWS, visible) if not after and filters.label_id is None else {}
    names = {channel.pk: channel for channel in visible.channels}
    return Listing(
        tabs=tuple(_tab(desk, filters, view, counts, f"Digit{n}") for n, view in enumerate(MAIN_VIEWS, start=1)),
        more_tabs=tuple(
            Choice(
                view_words(view), desk + query_of(replace(filters, view=view)), filters.view == view, view, icon=icon
            )
            for view, icon in MORE_VIEWS
        ),
        channels=tuple(
            Choice(
                channel.name,
                desk + query_of(replace(filters, channel_id=None if filters.channel_id == channel.pk else channel.pk)),
                filters.channel_id == channel.pk,
                badge=badge_of(channel.network),
            )
            for channel in names.values()
            if channel.mode != Channel.Mode.CLOSED
        ),
        labels=tuple(
            Choice(name, desk + query_of(replace(filters, label_id=pk)), filters.label_id == pk)
            for pk, name in Label.objects.order_by("name").values_list("pk", "name")[:50]
        ),
        narrowed=_narrowed(desk, filters, names),
        rows=rows_of(page, viewer, filters, names, at=at, current=current),
        next_url=reverse("screens:rows") + query_of(filters, after=page.next_after) if page.next_after else "",
        self_url=reverse("screens:rows") + query_of(filters),
        order_words=_("새 글이 위로"),
        empty=_empty(filters, desk, visible),
    )


def _tab(desk: str, filters: Filters, view: str, counts: dict[str, int], key: str) -> Choice:
    count = counts.get(view, 0)
    return Choice(
        view_words(view),
        desk + query_of(replace(filters, view=view)),
        filters.view == view,
        view,
        f"{COUNTED_UP_TO}+" if count > COUNTED_UP_TO else str(count or ""),
        key=key,
    )


def _narrowed(desk: str, filters: Filters, names: dict[int, ChannelRow]) -> tuple[Choice, ...]:
    chips: list[Choice] = []
    if filters.channel_id is not None:
        channel = names.get(filters.channel_id)
        chips.append(Choice(channel.name if channel else "?", desk + query_of(replace(filters, channel_id=None))))
    if filters.label_id is not None:
        label = Label.objects.filter(pk=filters.label_id).first()
        chips.append(Choice(label.name if label else "?", desk + query_of(replace(filters, label_id=None))))
    if filters.is_direct is not None:
        word = _("쪽지만") if filters.is_direct else _("공개 글만")
        chips.append(Choice(word, desk + query_of(replace(filters, is_direct=None))))
    if filters.view in {"snoozed", "resolved"}:
        chips.append(Choice(view_words(filters.view), desk + query_of(replace(filters, view="all"))))
    return tuple(chips)


_NEVER_NEW = {
    "snoozed": gettext_lazy("미룬 대화는 때가 되거나 새 글이 오면 다시 열려요."),
    "resolved": gettext_lazy("끝낸 대화는 고객이 다시 쓰면 열린 대화로 돌아가요."),
}
"""What an empty list says of conversations that leave it when a new message comes."""


def _empty(filters: Filters, desk: str, visible: Visible) -> dict[str, str]:
    """What an empty list says: what will be here, why it is not, one next step."""
    if not visible.ids:
        return {
            "icon": "plug",
            "title": _("아직 이어진 채널이 없어요"),
            "text": _("채널을 이으면 고객의 말이 이 자리에 모여요."),
            "url": reverse("people:welcome"),
            "label": _("시작하기"),
        }
    if filters.view == "mine":
        return {
            "icon": "circle-check",
            "title": _("맡은 대화를 다 봤어요"),
            "text": _("아직 아무도 안 맡은 대화가 있는지 볼까요?"),
            "url": desk + query_of(replace(filters, view="unclaimed")),
            "label": _("안 맡은 대화 보기"),
        }
    return {
        "icon": "inbox",
        "title": _("여기에는 대화가 없어요"),
        "text": str(_NEVER_NEW.get(filters.view) or _("새 글이 오면 바로 나타나요.")),
        "url": "" if filters.view == "all" else desk + query_of(Filters(view="all")),
        "label": "" if filters.view == "all" else _("전체 보기"),
    }


def rows_of(
    page: ListPage,
    viewer: Person,
    filters: Filters,
    channels: dict[int, ChannelRow],
    *,
    at: datetime,
    current: int | None = None,
) -> tuple[ShownRow, ...]:
    """The rows of a page in words."""
    query = query_of(filters)
    badges = {pk: badge_of(channel.network) for pk, channel in channels.items()}
    # Resolving an address costs more than all else in a row: it is done once, for conversation 0.
    opened, panel = (
        (reverse(name, args=[0]) + query).split("0", 1) for name in ("screens:conversation", "screens:panel")
    )
    return tuple(
        ShownRow(
            id=row.id,
            name=row.name,
            badge=badges.get(row.channel_id, ""),
            url=f"{opened[0]}{row.id}{opened[1]}",
            panel_url=f"{panel[0]}{row.id}{panel[1]}",
            preview=preview_words(preview),
            is_ours=preview.is_ours,
            last_at=row.last_at,
            is_unread=row.is_unread and row.state != Conversation.State.RESOLVED,
            is_current=row.id == current,
            is_direct=row.is_direct,
            waiting_since=row.waiting_since if row.state != Conversation.State.RESOLVED else None,
            waiting_kind=waiting_kind(row.waiting_since, at),
            tags=tuple(tags(row)),
            holder=row.holder or row.team,
            claim_until=row.claim_until,
            is_mine=row.holder_id == viewer.pk,
            is_over=row.state == Conversation.State.RESOLVED and not (row.holder or row.team),
        )
        for row in page.rows
        for preview in (read_preview(row.preview),)
    )
