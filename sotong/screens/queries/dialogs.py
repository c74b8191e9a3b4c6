"""What the dialogs of the desk offer: how a conversation ended, until when, whose it becomes, its labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from sotong.inbox.models import Conversation
from sotong.inbox.queries.choices import Choices

OUTCOMES: dict[str, Any] = {
    Conversation.Outcome.SOLVED: _("해결됨"),
    Conversation.Outcome.NO_ANSWER_NEEDED: _("답이 필요 없음"),
    Conversation.Outcome.NOT_POSSIBLE: _("해 드릴 수 없음"),
    Conversation.Outcome.SPAM: _("스팸"),
    Conversation.Outcome.DUPLICATE: _("겹치는 대화"),
}
SNOOZES: dict[str, Any] = {
    "hour": _("1시간 뒤"),
    "three_hours": _("3시간 뒤"),
    "tomorrow": _("내일 아침 9시"),
    "monday": _("월요일 아침 9시"),
}
"""The choices of inbox/rules/snoozing.py, which says at the press what they mean."""


def dialogs(choices: Choices, labels: Iterable[tuple[int, str, str]] = ()) -> dict[str, Any]:
    """Outcomes, people, teams, times and labels, of which ``labels`` (id, name, tone) are ticked."""
    held = {pk for pk, _name, _tone in labels}
    return {
        "outcomes": tuple(OUTCOMES.items()),
        "people": choices.people,
        "teams": choices.teams,
        "snoozes": tuple(SNOOZES.items()),
        "labels": [(label, label.pk in held) for label in choices.labels],
    }
