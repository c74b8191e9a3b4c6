"""The messages of a thread in words, with the state of those that we send."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sotong.access import may
from sotong.channels.events import DOUBTFUL
from sotong.channels.models import Channel, Delivery
from sotong.channels.queries.outcomes import Outcome, held_by, outcome_of, scopes_on, stopped_by
from sotong.channels.queries.removals import is_removable
from sotong.channels.rules.outcomes import VOUCHED
from sotong.inbox.models import Conversation, Message
from sotong.inbox.queries.threads import Image, Thread, ThreadMessage
from sotong.inbox.rules.taking_back import may_take_back
from sotong.people.models import Person
from sotong.screens.queries.removals import ShownRemoval, show_removal

LATE = timedelta(seconds=30)
"""How long after its time a reply may still be said to leave soon."""


@dataclass(frozen=True)
class ShownDelivery:
    state: str
    at: datetime | None
    is_seen: bool
    is_late: bool
    """It should have left by now, and nothing that we know of keeps it here."""
    outcome: Outcome
    doubt_url: str
    """Where whoever may decide about it does; empty: there is nothing to decide, or not for the viewer."""


@dataclass(frozen=True)
class Picture:
    url: str
    alt: str
    width: int | None
    height: int | None
    words: str = ""


@dataclass(frozen=True)
class ShownMessage:
    """One message as the thread shows it. ``css`` begins with a space."""

    id: int
    css: str
    who: str
    at: datetime
    text: str
    url: str
    is_own: bool
    is_withdrawn: bool
    """Our reply, taken back before it left."""
    is_note: bool
    is_direct: bool
    is_automatic: bool
    starts_day: bool
    is_first_unread: bool
    edited_at: datetime | None
    deleted_at: datetime | None
    versions: tuple[dict[str, object], ...]
    pictures: tuple[Picture, ...]
    delivery: ShownDelivery | None
    undo_url: str
    removal: ShownRemoval | None
    """Our reply, taken back after it left."""
    take_back_url: str
    """The dialog that asks why; empty: it cannot be taken back, or not by the viewer."""


def messages_of(found: Thread, viewer: Person) -> tuple[ShownMessage, ...]:
    """The messages with day lines and the first unread one marked."""
    shown: list[ShownMessage] = []
    may_decide = may(viewer, "channels.decide", where=found.visible.place(found.conversation.channel))
    day = None
    is_marked = found.read_upto == 0
    for message in found.messages:
        local = timezone.localtime(message.posted_at).date()
        is_new = not is_marked and message.direction == Message.Direction.INBOUND and message.id > found.read_upto
        is_marked = is_marked or is_new
        shown.append(
            show_message(
                message,
                found.conversation,
                viewer,
                starts_day=local != day,
                is_first_unread=is_new,
                may_decide=may_decide,
                may_remove=_may_remove(message, found, viewer),
            )
        )
        day = local
    return tuple(shown)


def show_message(
    message: ThreadMessage,
    conversation: Conversation,
    viewer: Person,
    *,
    starts_day: bool,
    is_first_unread: bool,
    may_decide: bool,
    may_remove: bool,
) -> ShownMessage:
    """``may_decide``: whether the viewer decides about what may not have left; ``may_remove``: takes it back."""
    is_note = message.direction == Message.Direction.NOTE
    is_own = message.direction == Message.Direction.OUTBOUND
    is_withdrawn = message.delivery_state == Delivery.State.CANCELLED
    removal = show_removal(message.removed) if message.removed else None
    classes = {
        "msg-note": is_note,
        "msg-own": is_own,
        "msg-auto": message.is_automatic,
        "msg-dm": message.is_direct,
        "msg-gone": message.deleted_at is not None or is_withdrawn or bool(removal and removal.is_done),
    }
    is_undoable = bool(
        message.delivery_state == Delivery.State.DUE
        and message.person_id == viewer.pk
        and message.due_at
        and message.due_at > timezone.now()
    )
    return ShownMessage(
        id=message.id,
        css="".join(f" {name}" for name, is_on in classes.items() if is_on),
        who=_who(message, is_note=is_note),
        at=message.posted_at,
        text=message.text if message.text.strip() else "",
        url=_url(message),
        is_own=is_own,
        is_withdrawn=is_withdrawn,
        is_note=is_note,
        is_direct=message.is_direct,
        is_automatic=message.is_automatic,
        starts_day=starts_day,
        is_first_unread=is_first_unread,
        edited_at=message.edited_at,
        deleted_at=message.deleted_at,
        versions=tuple({"replaced_at": replaced_at, "text": text} for replaced_at, text in message.versions),
        pictures=_pictures(message),
        delivery=_delivery(message, conversation.channel, may_decide=may_decide) if message.delivery_state else None,
        undo_url=reverse("inbox:undo", args=[conversation.pk, message.id]) if is_undoable else "",
        removal=removal,
        take_back_url=reverse("screens:take_back", args=[conversation.pk, message.id]) if may_remove else "",
    )


def _url(message: ThreadMessage) -> str:
    """Where it stands on its network; empty: nowhere that we know, or it was deleted there."""
    is_gone = message.deleted_at is not None or message.problem == "GoneSince"
    return message.url if message.url.startswith(("https://", "http://")) and not is_gone else ""


def _may_remove(message: ThreadMessage, found: Thread, viewer: Person) -> bool:
    removed, network = message.removed, found.conversation.channel.network
    if message.sent_by is None or (message.deleted_at is not None and removed is None):
        return False
    before = (removed.state, removed.problem) if removed else None
    if not is_removable(state=message.delivery_state, problem=message.problem, network=network, removal=before):
        return False
    where = found.visible.place_of(message.sent_by)
    return may_take_back(viewer, is_own=message.person_id == viewer.pk, where=where)


def _who(message: ThreadMessage, *, is_note: bool) -> str:
    if is_note:
        return _("{who}의 메모").format(who=message.person)
    if message.is_automatic:
        return _("자동 응답")
    if message.direction == Message.Direction.OUTBOUND:
        return message.person or _("우리 계정 (네트워크에서 직접)")
    return message.writer


def _pictures(message: ThreadMessage) -> tuple[Picture, ...]:
    shown = tuple(_picture(image) for image in message.images)
    return shown or tuple(
        Picture(reverse("inbox:sent_media", args=[image.id]), image.alt, image.width, image.height)
        for image in message.sent_images
    )


def _picture(image: Image) -> Picture:
    if image.problem:
        return Picture("", image.alt, None, None, _("이미지를 가져오지 못했어요"))
    if not image.is_here:
        return Picture("", image.alt, None, None, _("이미지를 불러오는 중"))
    return Picture(reverse("inbox:media", args=[image.id]), image.alt, image.width, image.height)


def _delivery(message: ThreadMessage, channel: Channel, *, may_decide: bool) -> ShownDelivery:
    state = Delivery.State(message.delivery_state)
    at = {Delivery.State.SENT: message.seen_at or message.sent_at, Delivery.State.DUE: message.due_at}
    kind = Delivery.Kind.AUTOMATIC if message.is_automatic else Delivery.Kind.REPLY
    problem = message.problem
    is_due = state == Delivery.State.DUE
    if is_due and channel.paused_until is not None and channel.paused_until > timezone.now():
        problem = "RateLimited"
    now, is_stopped = None, False
    if state == Delivery.State.HELD:
        now = held_by(problem, kind=kind, channel=channel, scopes=scopes_on())
    elif is_due or state == Delivery.State.UNCONFIRMED:
        is_stopped = bool(stopped_by(kind=kind, channel=channel, scopes=scopes_on()))
    is_late = bool(is_due and message.due_at and timezone.now() - message.due_at > LATE)
    is_decided_on = state in DOUBTFUL or (state == Delivery.State.SENT and problem in VOUCHED)
    return ShownDelivery(
        state,
        at.get(state, message.settled_at),
        message.seen_at is not None,
        is_late and not is_stopped and problem != "RateLimited",
        outcome_of(
            state=state,
            problem=problem,
            network=channel.network,
            may_decide=may_decide,
            now=now,
            is_stopped=is_stopped,
        ),
        reverse("channels:doubtful") if may_decide and is_decided_on else "",
    )
