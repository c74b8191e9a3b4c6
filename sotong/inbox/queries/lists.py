"""The conversation list: newest first, by keyset, each tab from one index whatever the table's size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from sotong.inbox.queries.visible import Visible, visible_to
from sotong.people.models import Person

VIEWS = ("mine", "unclaimed", "all", "snoozed", "resolved")
COUNTED_UP_TO = 99
SHELVES = {"all": "live", "snoozed": "snoozed", "resolved": "resolved"}
UNCLAIMED = "c.state = 'open' AND c.claimed_by_id IS NULL AND c.assigned_to_id IS NULL AND c.snoozed_until IS NULL"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LABELLED = "inbox_labelling l JOIN inbox_conversation c ON c.id = l.conversation_id"
_Part = tuple[str, list[Any]]
"""A select of (id, last_at) and its values."""


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


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list."""

    id: int
    channel_id: int
    is_direct: bool
    state: str
    preview: str
    last_at: datetime
    waiting_since: datetime | None
    claim_until: datetime | None
    snoozed_until: datetime | None
    delivery_trouble: str
    is_unread: bool
    name: str
    """What the customer is called."""
    holder_id: int | None
    """Whoever claimed it, else whoever it is assigned to."""
    holder: str
    team: str
    labels: tuple[tuple[str, str], ...]
    """(name, tone), by name."""


@dataclass(frozen=True)
class ListPage:
    rows: tuple[Row, ...]
    next_after: str
    """The cursor of the next page; empty: this was the last."""


@dataclass(frozen=True)
class _Branch:
    """Conditions on conversation ``c`` that one index serves, newest first, in every channel alike."""

    where: str
    values: tuple[object, ...] = ()
    source: str = "inbox_conversation c"
    columns: str = "c.id, c.last_at"
    """Also the order and the key of a page."""
    channel: str = "c.channel_id"
    is_own: bool = False
    """One person's: so few that channels are looked at row by row."""

    def narrowed(self, condition: str, *values: object) -> _Branch:
        return replace(self, where=f"{self.where} AND {condition}", values=(*self.values, *values))

    def select(self, after: Place | None, size: int) -> tuple[str, list[object]]:
        last_at, pk = self.columns.split(", ")[::-1]
        below = f" AND ({last_at}, {pk}) < (%s, %s)" if after else ""
        return (
            f"SELECT {pk} AS id, {last_at} AS last_at FROM {self.source} WHERE {self.where}{below}"  # noqa: S608
            f" ORDER BY {last_at} DESC, {pk} DESC LIMIT %s",
            [*self.values, *((after.last_at, after.id) if after else ()), size],
        )


def _branches(person: Person, filters: Filters) -> list[_Branch]:
    """Index ranges without a common row whose union is the list, whatever the channel."""
    if filters.label_id is not None:
        whole = [_labelled(filters, person)]
    elif filters.view == "mine":
        whole = [
            _Branch("c.claimed_by_id = %s AND c.shelf = 'live'", (person.pk,), is_own=True),
            _Branch(
                "c.assigned_to_id = %s AND c.shelf = 'live' AND c.claimed_by_id IS DISTINCT FROM %s",
                (person.pk, person.pk),
                is_own=True,
            ),
        ]
    elif filters.view == "unclaimed":
        whole = [_Branch(UNCLAIMED)]
    else:
        whole = [_Branch("c.shelf = %s", (SHELVES[filters.view],))]
    if filters.is_direct is not None:
        whole = [branch.narrowed("c.is_direct" if filters.is_direct else "NOT c.is_direct") for branch in whole]
    return whole


def _labelled(filters: Filters, person: Person) -> _Branch:
    """The labelling knows shelf, channel and time of its conversation, which is looked at only where more is asked."""
    branch = _Branch(
        "l.label_id = %s AND l.shelf = %s",
        (filters.label_id, SHELVES.get(filters.view, "live")),
        source="inbox_labelling l",
        columns="l.conversation_id, l.last_at",
        channel="l.channel_id",
    )
    if filters.view in {"mine", "unclaimed"} or filters.is_direct is not None:
        branch = replace(branch, source=_LABELLED)
    if filters.view == "mine":
        return branch.narrowed("(c.claimed_by_id = %s OR c.assigned_to_id = %s)", person.pk, person.pk)
    return branch.narrowed(UNCLAIMED) if filters.view == "unclaimed" else branch


def _parts(person: Person, filters: Filters, visible: Visible, after: Place | None, size: int) -> Iterator[_Part]:
    """Selects of (id, last_at), each at most ``size`` rows a channel, of what the person may read."""
    ids = [channel for channel in visible.ids if filters.channel_id in (None, channel)]
    shelf = SHELVES.get(filters.view, "live")
    for branch in _branches(person, filters):
        if filters.channel_id is None and visible.is_all:
            yield branch.select(after, size)
        elif ids and branch.is_own:
            yield branch.narrowed("(c.channel_id = ANY(%s) OR c.also_channels && %s::bigint[])", ids, ids).select(
                after, size
            )
        elif ids:
            each, values = branch.narrowed(f"{branch.channel} = channel").select(after, size)
            yield f"SELECT part.* FROM unnest(%s::bigint[]) channel, LATERAL ({each}) part", [ids, *values]  # noqa: S608
            # Few conversations are shared: their own index finds them sooner than any other.
            shared = branch.narrowed("c.shelf = %s AND c.also_channels <> '{}'", shelf)
            if filters.label_id is not None:
                shared = replace(shared, source=_LABELLED, columns=_Branch.columns)
            shared = shared.narrowed("c.also_channels && %s::bigint[] AND c.channel_id <> ALL(%s)", ids, ids)
            yield shared.select(after, size)


# The page's ids are fenced off by their limit, so that the planner orders few tables at a time.
_PAGE = """
    SELECT c.id, c.channel_id, c.is_direct, c.state, c.preview, c.last_at, c.waiting_since, c.claim_until,
        c.snoozed_until, c.delivery_trouble, c.last_inbound_id > coalesce(r.upto_id, 0),
        coalesce(nullif(i.handle, ''), nullif(i.name, ''), i.remote_id), holder.id,
        coalesce(nullif(holder.nickname, ''), holder.name, ''), coalesce(team.name, ''),
        ARRAY(SELECT ARRAY[b.name, b.tone] FROM inbox_labelling n JOIN inbox_label b ON b.id = n.label_id
            WHERE n.conversation_id = c.id ORDER BY b.name)
    FROM (
        SELECT c.* FROM ({parts}) page JOIN inbox_conversation c ON c.id = page.id
        ORDER BY page.last_at DESC, page.id DESC LIMIT %s
    ) c
    JOIN contacts_identity i ON i.id = c.identity_id
    LEFT JOIN people_person holder ON holder.id = coalesce(c.claimed_by_id, c.assigned_to_id)
    LEFT JOIN people_team team ON team.id = c.assigned_team_id
    LEFT JOIN inbox_readmark r ON r.conversation_id = c.id AND r.person_id = %s
    ORDER BY c.last_at DESC, c.id DESC
"""


def conversation_page(
    viewer: Person, filters: Filters, *, after: str = "", size: int = 50, visible: Visible | None = None
) -> ListPage:
    """A page of the list. ``after``: ``next_after`` of the page before; anything unreadable begins at the top."""
    parts = list(_parts(viewer, filters, visible or visible_to(viewer), Place.read(after), size + 1))
    if not parts:
        return ListPage((), "")
    chosen, values = _union(parts)
    if len(parts) > 1:
        chosen = f"SELECT * FROM ({chosen}) each ORDER BY last_at DESC, id DESC LIMIT {size + 1}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(parts=chosen), [*values, size + 1, viewer.pk])
        found = cursor.fetchall()
    rows = tuple(Row(*(*row, tuple(map(tuple, labels)))) for *row, labels in found[:size])
    return ListPage(rows, str(Place(rows[-1].last_at, rows[-1].id)) if len(found) > size else "")


def tab_counts(viewer: Person, filters: Filters, views: tuple[str, ...], visible: Visible) -> dict[str, int]:
    """How many each tab holds, counted up to ``COUNTED_UP_TO`` + 1: what is over that is shown as 99+."""
    selects, values = [], []
    for view in views:
        parts = list(_parts(viewer, replace(filters, view=view), visible, None, COUNTED_UP_TO + 1))
        if not parts:
            return dict.fromkeys(views, 0)
        chosen, given = _union(parts)
        selects.append(f"(SELECT count(*) FROM (SELECT 1 FROM ({chosen}) each LIMIT %s) few)")  # noqa: S608
        values += [*given, COUNTED_UP_TO + 1]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(selects)}", values)
        return dict(zip(views, cursor.fetchone(), strict=True))


def _union(parts: list[_Part]) -> _Part:
    return " UNION ALL ".join(f"({sql})" for sql, _ in parts), [value for _, values in parts for value in values]
