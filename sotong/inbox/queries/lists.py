"""The conversation list: newest first, by keyset, each tab from one index whatever the table's size."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import FilteredRelation, Q
from django.db.models.functions import Coalesce

from sotong.inbox.models import Conversation, Label, Labelling
from sotong.inbox.queries.visible import Visible, visible_to
from sotong.people.models import Person

VIEWS = ("mine", "unclaimed", "all", "snoozed", "resolved")
COUNTED_UP_TO = 99
SHELVES = {"all": "live", "snoozed": "snoozed", "resolved": "resolved"}
UNCLAIMED = "c.state = 'open' AND c.claimed_by_id IS NULL AND c.assigned_to_id IS NULL AND c.snoozed_until IS NULL"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the list is narrowed to. ``view`` is one of ``VIEWS``; None: not narrowed by that."""

    view: str = "mine"
    channel_id: int | None = None
    label_id: int | None = None
    is_direct: bool | None = None


@dataclass(frozen=True)
class Place:
    """The last row of a page; the next page begins after it."""

    last_at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.last_at - EPOCH) // timedelta(microseconds=1)}-{self.id}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place that ``text`` names, or None for anything else."""
        left, _, right = text.partition("-")
        if not (left.isascii() and left.isdigit() and right.isascii() and right.isdigit()):
            return None
        if len(left) > 17 or len(right) > 18:
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=int(left)), int(right))
        except OverflowError:
            return None


@dataclass(frozen=True)
class Row:
    """One line of the list. The conversation comes with its channel, identity and claimer loaded."""

    conversation: Conversation
    is_unread: bool
    labels: tuple[Label, ...]


@dataclass(frozen=True)
class ListPage:
    rows: tuple[Row, ...]
    next_after: str
    """The cursor of the next page; empty: this was the last."""


@dataclass(frozen=True)
class _Branch:
    """One index range: conditions on conversation ``c`` and their values."""

    where: str
    values: tuple[object, ...]
    source: str = "inbox_conversation c"
    order: str = "c.last_at DESC, c.id DESC"
    key: str = "(c.last_at, c.id)"
    columns: str = "c.id, c.last_at"


def _branches(person: Person, filters: Filters, visible: Visible) -> list[_Branch]:
    """The index ranges whose union is the list."""
    if filters.label_id is not None:
        whole = [_labelled(filters)]
        if filters.view == "mine":
            whole = [
                replace(
                    whole[0],
                    where=f"{whole[0].where} AND (c.claimed_by_id = %s OR c.assigned_to_id = %s)",
                    values=(*whole[0].values, person.pk, person.pk),
                )
            ]
        elif filters.view == "unclaimed":
            whole = [replace(whole[0], where=f"{whole[0].where} AND {UNCLAIMED}")]
    elif filters.view == "mine":
        whole = [
            _Branch("c.claimed_by_id = %s AND c.shelf = 'live'", (person.pk,)),
            _Branch("c.assigned_to_id = %s AND c.shelf = 'live'", (person.pk,)),
        ]
    elif filters.view == "unclaimed":
        whole = [_Branch(UNCLAIMED, ())]
    else:
        whole = [_Branch("c.shelf = %s", (SHELVES[filters.view],))]
    if filters.is_direct is not None:
        word = "c.is_direct" if filters.is_direct else "NOT c.is_direct"
        whole = [replace(branch, where=f"{branch.where} AND {word}") for branch in whole]
    return _within(whole, filters, visible)


def _labelled(filters: Filters) -> _Branch:
    shelf = SHELVES.get(filters.view, "live")
    return _Branch(
        "l.label_id = %s AND l.shelf = %s",
        (filters.label_id, shelf),
        source="inbox_labelling l JOIN inbox_conversation c ON c.id = l.conversation_id",
        order="l.last_at DESC, l.conversation_id DESC",
        key="(l.last_at, l.conversation_id)",
        columns="l.conversation_id AS id, l.last_at",
    )


def _within(whole: list[_Branch], filters: Filters, visible: Visible) -> list[_Branch]:
    """Only conversations of channels that the person may read (and of the chosen one)."""
    if filters.channel_id is None and visible.is_all:
        return whole
    ids = visible.ids if filters.channel_id is None else tuple({filters.channel_id} & set(visible.ids))
    narrowed = [
        replace(branch, where=f"{branch.where} AND c.channel_id = %s", values=(*branch.values, channel))
        for branch in whole
        for channel in ids
    ]
    narrowed += [
        replace(
            branch,
            where=f"{branch.where} AND c.also_channels <> '{{}}' AND c.also_channels && %s::bigint[]",
            values=(*branch.values, list(ids)),
        )
        for branch in whole
        if ids
    ]
    return narrowed


def _ids(branches: list[_Branch], after: Place | None, size: int) -> list[int]:
    parts: list[str] = []
    values: list[Any] = []
    for branch in branches:
        below = f" AND {branch.key} < (%s, %s)" if after else ""
        chosen = f"SELECT {branch.columns} FROM {branch.source} WHERE {branch.where}{below}"  # noqa: S608
        parts.append(f"({chosen} ORDER BY {branch.order} LIMIT %s)")
        values += [*branch.values, *((after.last_at, after.id) if after else ()), size]
    sql = parts[0]
    if len(parts) > 1:
        sql = f"SELECT id, last_at FROM ({' UNION '.join(parts)}) u ORDER BY last_at DESC, id DESC LIMIT %s"  # noqa: S608
        values.append(size)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]


def conversation_page(
    viewer: Person, filters: Filters, *, after: str = "", size: int = 50, visible: Visible | None = None
) -> ListPage:
    """A page of the list. ``after``: ``next_after`` of the page before; anything unreadable begins at the top."""
    seen = visible or visible_to(viewer)
    branches = _branches(viewer, filters, seen)
    ids = _ids(branches, Place.read(after), size + 1) if branches else []
    rows = _rows(viewer, ids[:size])
    last = rows[-1].conversation if rows and len(ids) > size else None
    return ListPage(rows, str(Place(last.last_at, last.pk)) if last else "")


def _rows(viewer: Person, ids: list[int]) -> tuple[Row, ...]:
    if not ids:
        return ()
    own_mark = FilteredRelation("read_marks", condition=Q(read_marks__person=viewer))
    found = {
        conversation.pk: conversation
        for conversation in Conversation.objects.filter(pk__in=ids)
        .select_related("identity", "claimed_by", "assigned_to", "assigned_team")
        .annotate(own_mark=own_mark, is_unread=Q(last_inbound_id__gt=Coalesce("own_mark__upto_id", 0)))
    }
    labels: dict[int, list[Label]] = defaultdict(list)
    for labelling in Labelling.objects.filter(conversation_id__in=ids).select_related("label").order_by("label__name"):
        labels[labelling.conversation_id].append(labelling.label)
    return tuple(Row(found[pk], found[pk].is_unread, tuple(labels[pk])) for pk in ids if pk in found)


def tab_counts(viewer: Person, filters: Filters, views: tuple[str, ...], visible: Visible) -> dict[str, int]:
    """How many each tab holds, counted up to ``COUNTED_UP_TO`` + 1: what is over that is shown as 99+."""
    counts = {}
    for view in views:
        branches = _branches(viewer, replace(filters, view=view), visible)
        counts[view] = len(_ids(branches, None, COUNTED_UP_TO + 1)) if branches else 0
    return counts
