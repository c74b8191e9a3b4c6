"""What the dialogs of the desk offer: how a conversation ended, until when, whose it becomes, its labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sotong.inbox.models import Conversation
from sotong.inbox.queries.choices import Choices, Named
from sotong.people.models import Person

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


def unsent_words(found: Counter[str]) -> tuple[str, ...]:
    """Of replies that have not surely left, counted by state: what to know before ending, the gravest first."""
    failed, unconfirmed, held = found["failed"], found["unconfirmed"], found["held"]
    said = (
        (
            failed,
            ngettext(
                "답 {n}개를 보내지 못했어요. 고객은 그 답을 받지 못했어요.",
                "답 {n}개를 보내지 못했어요. 고객은 그 답을 받지 못했어요.",
                failed,
            ),
        ),
        (
            unconfirmed,
            ngettext(
                "답 {n}개가 나갔는지 확인되지 않았어요. 고객이 받지 못했을 수 있어요.",
                "답 {n}개가 나갔는지 확인되지 않았어요. 고객이 받지 못했을 수 있어요.",
                unconfirmed,
            ),
        ),
        (
            held,
            ngettext(
                "답 {n}개가 멈춰 있어요. 끝내도 저절로 나가지 않아요.",
                "답 {n}개가 멈춰 있어요. 끝내도 저절로 나가지 않아요.",
                held,
            ),
        ),
    )
    return tuple(words.format(n=n) for n, words in said if n)


def dialogs(choices: Choices, viewer: Person, labels: Iterable[tuple[int, str, str]] = ()) -> dict[str, Any]:
    """Outcomes, people, teams, times and labels, of which ``labels`` (id, name, tone) are ticked."""
    held = {pk for pk, _name, _tone in labels}
    return {
        "outcomes": tuple(OUTCOMES.items()),
        "people": tuple(_marked(one) if one.pk == viewer.pk else one for one in choices.people),
        "teams": choices.teams,
        "snoozes": tuple(SNOOZES.items()),
        "labels": [(label, label.pk in held) for label in choices.labels],
    }


def _marked(viewer: Named) -> Named:
    """The viewer among the people, so that nobody hands over to oneself as if to another."""
    return Named(viewer.pk, gettext("{name} (나)").format(name=viewer.name))
