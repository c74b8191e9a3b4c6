"""Where a conversation stands, in the words and tags of rows and heads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sotong.design.rules import when_words
from sotong.inbox.models import Conversation
from sotong.inbox.queries.lists import Row

NEAR_MINUTES = 15
LATE_MINUTES = 45
STATES = {
    Conversation.State.PENDING: (gettext_noop("고객 차례"), "", "hourglass"),
    Conversation.State.ON_HOLD: (gettext_noop("다른 곳의 답 기다림"), "", "pause"),
    Conversation.State.RESOLVED: (gettext_noop("끝남"), "ok", "check"),
}
TROUBLES = {
    "failed": (gettext_noop("못 보낸 답 있음"), "danger", "octagon-x"),
    "unconfirmed": (gettext_noop("확인 안 된 답 있음"), "warn", "circle-help"),
    "held": (gettext_noop("멈춘 답 있음"), "warn", "circle-pause"),
}


def put_off_words(until: datetime | None) -> str:
    """Until when a conversation is put off, with the date unless that is today; empty: it is not."""
    if until is None:
        return ""
    return _("{when}까지 미룸").format(when=when_words(timezone.localtime(until), timezone.localtime()))


def waiting_kind(since: datetime | None, at: datetime) -> str:
    """How pressing a wait is: "", warn or danger."""
    minutes = (at - since).total_seconds() // 60 if since else 0
    return "danger" if minutes >= LATE_MINUTES else "warn" if minutes >= NEAR_MINUTES else ""


def tags(row: Row) -> Iterator[tuple[str, str, str]]:
    """What a row says of its conversation: words, kind and icon of each tag."""
    if words := put_off_words(row.snoozed_until):
        yield words, "info", "alarm-clock"
    if row.state == Conversation.State.RESOLVED or (row.state in STATES and not row.waiting_since):
        words, kind, icon = STATES[Conversation.State(row.state)]
        yield _(words), kind, icon
    if row.delivery_trouble in TROUBLES:
        words, kind, icon = TROUBLES[row.delivery_trouble]
        yield _(words), kind, icon
    for name, tone in row.labels:
        yield name, "" if tone == "plain" else tone, ""
